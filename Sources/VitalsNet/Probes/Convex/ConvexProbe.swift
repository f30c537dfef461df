import NIOCore
import VitalsCore
import VitalsEngine

/// Asks a deployment of Convex for its version, or one of the application's own queries.
struct ConvexProbe: Probe {
    static let kind = ProbeKind("convex", isDatabase: true)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    private let query: ConvexTarget.Query?
    private var plan: HTTPPlan
    private var route: HTTPRoute
    private let loops: NetworkLoops
    private var rules = Self.rules

    static let rules = [CertificateVital.rule]
    private static let bodyLimit = 1 << 20

    init(_ settings: Settings, loops: NetworkLoops, userAgent: String) throws(TargetError) {
        let target = try ConvexTarget(settings)
        let tls = try TLSFields.read(settings)
        var demand = HTTPDemand.whole(bodyLimit: Self.bodyLimit)
        demand.decodes = true
        var plan = HTTPPlan(url: target.url, demand: demand, userAgent: userAgent)
        if let query = target.query {
            plan.method = "POST"
            plan.body = query.body
            plan.headers = [HTTPHeader("Content-Type", "application/json")]
        }
        plan.tls = tls
        // What variables put into it is for the deployment alone.
        plan.secrets = HTTPHeaderSettings.secrets(in: settings.target("args"))
        self.plan = plan
        route = plan.route(of: plan.first)
        query = target.query
        endpoint = target.url.endpoint.description
        address = target.address
        identity = IdentityText.of([
            "convex", target.url.origin, target.query?.body ?? "", tls.identityText,
        ])
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
        let (now, path) = (loop.wall(), query?.path)
        let exchange = JudgedExchange(route.exchange, measuring: job.due(rules)) { response in
            path.map { ConvexAnswer.query(response, $0, at: now) } ?? ConvexAnswer.version(response, at: now)
        }
        return JudgedExchange.start(route.target, exchange, job, on: loop, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, userAgent: String) -> ProbeForm {
        let fields =
            [
                Field("url", .target, isRequired: true, "the deployment: convex+https://name.convex.cloud"),
                Field("query", .text(upTo: 512), "a public query of the application: module:function"),
                Field("args", .lines(upTo: 16_384), usual: "{}", "its arguments, as a JSON object"),
            ] + TLSFields.all
        return ProbeForm(
            kind: kind, schemes: ConvexTarget.schemes, fields: fields,
            observes: [.always, .status, .body, .address, .certificate], facts: DeclaredFacts.convex,
            vitals: .known, rules: rules
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try ConvexProbe(settings, loops: loops, userAgent: userAgent)
        }
    }
}
