import ArgumentParser
import Glibc
import Logging
import VitalsCore
import VitalsEngine
import VitalsNet
import VitalsServer

struct WrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wrap",
        abstract: "Puts itself around a program and tells how what it serves is: metrics, /health, /healthz.",
        discussion: """
            vitals wrap --db-dsn postgres://monitor:secret@127.0.0.1/app -- docker-entrypoint.sh postgres

            What is after -- is the program's alone. It is started once /metrics, /health and /healthz are \
            answered; every signal is passed on to it, and its exit status is kept (128 and the signal's \
            number if one ended it). No probe ever touches it. As the first process of a container it waits \
            for orphans, too.

            Without a program it only watches and answers. With --once it probes once and ends: 0 healthy, \
            1 degraded, 2 down, 3 unknown, or ours to mend. 64: the command cannot be understood, or the \
            DSN. 75: it cannot listen; the program is then not started. 126, 127: the program cannot be run, \
            or is not there.

            Instead of --db-dsn, which other users of the machine can see, VITALS_DSN may say it, or the \
            file that VITALS_DSN_FILE names; the program gets neither of the two. Called as healthcheck it \
            is this command.
            """)

    @Option(
        name: .long,
        help: "Where to answer, as host:port or :port. (default: METRICS_ADDR, or :9091)")
    var exportProm: String?

    @Option(
        name: .long,
        help: "The database: postgres://user:password@host/database ... (default: VITALS_DSN, or none)",
        completion: Completions.targets)
    var dbDsn: String?

    @Option(name: .long, help: "What the DSN is: postgres, sqlite ... (default: as it says itself)")
    var dbType: String?

    @Option(
        name: .long,
        help: """
            The part that the database must have: primary, replica, any. (default: any; the label db_role is \
            primary)
            """,
        completion: .list(ExpectedRole.allCases.map(\.rawValue)))
    var role: String?

    @Flag(name: .long, help: "Write to the database, too: the row of the write probe.")
    var readWrite = false

    @Flag(name: .long, help: "Make the table of the write probe, and write to it.")
    var createTable = false

    @Option(name: .long, help: "A URL that should answer with success. (default: none)")
    var http: String?

    @Option(name: .long, help: "A host and port that should take connections. (default: none)")
    var tcp: String?

    @Flag(name: .long, help: "Probe once and end.")
    var once = false

    @Flag(name: .long, help: "With --once: 1 instead of 2, for those who know only 0 and 1.")
    var compatExit = false

    @Option(name: .long, help: "From one probe to the next: 500ms, 15s, 1m.")
    var interval = "15s"

    @Option(name: .long, help: "The deadline of one probe.")
    var timeout = "10s"

    @Option(name: .long, help: "What the service is called in metrics. (default: the program's name)")
    var serviceName: String?

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The program and its arguments, after --.", valueName: "program"))
    var program: [String] = []

    private static let usage = ExitCode(64)

    func run() async throws {
        do {
            try await Compose.withNetwork { network in
                let targets = try targets().probes(network)
                for warning in targets.flatMap(\.probe.warnings) {
                    StandardError.write("warning: \(warning)")
                }
                guard !once else { return try await probe(targets, network) }
                try await watch(targets, network)
            }
        } catch let error as TargetError {
            throw Self.fail(error.message, Self.usage)
        } catch let error as ConfigurationError {
            throw Self.fail(error.problems.map(\.description).joined(separator: "; "), Self.usage)
        } catch let error as ListenError {
            throw Self.fail(error, ExitStatus.temporaryFailure)
        } catch let error as WrapperError {
            throw Self.fail(error, ExitStatus.temporaryFailure)
        }
    }

    private func targets() throws -> WrapTargets {
        let name = "VITALS_DSN"
        let dsn = try dbDsn ?? SecretFiles().variables([name])[name]
        let expected = try role.map { text in
            guard let role = ExpectedRole(rawValue: text) else {
                throw TargetError("--role is one of primary, replica, any")
            }
            return role
        }
        let targets = WrapTargets(
            dsn: dsn.flatMap { $0.isEmpty ? nil : $0 }, type: dbType?.lowercased(), role: expected,
            writes: readWrite, makesTable: createTable, http: http, tcp: tcp)
        let isNothing = targets.dsn == nil && http == nil && tcp == nil
        if once, !program.isEmpty {
            throw TargetError("--once probes and ends, and starts no program: leave one of the two out")
        }
        if isNothing, once || program.isEmpty {
            throw TargetError("nothing to do: name a target (--db-dsn, --http, --tcp) or a program after --")
        }
        return targets
    }

    /// Probes each target once, and says of each what was found.
    private func probe(_ targets: [SoleWatch.Target], _ network: Network) async throws {
        let deadline = try DurationArgument.timeout(timeout)
        var verdicts: [ProbeVerdict] = []
        for target in targets {
            let result = await Compose.start(target.probe, on: network, timeout: deadline)
            let report = CheckReport(target: target.probe.address, kind: target.probe.kind, result: result)
            print(report.text)
            verdicts.append(report.verdict)
        }
        throw ExitCode(ProbeVerdict(worst: verdicts).exitStatus(isCompatible: compatExit))
    }

    /// Answers, starts the program, watches, and ends as the program does.
    private func watch(
        _ targets: [SoleWatch.Target], _ network: Network
    ) async throws {
        let variables = Environment.variables()
        let address = try ListenAddress.argument(
            exportProm ?? variables["METRICS_ADDR"] ?? ":9091", of: "--export-prom")
        let settings = SoleWatch.Settings(
            service: serviceName ?? program.first?.split(separator: "/").last.map(String.init) ?? "service",
            role: role ?? "primary", interval: try DurationArgument.interval(interval),
            timeout: try DurationArgument.timeout(timeout), version: Product.version)
        let wrapper = try Wrapper(hasChild: !program.isEmpty)
        let logger = LogFormat.text.logger(.notice)
        let watch = SoleWatch(targets, settings, on: network.probeLoop, clock: .system, logger: logger)
        let (listening, hasListened) = AsyncStream.makeStream(of: Void.self)
        let server = WatchServer(watch, at: address, logger: logger) { port in
            logger.notice(
                "listening", metadata: ["address": "\(ListenAddress(host: address.host, port: port))"])
            hasListened.yield()
            hasListened.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                for await _ in listening { start(wrapper, watch, variables) }
                guard !Task.isCancelled else { return }
                let status = await wrapper.status()
                // What is under way is ended politely; then there is nothing left to do or to keep.
                await watch.stop(patience: .milliseconds(500))
                fflush(nil)
                _exit(status)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func start(_ wrapper: Wrapper, _ watch: SoleWatch, _ variables: [String: String]) {
        defer { watch.begin() }
        guard !program.isEmpty else { return }
        let own: Set = ["VITALS_DSN", "VITALS_DSN_FILE"]
        let environment = variables.filter { !own.contains($0.key) }.map { "\($0.key)=\($0.value)" }
        if let problem = wrapper.start(program, environment: environment) {
            StandardError.write("vitals wrap: cannot start \(program[0]): \(problem)")
        } else {
            watch.note(isProcessRunning: true)
        }
    }

    private static func fail(_ reason: some Any, _ code: ExitCode) -> ExitCode {
        StandardError.write("vitals wrap: \(reason)")
        return code
    }
}
