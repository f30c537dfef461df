import Crypto
import FoundationEssentials

/// The client's side of one SCRAM-SHA-256 login (RFC 5802, RFC 7677), bound to the server's certificate where
/// that can be had.
struct ScramExchange {
    /// PostgreSQL uses 4,096 by default; a server that asks for far more would have us do its work.
    static let mostIterations = 200_000

    let binding: ScramBinding
    private let nonce: String
    private var messages = ""
    private var expectedSignature: [UInt8] = []

    /// - Parameter nonce: printable, without a comma, never used before.
    init(nonce: String, binding: ScramBinding) {
        self.nonce = nonce
        self.binding = binding
    }

    /// PostgreSQL takes the user from the startup message and wants none here.
    var firstMessage: [UInt8] { Array((binding.header + firstBare).utf8) }

    private var firstBare: String { "n=,r=\(nonce)" }

    /// Reads the server's first message: what the keys have to be derived from.
    mutating func challenge(_ bytes: [UInt8]) throws(ScramError) -> ScramChallenge {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
        let fields = text.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count >= 3, fields[0].hasPrefix("r="), fields[1].hasPrefix("s="),
            fields[2].hasPrefix("i=")
        else { throw .malformed }
        let serverNonce = fields[0].dropFirst(2)
        guard serverNonce.hasPrefix(nonce), serverNonce.utf8.count > nonce.utf8.count else {
            throw .foreignNonce
        }
        guard let salt = Data(base64Encoded: String(fields[1].dropFirst(2))), !salt.isEmpty,
            let iterations = Int(fields[2].dropFirst(2)), iterations > 0
        else { throw .malformed }
        guard iterations <= Self.mostIterations else { throw .tooManyIterations(iterations) }
        messages = "\(firstBare),\(text),c=\(binding.proof),r=\(serverNonce)"
        return ScramChallenge(salt: [UInt8](salt), iterations: iterations, nonce: String(serverNonce))
    }

    /// Our proof that we know the password.
    mutating func finalMessage(for challenge: ScramChallenge, with keys: ScramKeys) -> [UInt8] {
        let message = Array(messages.utf8)
        let signature = HMAC<SHA256>.authenticationCode(
            for: message, using: SymmetricKey(data: keys.storedKey))
        let proof = zip(keys.clientKey, signature).map { $0 ^ $1 }
        expectedSignature = Array(
            HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: keys.serverKey)))
        return Array("c=\(binding.proof),r=\(challenge.nonce),p=\(Data(proof).base64EncodedString())".utf8)
    }

    /// Reads the server's proof that it knows the password, too.
    func verify(_ bytes: [UInt8]) throws(ScramError) {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("e=") { throw .refused }
        guard text.hasPrefix("v="),
            let signature = Data(base64Encoded: String(text.dropFirst(2).prefix { $0 != "," }))
        else { throw .malformed }
        guard !expectedSignature.isEmpty, isEqualInConstantTime([UInt8](signature), expectedSignature) else {
            throw .wrongSignature
        }
    }

    private func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// What the server gives to derive the keys from.
struct ScramChallenge: Equatable {
    let salt: [UInt8]
    let iterations: Int
    /// Ours and the server's, as one text.
    let nonce: String
}

/// Why a SCRAM login came to nothing.
enum ScramError: Error, Equatable {
    case malformed
    /// The server's answer belongs to another login.
    case foreignNonce
    case tooManyIterations(Int)
    /// The server says so in its last message.
    case refused
    /// The server does not know the password.
    case wrongSignature
}
