import VitalsCore
import VitalsEngine

/// Posts each notification to a chat's webhook, as JSON in the chat's own form.
struct ChatChannel: Channel {
    let id: ChannelID
    let kind: String

    private let url: HTTPURL
    private let userAgent: String
    private let client: HTTPClient
    private let render: @Sendable (Message) -> JSON

    /// The form for the registry.
    ///
    /// - Parameters:
    ///   - summary: of its one setting, the webhook's URL.
    ///   - body: what is posted of a message.
    static func form(
        _ kind: String, _ summary: String, _ client: HTTPClient, userAgent: String,
        body: @escaping @Sendable (Message) -> JSON
    ) -> ChannelForm {
        let fields = [Field("url", .url, isRequired: true, isSecret: true, summary)]
        return ChannelForm(kind: kind, fields: fields) {
            (id: ChannelID, settings: Settings) throws(TargetError) -> any VitalsEngine.Channel in
            ChatChannel(
                id: id, kind: kind, url: try HTTPURL(parsing: settings.text("url") ?? ""),
                userAgent: userAgent, client: client, render: body)
        }
    }

    func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome {
        let request = HTTPRequest(
            "POST", url, userAgent: userAgent, headers: [(name: "Content-Type", value: "application/json")],
            body: render(Message(reading: body)).text)
        return await client.deliver(request, timeout: timeout, at: at)
    }
}
