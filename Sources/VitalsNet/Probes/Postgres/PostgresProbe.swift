import Glibc
import NIOCore
import VitalsCore
import VitalsEngine

/// Logs in to a PostgreSQL server, asks who it is, and reads.
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
    private var rules = PostgresProbe.rules
    private var questions: [OwnQuestion] = []

    /// Those of all that it may turn out to talk to.
    static let rules = PostgresVitals.rules + PgBouncerVitals.rules

    /// More than the longest answer to our two queries, with any number of notices.
    private static let readLimit = 256 << 10

    /// - Parameters:
    ///   - text: a connection URI, or keywords and values.
    ///   - keys: shared by all probes of the process.
    init(parsing text: String, loops: NetworkLoops, keys: ScramKeyCache) throws(TargetError) {
        let dsn: PostgresDSN
        do {
            dsn = try PostgresDSNParser.parse(text, defaultUser: Self.ownUser)
        } catch {
            throw TargetError(error.message)
        }
        endpoint = dsn.endpoint.description
        address = dsn.redacted
        identity = dsn.identity
        warnings = dsn.warnings
        target = ProbeTarget(
            dsn.endpoint, tls: dsn.tls, readLimit: Self.readLimit, secrets: dsn.password.map { [$0] } ?? [])
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
        let own = questions.count + rules.count { if case .query = $0.source { true } else { false } }
        probe.target.readLimit = Self.readLimit + own * 2 * Examination.mostOwnBytes
        return probe
    }

    func scrubbed(_ text: String) -> String { target.scrubber.scrub(text) }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let loop = loops.current
        let names = job.due(rules)
        let due = rules.filter { names.contains($0.name) }
        let plan = PostgresPlan(
            isDue: { names.contains($0.name) }, ownVitals: due.compactMap(VitalQuestion.init(own:)),
            questions: questions, wall: loop.wall, now: { .now() })
        return ProbeConnection.start(
            target, PostgresDialogue(login, nonce: Self.nonce(), plan: plan), timeout: job.timeout,
            vitalsTimeout: job.vitalsTimeout, on: loop, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, keys: ScramKeyCache) -> ProbeForm {
        let fields = [Field("dsn", .target, isRequired: true, "a connection string, as psql takes it")]
        return ProbeForm(
            kind: kind, schemes: ["postgres", "postgresql"], fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.postgres,
            vitals: .known, rules: rules, takesQueries: true
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try PostgresProbe(parsing: settings.text("dsn") ?? "", loops: loops, keys: keys)
        }
    }

    /// 192 bits nobody can foresee, in digits and letters.
    private static func nonce() -> String {
        var chance = SystemRandomNumberGenerator()
        return (0..<3).map { _ in String(chance.next(), radix: 36) }.joined()
    }

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
