import Crypto
import CryptoExtras

/// The ways to prove a password that are spoken here.
enum MySQLPlugin: String, Sendable, CaseIterable {
    case native = "mysql_native_password"
    case cachingSHA2 = "caching_sha2_password"

    /// The proof for a challenge of 20 bytes; empty for an empty password.
    func proof(of password: String, for challenge: [UInt8]) -> [UInt8] {
        guard !password.isEmpty else { return [] }
        let bytes = Array(password.utf8)
        switch self {
        case .native:
            let once = Array(Insecure.SHA1.hash(data: bytes))
            let twice = Array(Insecure.SHA1.hash(data: once))
            return Self.mixed(once, with: Array(Insecure.SHA1.hash(data: challenge + twice)))
        case .cachingSHA2:
            let once = Array(SHA256.hash(data: bytes))
            let twice = Array(SHA256.hash(data: once))
            return Self.mixed(once, with: Array(SHA256.hash(data: twice + challenge)))
        }
    }

    /// A password as it goes to a server that does not remember it, where others may listen: only the server
    /// can read it.
    ///
    /// - Parameter key: the server's, PEM, as it came.
    /// - Returns: nothing for a key that is none, or too long or too short to be believed, or too short for
    ///   the password.
    static func sealed(_ password: String, for challenge: [UInt8], key: [UInt8]) -> [UInt8]? {
        let pem = String(decoding: key, as: UTF8.self)
        guard !challenge.isEmpty, let key = try? _RSA.Encryption.PublicKey(pemRepresentation: pem),
            key.keySizeInBits <= longestKey
        else { return nil }
        let text = Array(password.utf8) + [0]
        let pad = text.indices.map { challenge[$0 % challenge.count] }
        return (try? key.encrypt(mixed(text, with: pad), padding: .PKCS1_OAEP)).map(Array.init)
    }

    /// Bits.
    private static let longestKey = 8_192

    private static func mixed(_ left: [UInt8], with right: [UInt8]) -> [UInt8] {
        zip(left, right).map { $0 ^ $1 }
    }
}
