import Glibc
import VitalsCore
import VitalsEngine

/// Runs a program and takes its exit status, its first line and its figures as those of a Nagios plugin.
struct ExecProbe: Probe {
    static let kind = ProbeKind("exec", isDatabase: false)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String

    private let command: Command
    private let loops: NetworkLoops
    private let threads: BlockingThreads

    init(_ command: Command, loops: NetworkLoops, threads: BlockingThreads) {
        self.command = command
        self.loops = loops
        self.threads = threads
        endpoint = command.words[0]
        address = Printable.prefix(Printable.text(command.shown), bytes: 1_024)
        identity = command.identity
    }

    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        let within = "within \(job.timeout.shortText)"
        let work = BlockingWork(
            target: identity, firstPhase: .connect,
            perform: { [command] ticket, report in
                Execution(command: command).perform(ticket) { end, pipes in
                    let verdict = PluginVerdict.make(
                        end, pipes.output.bytes, pipes.errors.bytes, of: command, within: within)
                    if let verdict { report(verdict) }
                }
            },
            silence: { phase in phase == .connect ? "not started" : "not done" })
        return BlockingRun.start(
            work, timeout: job.timeout, on: loops.current.eventLoop, threads: threads, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, threads: BlockingThreads) -> ProbeForm {
        let fields = [
            Field(
                "command", .list(.target, upTo: 256), isRequired: true,
                "the program's whole path and its arguments, as a list or as one text that is split"),
            Field("environment", .pairs(upTo: 64), "variables beside PATH, LANG, TZ and HOME"),
            Field("directory", .text(upTo: 4_095), usual: "/", "the folder that it runs in"),
        ]
        return ProbeForm(
            kind: kind, schemes: ["exec"], fields: fields, facts: DeclaredFacts.exec, vitals: .named,
            isLocal: true
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            let command = try Command(
                settings.targets("command").map(Self.withoutScheme),
                environment: settings.pairs("environment"),
                directory: settings.text("directory") ?? "/",
                own: { name in getenv(name).map { String(cString: $0) } })
            return ExecProbe(command, loops: loops, threads: threads)
        }
    }

    /// On the command line a target has a scheme: `exec:/usr/lib/nagios/plugins/check_load -w 5`.
    private static func withoutScheme(_ text: TargetText) -> TargetText {
        let scheme = "exec:"
        guard text.text.hasPrefix(scheme) else { return text }
        let count = scheme.utf8.count
        return TargetText(
            String(text.text.dropFirst(count)),
            variables: text.variables.map { ($0.lowerBound - count)..<($0.upperBound - count) })
    }
}
