import VitalsCore
import VitalsEngine

/// Calls a URL with each notification: its JSON, or what a template makes of it.
struct WebhookChannel: Channel {
    let id: ChannelID
    let kind = "webhook"

    private let url: HTTPURL
    private let signature: WebhookSignature?
    private let request: WebhookRequest
    private let secrets: [Secret]
    private let userAgent: String
    private let client: HTTPClient

    /// - Parameter secret: `whsec_` + base64 is decoded, anything else is its UTF-8 bytes; nothing: unsigned.
    init(
        _ id: ChannelID, url: String, secret: Secret?, request: WebhookRequest = WebhookRequest(),
        userAgent: String, client: HTTPClient
    ) throws(TargetError) {
        self.id = id
        self.request = request
        self.userAgent = userAgent
        self.client = client
        self.url = try HTTPURL(parsing: url)
        if let secret {
            signature = try WebhookSignature(secret)
        } else {
            signature = nil
        }
        secrets = request.secrets + (secret.map { [$0] } ?? [])
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
        let all = fields + WebhookRequest.fields
        return ChannelForm(kind: "webhook", fields: all) {
            (id: ChannelID, settings: Settings) throws(TargetError) -> any VitalsEngine.Channel in
            try WebhookChannel(
                id, url: settings.text("url") ?? "", secret: settings.secret("secret"),
                request: WebhookRequest(settings), userAgent: userAgent, client: client)
        }
    }

    func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome {
        let timestamp = at.microseconds / 1_000_000
        let content = request.body(body)
        var headers = request.allHeaders
        headers.append((name: "webhook-id", value: notification.text))
        headers.append((name: "webhook-timestamp", value: "\(timestamp)"))
        if let signature {
            let value = signature.value(id: notification.text, timestamp: timestamp, body: content ?? "")
            headers.append((name: "webhook-signature", value: value))
        }
        let call = HTTPRequest(request.method, url, userAgent: userAgent, headers: headers, body: content)
        return await client.deliver(call, timeout: timeout, secrets: secrets, at: at)
    }
}
