import NIOCore
import VitalsCore
import VitalsEngine

/// Logs in to a SQL Server or a database of Azure's, asks who it is, and reads; if asked for, writes a row
/// and reads it back.
struct SQLServerProbe: Probe {
    static let kind = ProbeKind("sqlserver", isDatabase: true)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    /// What the target says that will not be done, one sentence each, without any secret.
    package let warnings: [String]

    private let dsn: SQLServerDSN
    private var target: ProbeTarget
    private let loops: NetworkLoops
    let expectedRole: ExpectedRole
    /// Nothing: nothing is written.
    private let write: WriteSettings?
    private var prober: String
    /// What is run instead of writing a row.
    private var provisioning: SQLServerProvisioning?
    private var rules = SQLServerVitals.rules
    private var questions: [OwnQuestion] = []

    /// More than the longest answers, counted before the verdict and after it.
    private static let readLimit = 512 << 10

    /// - Parameters:
    ///   - text: a URL, or a list of settings as ADO.NET, ODBC or JDBC have it.
    ///   - settings: what else is said of it. Default: nothing.
    init(
        parsing text: String, _ settings: Settings = Settings(), loops: NetworkLoops
    ) throws(TargetError) {
        do {
            dsn = try SQLServerDSNParser.parse(text)
        } catch {
            throw TargetError(error.message)
        }
        endpoint = dsn.endpoint.description
        address = dsn.redacted
        expectedRole = settings.text("role").flatMap(ExpectedRole.init(rawValue:)) ?? .any
        write = try settings.option("write").map { settings throws(TargetError) in
            try WriteSettings(settings, usual: SQLServerHeartbeat.usualTable)
        }
        identity = (write.map { IdentityText.of(["write"] + $0.table) } ?? "") + dsn.identity
        prober = ProberName.ofCommand(host: HostName.ofThisMachine, target: dsn.redacted)
        warnings = dsn.warnings
        target = Self.target(of: dsn, readLimit: Self.readLimit)
        target.limits = DatabaseFields.limits(settings)
        self.loops = loops
    }

    static func target(of dsn: SQLServerDSN, readLimit: Int) -> ProbeTarget {
        var target = ProbeTarget(
            dsn.endpoint, tls: dsn.tls, startsWithTLS: dsn.encryption == .strict, readLimit: readLimit,
            secrets: dsn.password.map { [$0] } ?? [])
        if dsn.encryption != .strict { target.tlsFraming = .tds }
        return target
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

    /// Room for the answers to the author's own questions: texts come in UTF-16.
    private func bounded() -> SQLServerProbe {
        var probe = self
        probe.target.readLimit = Self.readLimit + 2 * Examination.ownBytes(questions, rules)
        return probe
    }

    func writing(as prober: String) -> any Probe {
        var probe = self
        probe.prober = ProberName.made(of: prober)
        return probe
    }

    /// The same, which sets the server up once it is logged in.
    func applying(_ provisioning: SQLServerProvisioning) -> SQLServerProbe {
        var probe = self
        probe.provisioning = provisioning
        probe.target.limits = PhaseLimits()
        return probe
    }

    var user: String { dsn.user }

    func scrubbed(_ text: String) -> String { target.scrubber.scrub(text) }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let (loop, names) = (loops.current, job.due(rules))
        let due = names.isEmpty ? [] : rules.filter { names.contains($0.name) }
        let measuring = SQLServerMeasuring(
            isDue: { names.contains($0.name) }, ownVitals: due.compactMap(VitalQuestion.init(own:)),
            questions: questions, wall: loop.wall, now: { .now() })
        let limit = min(target.limits.write ?? job.timeout, job.timeout)
        let heartbeat = write.map { settings in
            SQLServerHeartbeat(settings: settings, prober: prober, token: Nonce.make(), limit: limit)
        }
        let demand = SQLServerDemand(role: expectedRole, heartbeat: heartbeat, provisioning: provisioning)
        let run = SQLServerRun(
            dsn, target, job, on: loop,
            dialogue: { dsn in
                SQLServerDialogue(SQLServerLogin(dsn), plan: { demand.plan($0) }, measuring: measuring)
            })
        return run.start(done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields =
            [
                Field(
                    "dsn", .target, isRequired: true,
                    "a connection string: a URL, or a list of settings as ADO.NET, ODBC or JDBC have it"),
                DatabaseFields.role,
                WriteSettings.field(
                    usual: SQLServerHeartbeat.usualTable.joined(separator: "."), hasDurability: false),
            ] + DatabaseFields.limits
        return ProbeForm(
            kind: kind, schemes: ["sqlserver", "mssql"], fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.sqlServer,
            vitals: .known, rules: SQLServerVitals.rules, takesQueries: true,
            refusesQuery: SQLServerReadingStatement.refusal
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try SQLServerProbe(parsing: settings.text("dsn") ?? "", settings, loops: loops)
        }
    }
}
