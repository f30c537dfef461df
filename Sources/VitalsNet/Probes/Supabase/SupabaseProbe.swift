import NIOCore
import VitalsCore
import VitalsEngine

/// Asks the Realtime server of a Supabase project whether it lets clients in and carries what they say.
struct SupabaseProbe: Probe {
    let kind = ProbeKind.supabase
    let endpoint: String
    let address: String
    let identity: String
    let warnings: [String]
    private var way: WebSocketWay
    private let depth: SupabaseDemand.Depth
    private let isPrivate: Bool
    private let accessToken: Secret?
    /// Nothing: the health address of the tenant is not asked.
    private let health: HTTPPlan?
    private var prober: String
    private var rules = [WebSocketMeasuring.rule]
    private let loops: NetworkLoops

    /// Replies are short, and nobody else talks on our topic.
    private static let messageLimit = 64 << 10

    /// - Throws: what cannot be, and in which field; without any secret.
    init(_ settings: Settings, userAgent: String, loops: NetworkLoops) throws(TargetError) {
        guard let key = settings.secret("api_key"), !key.revealed.isEmpty else {
            throw TargetError("Realtime lets nobody in without a key of the project", field: "api_key")
        }
        let target = try SupabaseAddress(parsing: settings.text("url") ?? "", key: key)
        var plan = try HTTPPlan(wayOf: settings, to: target.url, demand: .any, userAgent: userAgent)
        accessToken = settings.secret("access_token")
        plan.secrets += [key] + (accessToken.map { [$0] } ?? [])
        depth = settings.text("depth").flatMap(SupabaseDemand.Depth.init(rawValue:)) ?? .broadcast
        isPrivate = settings.flag("private") ?? false
        let health = try settings.object("health").map { settings throws(TargetError) in
            try SupabaseHealth.plan(settings, plan)
        }
        if depth == .heartbeat, let field = ["private", "access_token"].first(where: { settings.has($0) }) {
            throw TargetError("is of no use where no topic is joined: depth is heartbeat", field: field)
        }
        self.health = health
        endpoint = target.url.endpoint.description
        address = target.shown
        identity = IdentityText.of([
            "supabase", plan.identity, depth.rawValue, "\(isPrivate)", accessToken?.revealed ?? "",
            health?.identity ?? "",
        ])
        let isInClear = !target.url.isSecure && !Loopback.contains(target.url.host)
        warnings =
            (isInClear ? ["the key goes to \(target.url.origin) unencrypted"] : []) + (health?.warnings ?? [])
        prober = ProberName.ofCommand(host: HostName.ofThisMachine, target: target.shown)
        way = WebSocketWay(plan, limit: Self.messageLimit, secrets: health?.allSecrets ?? [])
        self.loops = loops
    }

    func scrubbed(_ text: String) -> String { way.target.scrubber.scrub(text) }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        var plan = way.plan
        plan.needs = needs
        probe.way = WebSocketWay(plan, limit: Self.messageLimit, secrets: health?.allSecrets ?? [])
        return probe
    }

    func measuring(_ rules: [VitalRule]) -> any Probe {
        var probe = self
        probe.rules = rules
        return probe
    }

    /// Its topic is called after it.
    func writing(as prober: String) -> any Probe {
        var probe = self
        probe.prober = ProberName.made(of: prober)
        return probe
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let loop = loops.current
        let measuring = WebSocketMeasuring(
            isDue: job.due(rules).contains(WebSocketMeasuring.rule.name), now: { .now() })
        let demand = SupabaseDemand(
            depth, isPrivate: isPrivate, accessToken: accessToken, prober: prober, token: Nonce.make())
        let dialogue = SupabaseDialogue(way.session, demand, measuring: measuring)
        func first(_ done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
            ProbeConnection.start(
                way.target, way.exchange(dialogue), timeout: job.timeout, vitalsTimeout: job.vitalsTimeout,
                on: loop, done: done)
        }
        guard let health else { return first(done) }
        return SupabaseRun.start(asking: health, timeout: job.timeout, on: loop, after: first, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, userAgent: String) -> ProbeForm {
        ProbeForm(
            kind: .supabase, schemes: ["supabase", "supabase+https", "supabase+http"], fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.supabase,
            vitals: .known, rules: [WebSocketMeasuring.rule]
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try SupabaseProbe(settings, userAgent: userAgent, loops: loops)
        }
    }

    private static let fields = [
        Field(
            "url", .target, isRequired: true,
            "the project, supabase://<reference>, or supabase+https://host of one's own"),
        Field(
            "api_key", .text(upTo: 4_096), isRequired: true, isSecret: true,
            "a key of the project: the publishable (anon) one is enough"),
        Field(
            "depth", .choice(SupabaseDemand.Depth.allCases.map(\.rawValue)), usual: "broadcast",
            "how far it is asked: the heartbeat, joining a topic, or a message to ourselves through it"),
        Field("private", .flag, usual: "false", "whether the topic is a private one"),
        Field(
            "access_token", .text(upTo: 16_384), isSecret: true,
            "a user's token, where a private topic wants one"),
        Field(
            "health",
            .object([
                Field("url", .url, isRequired: true, "the health address of the tenant"),
                Field("token", .text(upTo: 16_384), isRequired: true, isSecret: true, "the token for it"),
            ]), "what else is asked of one's own server"),
        HTTPWayFields.tls, HTTPWayFields.proxy, .family,
    ]
}

extension ProbeKind {
    static let supabase = ProbeKind("supabase", isDatabase: false)
}
