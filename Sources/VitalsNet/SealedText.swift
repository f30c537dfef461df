import Crypto
import FoundationEssentials
package import VitalsEngine

/// Seals what the store keeps of the configuration: AES-256-GCM (NIST SP 800-38D) under a key that is derived
/// from a secret outside the store, so that a copy of the store alone gives away nothing.
package struct SealedText: Sendable {
    /// Of sealed texts: says how they were made.
    private static let mark = "sealed:v1:"

    private let key: SymmetricKey
    /// Of before a rotation, tried when the key does not fit.
    private let earlier: [SymmetricKey]

    /// - Parameters:
    ///   - secret: any bytes that nobody else has.
    ///   - earlier: secrets by which older texts may have been sealed.
    package init(secret: [UInt8], earlier: [[UInt8]] = []) {
        key = Self.key(of: secret)
        self.earlier = earlier.map { Self.key(of: $0) }
    }

    /// `sealed:v1:` and base64 of nonce, text and tag.
    package func seal(_ text: String) -> String {
        do {
            let box = try AES.GCM.seal(Array(text.utf8), using: key)
            guard let combined = box.combined else { preconditionFailure("a nonce of 12 bytes combines") }
            return Self.mark + combined.base64EncodedString()
        } catch {
            preconditionFailure("sealing fails for no text: \(error)")
        }
    }

    /// A text that was never sealed is as it is.
    package func open(_ sealed: String) throws(SealedTextError) -> String {
        guard sealed.hasPrefix(Self.mark) else { return sealed }
        guard let bytes = Data(base64Encoded: String(sealed.dropFirst(Self.mark.count))),
            let box = try? AES.GCM.SealedBox(combined: bytes)
        else { throw SealedTextError() }
        for key in [key] + earlier {
            if let text = try? AES.GCM.open(box, using: key) { return String(decoding: text, as: UTF8.self) }
        }
        throw SealedTextError()
    }

    /// As the engine wants it.
    package var sealer: Sealer {
        Sealer(seal: { seal($0) }, open: { text in try open(text) })
    }

    private static func key(of secret: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array("vitals stored configuration".utf8),
            outputByteCount: 32)
    }
}

/// A text that no known key opens, or that was changed since it was sealed.
package struct SealedTextError: Error, Equatable, CustomStringConvertible {
    package let description =
        "what the store keeps of the configuration cannot be read with this SECRET_KEY (or secret.key)"
}
