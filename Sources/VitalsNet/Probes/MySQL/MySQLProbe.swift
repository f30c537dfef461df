import NIOCore
import VitalsCore
import VitalsEngine

/// Logs in to a MySQL or MariaDB server, asks who it is, and reads.
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
    private var rules = MySQLVitals.rules
    private var questions: [OwnQuestion] = []

    /// More than the longest answers, counted before the verdict and after it.
    private static let readLimit = 256 << 10

    /// - Parameter text: a URL, or what the Go driver takes.
    init(parsing text: String, loops: NetworkLoops) throws(TargetError) {
        let dsn: MySQLDSN
        do {
            dsn = try MySQLDSNParser.parse(text)
        } catch {
            throw TargetError(error.message)
        }
        endpoint = dsn.endpoint.description
        address = dsn.redacted
        identity = dsn.identity
        warnings = dsn.warnings
        target = ProbeTarget(
            dsn.endpoint, tls: dsn.tls, readLimit: Self.readLimit, secrets: dsn.password.map { [$0] } ?? [])
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
        let own = questions.count + rules.count(where: \.isOwn)
        probe.target.readLimit = Self.readLimit + own * 2 * Examination.mostOwnBytes
        return probe
    }

    func scrubbed(_ text: String) -> String { target.scrubber.scrub(text) }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let (loop, due) = (loops.current, job.due(rules))
        let measuring = MySQLMeasuring(
            isDue: { due.contains($0.name) },
            ownVitals: rules.filter { due.contains($0.name) }.compactMap(VitalQuestion.init(own:)),
            questions: questions, wall: loop.wall, now: { .now() })
        return ProbeConnection.start(
            target, MySQLDialogue(login, measuring: measuring), timeout: job.timeout,
            vitalsTimeout: job.vitalsTimeout, on: loop, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields = [
            Field(
                "dsn", .target, isRequired: true, "a connection string: a URL, or as the Go driver takes it")
        ]
        return ProbeForm(
            kind: kind, schemes: ["mysql", "mariadb"], fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.mysql,
            vitals: .known, rules: MySQLVitals.rules, takesQueries: true,
            refusesQuery: MySQLReadingStatement.refusal
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try MySQLProbe(parsing: settings.text("dsn") ?? "", loops: loops)
        }
    }
}
