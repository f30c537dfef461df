import Crypto
import Foundation
import VitalsCore

/// A receiver of webhooks that records what arrives and checks signatures as the Standard Webhooks
/// convention asks.
struct WebhookReceiver: Sendable {
    /// One attempt to deliver a notification, as it arrived.
    struct Message: Sendable {
        let arrivedAt: Timestamp
        let id: String
        let body: JSONValue
        let isSigned: Bool
        let request: HTTPMessage
        /// The status that it was answered with, if it was.
        let answer: Int?

        var type: String? { body["type"].string }
        var episode: String? { body["episode"].string }
        var healthCheck: String? { body["health_check"]["id"].string }
    }

    let target: HTTPTarget
    /// The signing key as a configuration holds it.
    let secret: String
    private let key: SymmetricKey

    init(_ behaviour: HTTPTarget.Behaviour = .answer(204, body: "")) throws {
        let target = try HTTPTarget(behaviour)
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ Int(target.port)) }
        self.target = target
        key = SymmetricKey(data: bytes)
        secret = "whsec_" + Data(bytes).base64EncodedString()
    }

    var url: String { "\(target.url)/vitals" }

    /// Everything that has arrived, in order; what is no JSON has a body of `.null`.
    var messages: [Message] {
        target.requests.map { request in
            let message = request.message
            return Message(
                arrivedAt: request.arrivedAt, id: message.headers["webhook-id"] ?? "",
                body: (try? JSONValue(parsing: message.text)) ?? .null,
                isSigned: isSigned(message, at: request.arrivedAt),
                request: message, answer: request.answer)
        }
    }

    /// What has arrived of one kind.
    func messages(of type: String) -> [Message] {
        messages.filter { $0.type == type }
    }

    /// `v1,` + base64 of the HMAC-SHA-256 over `<id>.<timestamp>.<body>`.
    private func isSigned(_ message: HTTPMessage, at arrival: Timestamp) -> Bool {
        guard let id = message.headers["webhook-id"], let at = message.headers["webhook-timestamp"],
            let seconds = Int64(at), abs(seconds - arrival.microseconds / 1_000_000) < 300
        else { return false }
        let signed = Data("\(id).\(at).".utf8) + Data(message.body)
        return (message.headers["webhook-signature"] ?? "").split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3)))
            else {
                return false
            }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
        }
    }
}
