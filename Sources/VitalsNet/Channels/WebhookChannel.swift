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

    init(
        _ id: ChannelID, _ settings: WebhookSettings, userAgent: String, client: HTTPClient
    ) throws(TargetError) {
        self.id = id
        self.userAgent = userAgent
        self.client = client
        url = try HTTPURL(parsing: settings.url)
        if let secret = settings.secret {
            signature = try WebhookSignature(secret)
        } else {
            signature = nil
        }
        // Many receivers know their senders by nothing but the path.
        secrets = [settings.secret, url.requestTarget == "/" ? nil : Secret(url.requestTarget)].compactMap {
            $0
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
