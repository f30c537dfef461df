import VitalsCore
import VitalsEngine

/// POSTs each notification as JSON to a URL.
struct WebhookChannel: Channel {
    let id: ChannelID
    let kind = "webhook"

    private let url: HTTPURL
    private let signature: WebhookSignature?
    private let secrets: [Secret]
    private let userAgent: String
    private let client: HTTPClient

    /// - Parameter secret: `whsec_` + base64 is decoded, anything else is its UTF-8 bytes; nothing: unsigned.
    init(
        _ id: ChannelID, url: String, secret: Secret?, userAgent: String, client: HTTPClient
    ) throws(TargetError) {
        self.id = id
        self.userAgent = userAgent
        self.client = client
        self.url = try HTTPURL(parsing: url)
        if let secret {
            signature = try WebhookSignature(secret)
        } else {
            signature = nil
        }
        // Many receivers know their senders by nothing but the path.
        let path = self.url.requestTarget
        secrets = [secret, path == "/" ? nil : Secret(path)].compactMap(\.self)
    }

    var warnings: [String] {
        signature == nil ? ["has no `secret`: what is sent will be unsigned"] : []
    }

    /// The form for the registry.
    static func form(_ client: HTTPClient, userAgent: String) -> ChannelForm {
        let fields = [
            Field("url", .url, isRequired: true, isSecret: true, "where to post to"),
            Field("secret", .signingSecret, isSecret: true, "what messages are signed with"),
        ]
        return ChannelForm(kind: "webhook", fields: fields) {
            (id: ChannelID, settings: Settings) throws(TargetError) -> any VitalsEngine.Channel in
            try WebhookChannel(
                id, url: settings.text("url") ?? "", secret: settings.secret("secret"), userAgent: userAgent,
                client: client)
        }
    }

    func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome {
        let timestamp = at.microseconds / 1_000_000
        var headers = [
            (name: "Content-Type", value: "application/json"),
            (name: "webhook-id", value: notification.text),
            (name: "webhook-timestamp", value: "\(timestamp)"),
        ]
        if let signature {
            let value = signature.value(id: notification.text, timestamp: timestamp, body: body)
            headers.append((name: "webhook-signature", value: value))
        }
        let request = HTTPRequest("POST", url, userAgent: userAgent, headers: headers, body: body)
        switch await client.send(request, timeout: timeout, secrets: secrets) {
        case .head(let head):
            let retryAfter = head.retryAfter.flatMap { RetryAfter.duration($0, at: at) }
            return .answered(httpStatus: head.status, retryAfter: retryAfter)
        case .fault(let fault):
            return .failed(httpStatus: nil, message: "\(url.origin): \(fault.message)", retryAfter: nil)
        }
    }
}
