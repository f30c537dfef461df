import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// One probe loop for a test, with its resolver pointed where the test wants it.
final class TestNetwork: Sendable {
    let loops: NetworkLoops
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let workers = NIOThreadPool(numberOfThreads: 1)

    private let directory: TemporaryDirectory?

    /// - Parameters:
    ///   - directory: kept as long as the network.
    ///   - wall: for the days that certificates have left. Default: now.
    init(
        resolver: ResolverSettings = ResolverSettings(), directory: TemporaryDirectory? = nil,
        wall: @escaping @Sendable () -> Timestamp = { wallClock() }
    ) throws {
        self.directory = directory
        workers.start()
        loops = try NetworkLoops(group, resolver: resolver, workers: workers, wall: wall)
    }

    /// Knows the names of this hosts file, and no name server.
    convenience init(hosts: String) throws {
        let directory = try TemporaryDirectory("vitals-hosts")
        var settings = ScriptedNameServer.settings([])
        settings.hostsPath = try directory.write("hosts", hosts)
        try self.init(resolver: settings, directory: directory)
    }

    deinit {
        group.shutdownGracefully { _ in }
        workers.shutdownGracefully { _ in }
    }

    /// - Parameters:
    ///   - round: which vitals are measured besides. Default: none.
    ///   - own: the names of vitals of the check's author.
    func run(
        _ probe: any Probe, timeout: Duration = .seconds(30), measuring round: VitalRound = .none,
        within vitalsTimeout: Duration = .seconds(30), beside own: Set<String> = [],
        _ cancellations: Cancellations? = nil
    ) async -> ProbeResult {
        let job = ProbeJob.manual(timeout).measuring(round, within: vitalsTimeout)
        let result = await withCheckedContinuation { continuation in
            loops.eventLoops[0].execute {
                let cancel = probe.start(job) { continuation.resume(returning: $0) }
                cancellations?.add(cancel)
            }
        }
        Self.holdAgainstForm(result, of: probe, beside: own)
        return result
    }

    /// What is told must be declared, for pages are made of that.
    private static func holdAgainstForm(
        _ result: ProbeResult, of probe: any Probe, beside own: Set<String>
    ) {
        guard let form = forms[probe.kind.name] else { return }
        for (name, value) in result.facts.entries {
            #expect(form.facts.contains(name), "\(probe.kind.name) does not declare \(name.rawValue)")
            let kind: FactShape.Kind =
                switch value {
                case .text: .text
                case .number: .number
                case .list: .list
                }
            #expect(name.shape.kind == kind, "\(name.rawValue) is \(kind.rawValue)")
        }
        let known = own.union(form.rules.map(\.name))
        for vital in result.vitals where form.vitals != .named {
            #expect(known.contains(vital.name), "\(probe.kind.name) does not declare \(vital.name)")
        }
    }

    private static let forms: [String: ProbeForm] = {
        let network = try? Network(version: "test", clock: MachineClock(wall: { wallClock() }, boot: { 0 }))
        return Dictionary(uniqueKeysWithValues: (network?.forms ?? []).map { ($0.kind.name, $0) })
    }()

    func run(
        _ target: ProbeTarget,
        _ dialogue: @autoclosure @escaping @Sendable () -> any ProbeDialogue = TCPDialogue(),
        timeout: Duration = .seconds(30)
    ) async -> ProbeResult {
        await withCheckedContinuation { continuation in
            loops.eventLoops[0].execute { [loops] in
                _ = ProbeConnection.start(target, dialogue(), timeout: timeout, on: loops.current) {
                    (result: ProbeResult) in
                    continuation.resume(returning: result)
                }
            }
        }
    }

    func resolve(_ name: String, _ family: IPFamily = .any) async -> Resolution {
        await withCheckedContinuation { continuation in
            loops.eventLoops[0].execute { [loops] in
                _ = loops.current.resolver.resolve(name, family) { continuation.resume(returning: $0) }
            }
        }
    }

    func http(_ url: String, tls: TLSSettings = TLSSettings(.verifyFull)) throws -> HTTPProbe {
        var plan = try HTTPPlan(Settings(target: TargetText(url), as: "url"), userAgent: "vitals/test")
        plan.tls = tls
        return HTTPProbe(plan, loops: loops)
    }

    func http(_ url: TargetText) throws -> any Probe {
        try http(Settings(target: url, as: "url"))
    }

    func http(_ settings: Settings) throws -> any Probe {
        try HTTPProbe.form(on: loops, userAgent: "vitals/test").make(settings)
    }

    func tcp(_ target: String) throws -> TCPProbe {
        try TCPProbe(Settings(target: TargetText(target), as: "address"), loops: loops)
    }
}

/// Now, by the wall clock.
func wallClock() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
}

/// What ends the runs that a test has begun.
final class Cancellations: Sendable {
    private let all = Mutex<[ProbeCancellation]>([])

    func add(_ cancellation: @escaping ProbeCancellation) {
        all.withLock { $0.append(cancellation) }
    }

    func cancelAll() {
        for cancel in all.withLock({ $0 }) { cancel() }
    }
}
