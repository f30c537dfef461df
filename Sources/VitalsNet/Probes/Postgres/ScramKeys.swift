import Crypto
import CryptoExtras

/// What a SCRAM login needs of a password, once the slow part is done (RFC 5802, section 3).
struct ScramKeys: Sendable, Equatable {
    let clientKey: [UInt8]
    let storedKey: [UInt8]
    let serverKey: [UInt8]

    /// Derives them: about 0.6 ms for 4,096 iterations, so never on an event loop.
    ///
    /// - Returns: nothing when the derivation itself fails.
    init?(password: String, salt: [UInt8], iterations: Int) {
        // The check for a safe number of rounds is of no use here: the number is the server's to choose.
        let salted = try? KDF.Insecure.PBKDF2.deriveKey(
            from: SASLprep.prepared(password), salt: salt, using: .sha256, outputByteCount: 32,
            unsafeUncheckedRounds: iterations)
        guard let salted else { return nil }
        clientKey = Array(HMAC<SHA256>.authenticationCode(for: Array("Client Key".utf8), using: salted))
        storedKey = Array(SHA256.hash(data: clientKey))
        serverKey = Array(HMAC<SHA256>.authenticationCode(for: Array("Server Key".utf8), using: salted))
    }
}
