import NIOCore
import VitalsCore
import VitalsEngine

/// Logs in to a MySQL or MariaDB server, asks who it is, and reads; if asked for, writes a row and reads it
/// back.
///
/// A password in clear text is only sent over TLS or into a Unix socket.
struct MySQLProbe: Probe {
    static let kind = ProbeKind("mysql", isDatabase: true)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    /// What the target says that will not be done, one sentence each, without any secret.
    package let warnings: [String]

    private var target: ProbeTarget
    private let login: MySQLLogin
    private let loops: NetworkLoops
    let expectedRole: ExpectedRole
    /// Nothing: nothing is written.
    private let write: WriteSettings?
    private var prober: String
    /// What is run instead of writing a row.
    private var provisioning: MySQLProvisioning?
    private var rules = MySQLVitals.rules
    private var questions: [OwnQuestion] = []

    /// More than the longest answers, counted before the verdict and after it.
    private static let readLimit = 256 << 10

    /// - Parameters:
    ///   - text: a URL, or what the Go driver takes.
    ///   - settings: what else is said of it. Default: nothing.
    init(
        parsing text: String, _ settings: Settings = Settings(), loops: NetworkLoops
    ) throws(TargetError) {
        let dsn: MySQLDSN
        do {
            dsn = try MySQLDSNParser.parse(text)
        } catch {
            throw TargetError(error.message)
        }
        endpoint = dsn.endpoint.description
        address = dsn.redacted
        expectedRole = settings.text("role").flatMap(ExpectedRole.init(rawValue:)) ?? .any
        write = try settings.option("write").map { settings throws(TargetError) in
            try WriteSettings(settings, usual: MySQLHeartbeat.usualTable)
        }
        identity = (write.map { IdentityText.of(["write"] + $0.table) } ?? "") + dsn.identity
        prober = ProberName.ofCommand(host: HostName.ofThisMachine, target: dsn.redacted)
        warnings = dsn.warnings
        target = ProbeTarget(
            dsn.endpoint, tls: dsn.tls, readLimit: Self.readLimit, secrets: dsn.password.map { [$0] } ?? [])
        target.limits = DatabaseFields.limits(settings)
        login = MySQLLogin(dsn)
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
    private func bounded() -> MySQLProbe {
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
    func applying(_ provisioning: MySQLProvisioning) -> MySQLProbe {
        var probe = self
        probe.provisioning = provisioning
        probe.target.limits = PhaseLimits()
        return probe
    }

    var user: String { login.user }

    func scrubbed(_ text: String) -> String { target.scrubber.scrub(text) }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let (loop, names) = (loops.current, job.due(rules))
        let due = names.isEmpty ? [] : rules.filter { names.contains($0.name) }
        let measuring = MySQLMeasuring(
            isDue: { names.contains($0.name) },
            ownVitals: due.compactMap(VitalQuestion.init(own:)),
            questions: questions, wall: loop.wall, now: { .now() })
        let limit = min(target.limits.write ?? job.timeout, job.timeout)
        let heartbeat = write.map { settings in
            MySQLHeartbeat(settings: settings, prober: prober, token: Nonce.make(), limit: limit)
        }
        let demand = MySQLDemand(role: expectedRole, heartbeat: heartbeat, provisioning: provisioning)
        let dialogue = MySQLDialogue(login, plan: { demand.plan($0) }, measuring: measuring)
        return ProbeConnection.start(
            target, dialogue, timeout: job.timeout, vitalsTimeout: job.vitalsTimeout, on: loop, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields =
            [
                Field(
                    "dsn", .target, isRequired: true,
                    "a connection string: a URL, or as the Go driver takes it"),
                DatabaseFields.role,
                WriteSettings.field(
                    usual: MySQLHeartbeat.usualTable.joined(separator: "."), hasDurability: false),
            ] + DatabaseFields.limits
        return ProbeForm(
            kind: kind, schemes: ["mysql", "mariadb"], fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.mysql,
            vitals: .known, rules: MySQLVitals.rules, takesQueries: true,
            refusesQuery: MySQLReadingStatement.refusal
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try MySQLProbe(parsing: settings.text("dsn") ?? "", settings, loops: loops)
        }
    }
}
