import NIOCore
import VitalsCore
import VitalsEngine

/// Opens a WebSocket and passes when its other end answers: `wss://chat.example.com/socket`.
struct WebSocketProbe: Probe {
    let kind = ProbeKind.webSocket
    let endpoint: String
    let address: String
    let identity: String
    let warnings: [String]
    private var way: WebSocketWay
    private var script: WebSocketScript
    private let subprotocols: [String]
    private let pings: Bool
    private var rules = [WebSocketMeasuring.rule]
    private let loops: NetworkLoops

    /// - Throws: what cannot be, and in which field; without any secret.
    init(_ settings: Settings, userAgent: String, loops: NetworkLoops) throws(TargetError) {
        let written = settings.target("url") ?? ""
        let url = try HTTPURL(parsing: written.text, variables: written.variables, as: .webSocket)
        let plan = try HTTPPlan(wayOf: settings, to: url, demand: .any, userAgent: userAgent)
        if let header = plan.headers.first(where: { WebSocketRequest.ownNames.contains($0.name.lowercased()) }
        ) {
            throw TargetError(
                "\(header.name) is not to be set: it follows from the handshake", field: "headers")
        }
        subprotocols = try Self.subprotocols(settings.texts("subprotocols"))
        script = try WebSocketScript(settings.objects("steps"))
        pings = settings.flag("ping") ?? true
        way = WebSocketWay(
            plan, subprotocols: subprotocols,
            limit: settings.integer("max_message_bytes") ?? WebSocketSession.usualLimit,
            secrets: script.secrets)
        endpoint = url.endpoint.description
        address = url.redacted
        identity = IdentityText.of(
            ["websocket", plan.identity, script.identity, "\(pings)"] + subprotocols)
        warnings = plan.warnings
        self.loops = loops
    }

    func scrubbed(_ text: String) -> String { way.target.scrubber.scrub(text) }

    /// Where conditions ask for a message, one is waited for.
    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        var plan = way.plan
        plan.needs = needs
        probe.way = WebSocketWay(
            plan, subprotocols: subprotocols, limit: way.limit, secrets: script.secrets)
        if needs.contains(.body) { probe.script = script.answered() }
        return probe
    }

    func measuring(_ rules: [VitalRule]) -> any Probe {
        var probe = self
        probe.rules = rules
        return probe
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let measuring = WebSocketMeasuring(
            isDue: job.due(rules).contains(WebSocketMeasuring.rule.name), now: { .now() })
        let payload = pings ? Array(Nonce.make().utf8.prefix(16)) : nil
        let dialogue = WebSocketDialogue(way.session, script, pingPayload: payload, measuring: measuring)
        return ProbeConnection.start(
            way.target, way.exchange(dialogue), timeout: job.timeout, vitalsTimeout: job.vitalsTimeout,
            on: loops.current, done: done)
    }

    private static let longestSubprotocol = 128

    /// Each is a token (RFC 6455, 4.1).
    private static func subprotocols(_ names: [String]) throws(TargetError) -> [String] {
        let marks = Set("()<>@,;:\\\"/[]?={} \t".utf8)
        for name in names {
            guard !name.isEmpty, name.utf8.count <= longestSubprotocol,
                name.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !marks.contains($0) })
            else {
                throw TargetError(
                    "“\(Printable.prefix(Printable.text(name), bytes: 40))” is no name of a subprotocol",
                    field: "subprotocols")
            }
        }
        guard Set(names).count == names.count else {
            throw TargetError("names a subprotocol twice", field: "subprotocols")
        }
        return names
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, userAgent: String) -> ProbeForm {
        let fields = [
            Field("url", .target, isRequired: true, "the ws or wss URL to open"),
            WebSocketScript.field,
            Field(
                "ping", .flag, usual: "true", "whether a ping is sent, and its pong waited for"),
            Field(
                "subprotocols", .list(.text(upTo: 128), upTo: 20), "offered, of which the server takes one"),
            HTTPWayFields.headers, HTTPWayFields.basic, HTTPWayFields.bearer, HTTPWayFields.tls,
            HTTPWayFields.proxy, .family,
            Field(
                "max_message_bytes", .integer(1...16_777_216), usual: "1048576",
                "the longest message that is taken"),
        ]
        return ProbeForm(
            kind: .webSocket, schemes: ["ws", "wss"], fields: fields,
            observes: [.always, .headers, .body, .address, .certificate], facts: DeclaredFacts.webSocket,
            vitals: .known, rules: [WebSocketMeasuring.rule]
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try WebSocketProbe(settings, userAgent: userAgent, loops: loops)
        }
    }
}

extension ProbeKind {
    static let webSocket = ProbeKind("websocket", isDatabase: false)
}
