import Crypto
import FoundationEssentials
import VitalsCore
import VitalsEngine

/// The signature of a webhook, after the Standard Webhooks convention (standardwebhooks.com, "Signature
/// scheme").
struct WebhookSignature: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: `whsec_` + base64 is decoded; anything else is its UTF-8 bytes.
    /// - Throws: when what stands after `whsec_` is not base64.
    init(_ secret: Secret) throws(TargetError) {
        let text = secret.revealed
        guard text.hasPrefix("whsec_") else {
            key = SymmetricKey(data: Data(text.utf8))
            return
        }
        guard let data = Data(base64Encoded: String(text.dropFirst(6))), !data.isEmpty else {
            throw TargetError("the secret begins with whsec_, but what follows is not base64")
        }
        key = SymmetricKey(data: data)
    }

    /// The value of `webhook-signature`: `v1,<base64 of HMAC-SHA-256 of "id.timestamp.body">`.
    func value(id: String, timestamp: Int64, body: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(timestamp).\(body)".utf8), using: key)
        return "v1,\(Data(code).base64EncodedString())"
    }
}
