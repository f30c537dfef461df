import Crypto
package import VitalsCore

/// Makes the revision of what a check talks to: HMAC-SHA-256 under a key that never leaves the data folder,
/// because what is digested holds passwords, and a plain digest of a weak one could be guessed.
package struct RevisionDigest: Sendable {
    private let key: SymmetricKey

    /// Bytes of a key.
    package static let keyLength = 32

    /// - Parameter key: `keyLength` random bytes.
    package init(key: [UInt8]) {
        precondition(key.count == Self.keyLength)
        self.key = SymmetricKey(data: key)
    }

    /// Half of the code, which is more than enough to tell two targets apart.
    package func callAsFunction(_ identity: String) -> Revision {
        let code = HMAC<SHA256>.authenticationCode(for: Array(identity.utf8), using: key)
        return Revision(code.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
}
