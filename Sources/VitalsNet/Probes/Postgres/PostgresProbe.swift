import Glibc
import NIOCore
import VitalsCore
import VitalsEngine

/// Logs in to a PostgreSQL server, asks who it is, and reads; if asked for, writes a row and reads it back.
///
/// A password in clear text is only sent over TLS, to this machine, or into a Unix socket.
struct PostgresProbe: Probe {
    static let kind = ProbeKind("postgres", isDatabase: true)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    /// What the target says that will not be done, one sentence each, without any secret.
    package let warnings: [String]

    private var target: ProbeTarget
    private let login: PostgresLogin
    private let loops: NetworkLoops
    let expectedRole: ExpectedRole
    /// Nothing: nothing is written.
    private let write: WriteSettings?
    private var prober: String
    /// Statements that are run instead of writing a row.
    private var script: String?
    private var rules = PostgresProbe.rules
    private var questions: [OwnQuestion] = []

    /// Those of all that it may turn out to talk to.
    static let rules = PostgresVitals.rules + PgBouncerVitals.rules

    /// More than the longest answer to our two queries, with any number of notices.
    private static let readLimit = 256 << 10

    /// - Parameters:
    ///   - text: a connection URI, or keywords and values.
    ///   - settings: what else is said of it. Default: nothing.
    ///   - keys: shared by all probes of the process.
    init(
        parsing text: String, _ settings: Settings = Settings(), loops: NetworkLoops, keys: ScramKeyCache
    ) throws(TargetError) {
        let dsn: PostgresDSN
        do {
            dsn = try PostgresDSNParser.parse(text, defaultUser: Self.ownUser)
        } catch {
            throw TargetError(error.message)
        }
        endpoint = dsn.endpoint.description
        address = dsn.redacted
        expectedRole = settings.text("role").flatMap(ExpectedRole.init(rawValue:)) ?? .any
        write = try settings.option("write").map { settings throws(TargetError) in
            try WriteSettings(settings, usual: Self.usualTable)
        }
        identity = (write.map { IdentityText.of(["write"] + $0.table) } ?? "") + dsn.identity
        prober = ProberName.ofCommand(host: HostName.ofThisMachine, target: dsn.redacted)
        warnings = dsn.warnings
        target = ProbeTarget(
            dsn.endpoint, tls: dsn.tls, readLimit: Self.readLimit, secrets: dsn.password.map { [$0] } ?? [])
        target.limits = DatabaseFields.limits(settings)
        login = PostgresLogin(dsn, keys: keys)
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
    private func bounded() -> PostgresProbe {
        var probe = self
        probe.target.readLimit = Self.readLimit + Examination.ownBytes(questions, rules)
        return probe
    }

    func writing(as prober: String) -> any Probe {
        var probe = self
        probe.prober = ProberName.made(of: prober)
        return probe
    }

    /// The same, which runs statements once it is logged in, all of them or none.
    func applying(_ script: String) -> PostgresProbe {
        var probe = self
        probe.script = script
        probe.target.limits = PhaseLimits()
        return probe
    }

    var user: String { login.user }
    var database: String { login.database }

    func scrubbed(_ text: String) -> String { target.scrubber.scrub(text) }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let loop = loops.current
        let names = job.due(rules)
        let due = names.isEmpty ? [] : rules.filter { names.contains($0.name) }
        let limit = min(target.limits.write ?? job.timeout, job.timeout)
        let heartbeat = write.map { settings in
            PostgresHeartbeat(settings: settings, prober: prober, token: Nonce.make(), limit: limit)
        }
        let plan = PostgresPlan(
            isDue: { names.contains($0.name) }, mayMeasure: !names.isEmpty || !questions.isEmpty,
            ownVitals: due.compactMap(VitalQuestion.init(own:)),
            questions: questions, wall: loop.wall, now: { .now() })
        let dialogue = PostgresDialogue(
            login, nonce: Nonce.make(),
            demand: PostgresDemand(role: expectedRole, heartbeat: heartbeat, script: script), plan: plan)
        return ProbeConnection.start(
            target, dialogue, timeout: job.timeout, vitalsTimeout: job.vitalsTimeout, on: loop, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, keys: ScramKeyCache) -> ProbeForm {
        let fields =
            [
                Field("dsn", .target, isRequired: true, "a connection string, as psql takes it"),
                DatabaseFields.role,
                WriteSettings.field(usual: usualTable.joined(separator: "."), hasDurability: true),
            ] + DatabaseFields.limits
        return ProbeForm(
            kind: kind, schemes: ["postgres", "postgresql"], fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.postgres,
            vitals: .known, rules: rules, takesQueries: true
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try PostgresProbe(parsing: settings.text("dsn") ?? "", settings, loops: loops, keys: keys)
        }
    }

    static let usualTable = ["vitals", "heartbeat"]

    /// The user of this process, who logs in when the target names nobody, as with libpq.
    private static let ownUser: String? = {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4_096)
        guard getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil else {
            return nil
        }
        return String(cString: entry.pw_name)
    }()
}
