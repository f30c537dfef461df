import NIOCore
import VitalsCore
import VitalsEngine

/// Asks a database of Cloudflare D1 for `SELECT 1` by the REST API. That is what the API sees, which is not
/// what a Worker sees that is bound to the database.
struct D1Probe: Probe {
    static let kind = ProbeKind("d1", isDatabase: true)
    /// Which leaves room for others under the limit of the API.
    static let leastInterval = Duration.seconds(60)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    let warnings: [String]
    let leastInterval: Duration? = D1Probe.leastInterval
    private let key: Secret
    private var plan: HTTPPlan
    private var route: HTTPRoute
    private let largest: Double
    private let budgets: D1Budgets
    private let loops: NetworkLoops
    private var rules = D1Vitals.rules

    /// An answer is a few hundred bytes.
    private static let bodyLimit = 64 << 10
    private static let body = #"{"sql":"SELECT 1"}"#

    init(
        _ settings: Settings, loops: NetworkLoops, budgets: D1Budgets, userAgent: String
    ) throws(TargetError) {
        let target = try D1Target(settings)
        let tls = try TLSFields.read(settings)
        var demand = HTTPDemand.whole(bodyLimit: Self.bodyLimit)
        demand.decodes = true
        var plan = HTTPPlan(url: target.url, demand: demand, userAgent: userAgent)
        plan.method = "POST"
        plan.body = Self.body
        plan.headers = [HTTPHeader("Content-Type", "application/json")]
        plan.credentials = .bearer(target.key)
        plan.tls = tls
        self.plan = plan
        route = plan.route(of: plan.first)
        key = target.key
        largest = settings.text("plan") == "free" ? 500e6 : 10e9
        endpoint = target.url.endpoint.description
        address = target.address
        identity = IdentityText.of([
            "d1", target.url.origin + target.url.requestTarget, target.key.revealed, tls.identityText,
        ])
        let isInClear = !target.url.isSecure && !Loopback.contains(target.url.host)
        warnings = isInClear ? ["the key goes to \(target.url.origin) unencrypted"] : []
        self.budgets = budgets
        self.loops = loops
    }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        probe.plan.needs = needs
        probe.route = probe.plan.route(of: probe.plan.first)
        return probe
    }

    func measuring(_ rules: [VitalRule]) -> any Probe {
        var probe = self
        probe.rules = rules
        return probe
    }

    func scrubbed(_ text: String) -> String { route.target.scrubber.scrub(text) }

    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        let loop = loops.current
        switch budgets.take(key) {
        case .granted: break
        case .paused(let wait):
            let message = "not asked: Cloudflare wants no calls with this key for another \(wait.shortText)"
            return refuse(message, wait, on: loop, done)
        case .spent(let wait):
            let message =
                "not asked: the checks with this key have made \(D1Budgets.limit) calls in "
                + "\(D1Budgets.span.shortText), of the 1200 that Cloudflare allows; longer intervals help"
            return refuse(message, wait, on: loop, done)
        }
        let (now, largest) = (loop.wall(), largest)
        let exchange = JudgedExchange(route.exchange, measuring: job.due(rules)) { response in
            D1Answer.judge(response, largest: largest, at: now)
        }
        return JudgedExchange.start(route.target, exchange, job, on: loop) { [budgets, key] result in
            if let wait = result.retryAfter { budgets.pause(key, for: wait) }
            done(result)
        }
    }

    /// Nothing is sent, and nothing is known.
    private func refuse(
        _ message: String, _ wait: Duration, on loop: NetworkLoop,
        _ done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        var result = ProbeResult(
            fault: Fault(.rateLimited, in: .request, message: message), latency: .zero, trace: message)
        result.retryAfter = wait
        loop.eventLoop.execute { [result] in done(result) }
        return {}
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, budgets: D1Budgets, userAgent: String) -> ProbeForm {
        let fields =
            [
                Field("url", .target, "the database: d1://account/database"),
                Field(
                    "account", .text(upTo: 64), variable: D1Variables.account,
                    "the id of the account, where the URL has none"),
                Field(
                    "database", .text(upTo: 64), variable: D1Variables.database,
                    "the id of the database, where the URL has none"),
                Field(
                    "api_key", .text(upTo: 1_024), isSecret: true, variable: D1Variables.key,
                    "an API token that may read D1"),
                Field(
                    "base_url", .url, usual: D1Target.usualBase, variable: D1Variables.base,
                    "where the API is"),
                Field(
                    "plan", .choice(["paid", "free"]), usual: "paid",
                    "what the database may grow to: 10 GB, or 500 MB"),
            ] + TLSFields.all
        return ProbeForm(
            kind: kind, schemes: ["d1"], fields: fields,
            observes: [.always, .status, .body, .address, .certificate], facts: DeclaredFacts.d1,
            vitals: .known, rules: D1Vitals.rules
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try D1Probe(settings, loops: loops, budgets: budgets, userAgent: userAgent)
        }
    }
}
