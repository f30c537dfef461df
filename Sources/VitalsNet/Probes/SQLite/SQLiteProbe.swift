import VitalsCore
import VitalsEngine

/// Opens a SQLite database file and reads it; with `read_write`, also proves that a writer could begin, and
/// with `write` that what it writes is kept.
struct SQLiteProbe: Probe {
    static let kind = ProbeKind("sqlite", isDatabase: true)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    let warnings: [String]

    private let dsn: SQLiteDSN
    private let wantsWriting: Bool
    /// Nothing: nothing is written.
    private var write: WriteSettings?
    private var prober: String
    private var onlyMakesTable = false
    private let loops: NetworkLoops
    private let threads: BlockingThreads
    private var rules = SQLiteVitals.rules
    private var questions: [OwnQuestion] = []

    /// For locks of others, but never more than half of the timeout.
    private static let patience = Duration.milliseconds(500)

    init(
        parsing text: String, wantsWriting: Bool = false, write: WriteSettings? = nil, loops: NetworkLoops,
        threads: BlockingThreads
    ) throws(TargetError) {
        dsn = try SQLiteDSN.parse(text)
        if dsn.isImmutable, wantsWriting {
            throw TargetError(
                "is not for a file with immutable=1, which nobody writes to", field: "read_write")
        }
        if dsn.isImmutable, write != nil {
            throw TargetError("is not for a file with immutable=1, which nobody writes to", field: "write")
        }
        self.wantsWriting = wantsWriting
        self.write = write
        prober = ProberName.ofCommand(host: HostName.ofThisMachine, target: dsn.path)
        self.loops = loops
        self.threads = threads
        endpoint = dsn.path
        address = Printable.text(dsn.shown)
        let table = write.map { " write=\($0.table[0])" } ?? ""
        identity = "sqlite \(wantsWriting ? "rw" : "ro")\(table) \(dsn.identity)"
        warnings = dsn.warnings
    }

    func measuring(_ rules: [VitalRule]) -> any Probe {
        var probe = self
        probe.rules = rules
        return probe
    }

    func asking(_ questions: [OwnQuestion]) -> any Probe {
        var probe = self
        probe.questions = questions
        return probe
    }

    func writing(as prober: String) -> any Probe {
        var probe = self
        probe.prober = ProberName.made(of: prober)
        return probe
    }

    /// The same, which makes the table of the write probe and writes nothing.
    func making(_ table: [String]) throws(TargetError) -> SQLiteProbe {
        guard !dsn.isImmutable else { throw TargetError("nobody writes to a file with immutable=1") }
        var probe = self
        probe.write = WriteSettings(making: table)
        probe.onlyMakesTable = true
        return probe
    }

    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        let due = job.due(rules)
        let vitals = SQLiteVitals(path: dsn.path) { due.contains($0.name) }
        let own = SQLiteQuestions(
            questions: questions, vitals: rules.filter { $0.isOwn && due.contains($0.name) })
        let heartbeat = write.map {
            SQLiteHeartbeat(
                settings: $0, prober: prober, token: Nonce.make(), isOnlyMade: onlyMakesTable)
        }
        let inspection = SQLiteInspection(
            dsn: dsn, wantsWriting: wantsWriting, heartbeat: heartbeat,
            patience: min(Self.patience, job.timeout / 2), vitals: vitals, questions: own)
        let work = BlockingWork(
            target: endpoint, firstPhase: .connect,
            perform: inspection.perform,
            missing: { vitals.missing($0, $1) + own.missing($0, $1) }, unanswered: own.missing,
            silence: { phase in
                phase == .connect ? "the file was not opened" : "the file was opened, but not read to the end"
            })
        return BlockingRun.start(
            work, timeout: job.timeout, vitalsTimeout: job.vitalsTimeout, on: loops.current.eventLoop,
            threads: threads, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, threads: BlockingThreads) -> ProbeForm {
        let fields = [
            Field("path", .target, isRequired: true, "the file's path, or a file: or sqlite: URL"),
            Field(
                "read_write", .flag, usual: "false",
                "whether to prove that a transaction that writes can be begun; nothing is written"),
            WriteSettings.field(usual: SQLiteHeartbeat.usualTable[0], hasDurability: false),
        ]
        return ProbeForm(
            kind: kind, schemes: ["sqlite", "sqlite3", "file"], fields: fields, facts: DeclaredFacts.sqlite,
            vitals: .known, rules: SQLiteVitals.rules, takesQueries: true, isLocal: true
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try SQLiteProbe(
                parsing: settings.text("path") ?? "", wantsWriting: settings.flag("read_write") ?? false,
                write: settings.option("write").map { settings throws(TargetError) in
                    try WriteSettings(settings, usual: SQLiteHeartbeat.usualTable)
                }, loops: loops, threads: threads)
        }
    }
}
