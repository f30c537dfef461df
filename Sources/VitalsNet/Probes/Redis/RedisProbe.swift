import NIOCore
import VitalsCore
import VitalsEngine

/// Logs in to a Redis or Valkey server, asks who it is, and whether it serves; if asked for, writes a key and
/// reads it back. Of a Sentinel: whether the primaries that it watches are up, and a failover could be agreed
/// on.
struct RedisProbe: Probe {
    static let kind = ProbeKind("redis", isDatabase: true)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    /// What the target says that will not be done, one sentence each, without any secret.
    package let warnings: [String]

    private var target: ProbeTarget
    private let login: RedisLogin
    private let loops: NetworkLoops
    let expectedRole: ExpectedRole
    /// How long the key stays; nothing: nothing is written.
    private let expires: Duration?
    private var prober: String
    /// What is run instead of writing a key.
    private var provisioning: RedisProvisioning?
    private var rules = RedisVitals.rules
    private var questions: [OwnQuestion] = []

    /// More than the longest replies, counted before the verdict and after it.
    private static let readLimit = 512 << 10

    /// - Parameters:
    ///   - text: a URL.
    ///   - settings: what else is said of it. Default: nothing.
    init(
        parsing text: String, _ settings: Settings = Settings(), loops: NetworkLoops
    ) throws(TargetError) {
        let dsn: RedisDSN
        do {
            dsn = try RedisDSNParser.parse(text)
        } catch {
            throw TargetError(error.message)
        }
        endpoint = dsn.endpoint.description
        address = dsn.redacted
        expectedRole = settings.text("role").flatMap(ExpectedRole.init(rawValue:)) ?? .any
        expires = settings.option("write").map { $0.duration("expires") ?? RedisHeartbeat.usualExpiry }
        identity = (expires == nil ? "" : IdentityText.of(["write"])) + dsn.identity
        prober = ProberName.ofCommand(host: HostName.ofThisMachine, target: dsn.redacted)
        warnings = dsn.warnings
        target = ProbeTarget(
            dsn.endpoint, tls: dsn.tls, startsWithTLS: dsn.tls.mode != .disable, readLimit: Self.readLimit,
            secrets: dsn.password.map { [$0] } ?? [])
        target.limits = DatabaseFields.limits(settings)
        login = RedisLogin(dsn)
        self.loops = loops
    }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        probe.target.needs = needs
        return probe
    }

    func measuring(_ rules: [VitalRule]) -> any Probe {
        var probe = self
        probe.rules = rules
        return probe.bounded()
    }

    func asking(_ questions: [OwnQuestion]) -> any Probe {
        var probe = self
        probe.questions = questions
        return probe.bounded()
    }

    /// Room for the answers to the author's own questions.
    private func bounded() -> RedisProbe {
        var probe = self
        probe.target.readLimit = Self.readLimit + Examination.ownBytes(questions, rules)
        return probe
    }

    func writing(as prober: String) -> any Probe {
        var probe = self
        probe.prober = ProberName.made(of: prober)
        return probe
    }

    /// The same, which sets the server up once it is logged in.
    func applying(_ provisioning: RedisProvisioning) -> RedisProbe {
        var probe = self
        probe.provisioning = provisioning
        probe.target.limits = PhaseLimits()
        return probe
    }

    /// Nothing: the target names none.
    var user: String? { login.user }

    func scrubbed(_ text: String) -> String { target.scrubber.scrub(text) }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let (loop, names) = (loops.current, job.due(rules))
        let due = names.isEmpty ? [] : rules.filter { names.contains($0.name) }
        let measuring = RedisMeasuring(
            isDue: { names.contains($0.name) },
            ownVitals: due.compactMap(VitalQuestion.init(own:)),
            questions: questions, wall: loop.wall, now: { .now() })
        let heartbeat = expires.map { RedisHeartbeat(prober: prober, token: Nonce.make(), expires: $0) }
        let demand = RedisDemand(role: expectedRole, heartbeat: heartbeat, provisioning: provisioning)
        let dialogue = RedisDialogue(login, demand: demand, measuring: measuring)
        return ProbeConnection.start(
            target, dialogue, timeout: job.timeout, vitalsTimeout: job.vitalsTimeout, on: loop, done: done)
    }

    private static let write = Field(
        "write",
        .option([
            Field(
                "expires", .duration(.seconds(10) ... .seconds(86_400)), usual: "1h",
                "how long the key stays when it is not written again")
        ]), usual: "false", "whether a key is written and read back")

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields =
            [
                Field(
                    "dsn", .target, isRequired: true,
                    "a URL: redis://user:password@host:6379/0, rediss:// with TLS, redis-sentinel://"),
                DatabaseFields.role, write,
            ] + DatabaseFields.limits
        return ProbeForm(
            kind: kind, schemes: RedisDSNForm.schemes, fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.redis,
            vitals: .known, rules: RedisVitals.rules, takesQueries: true,
            refusesQuery: RedisReadingCommand.refusal
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try RedisProbe(parsing: settings.text("dsn") ?? "", settings, loops: loops)
        }
    }
}
