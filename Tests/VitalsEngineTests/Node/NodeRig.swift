import Logging
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// A whole node on virtual time: scripted targets, recording channels, a store in memory that can be made to
/// fail. It can be stopped, killed and started again; targets, channels and store outlive it.
final class NodeRig {
    /// One message as a channel got it.
    struct Told: Equatable {
        let channel: ChannelID
        let sent: RecordingChannel.Sent
    }

    let clock: ManualClock
    let memory = MemoryStore()
    let store: FaultyStore
    var healthChecks: [HealthCheck]
    /// What health checks were called before.
    var formerIDs: [HealthCheckID: [HealthCheckID]] = [:]
    var channelSettings: [ChannelSettings]
    var settings = ServerSettings()
    var storage = StorageSettings()
    var spool: MemorySpool?
    /// What reference points do, by their addresses; none: there are none.
    private(set) var pointBehaviours: [String: ScriptedProbe.Behaviour] = [:]
    private var points: [String: ScriptedProbe] = [:]
    private(set) var loop: ManualLoop
    private(set) var node: Node?
    private var probes: [HealthCheckID: ScriptedProbe] = [:]
    private var channels: [ChannelID: RecordingChannel] = [:]
    var behaviours: [HealthCheckID: ScriptedProbe.Behaviour] = [:]
    private var answers: [ChannelID: RecordingChannel.Answer] = [:]
    private var past: [Told] = []
    private var stopping: AsyncStream<Never>.Continuation?
    private var ended = Flag()

    init(_ healthChecks: [HealthCheck], channels: [String] = ["ops"]) {
        clock = ManualClock()
        loop = ManualLoop(clock)
        store = FaultyStore(memory)
        self.healthChecks = healthChecks
        channelSettings = channels.map { Self.channel($0) }
    }

    static func channel(_ id: String, cooldown: Duration = .zero) -> ChannelSettings {
        ChannelSettings(id: ChannelID(id), isDefault: true, cooldown: cooldown)
    }

    /// A health check that fails after three and recovers after one, without confirmations unless they are
    /// wanted.
    static func healthCheck(
        _ system: String = "db", every interval: Duration = .seconds(10), timeout: Duration? = nil,
        confirmEvery: Duration? = nil, isEnabled: Bool = true, channels: [String] = ["ops"],
        revision: String = "0a", thresholds: Thresholds = Thresholds()
    ) -> HealthCheck {
        HealthCheck(
            system: SystemID(system), check: CheckID("sql"), kind: ProbeKind("postgres", isDatabase: true),
            isEnabled: isEnabled,
            policy: Policy(
                interval: interval, timeout: timeout ?? min(interval, .seconds(5)), thresholds: thresholds,
                confirmEvery: confirmEvery),
            bindings: channels.map { Binding(ChannelID($0)) }, revision: Revision(revision))
    }

    static let id = HealthCheckID("db.sql")

    func start() async throws {
        let node = try await prepare()
        let (stopped, continuation) = AsyncStream.makeStream(of: Never.self)
        stopping = continuation
        ended = Flag()
        Task(executorPreference: loop) { [ended] in
            await node.work(until: stopped)
            ended.raise()
        }
        loop.settle()
    }

    /// A node that does not run yet.
    func prepare() async throws -> Node {
        loop = ManualLoop(clock)
        probes = [:]
        channels = [:]
        for healthCheck in healthChecks {
            probes[healthCheck.id] = ScriptedProbe(
                healthCheck.id.text, behaviours[healthCheck.id] ?? .pass, on: loop)
        }
        for settings in channelSettings {
            let channel = RecordingChannel(settings.id.text, on: loop)
            channel.answer(answers[settings.id] ?? .deliver)
            channels[settings.id] = channel
        }
        points = Dictionary(
            uniqueKeysWithValues: pointBehaviours.map { ($0, ScriptedProbe($0, $1, on: loop)) })
        let node = try await Node(
            configuration, store: store, spool: spool, on: loop, clock: clock.machine,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            version: "0")
        self.node = node
        return node
    }

    /// - Returns: whether it ended within this time.
    @discardableResult
    func stop(within limit: Duration = .seconds(15)) -> Bool {
        stopping?.finish()
        let isOver = loop.run(within: limit) { ended.isRaised }
        keepPast()
        return isOver
    }

    /// The process is gone at once; whatever it was about to do does not happen.
    func kill() {
        keepPast()
        node = nil
    }

    func run(for duration: Duration) { loop.run(for: duration) }

    func behave(_ behaviour: ScriptedProbe.Behaviour, _ id: HealthCheckID = NodeRig.id) {
        behaviours[id] = behaviour
        probes[id]?.behave(behaviour)
    }

    /// Of a reference point.
    func behave(_ behaviour: ScriptedProbe.Behaviour, point: String) {
        pointBehaviours[point] = behaviour
        points[point]?.behave(behaviour)
    }

    func point(_ address: String) -> ScriptedProbe? { points[address] }

    func answer(_ answer: RecordingChannel.Answer, _ channel: String = "ops") {
        answers[ChannelID(channel)] = answer
        channels[ChannelID(channel)]?.answer(answer)
    }

    func probe(_ id: HealthCheckID = NodeRig.id) -> ScriptedProbe? { probes[id] }

    func channel(_ id: String = "ops") -> RecordingChannel? { channels[ChannelID(id)] }

    func view(_ id: HealthCheckID = NodeRig.id) -> HealthCheckView? {
        node.flatMap { $0.board.healthCheck(id, at: $0.now()) }
    }

    /// What the channels were sent, through every start.
    var told: [Told] { past + present }

    func told(to channel: String = "ops") -> [RecordingChannel.Sent] {
        told.filter { $0.channel.text == channel }.map(\.sent)
    }

    func types(to channel: String = "ops") -> [String] {
        told(to: channel).compactMap { $0.text("type") }
    }

    /// What the node said of itself.
    func reasons(to channel: String = "ops") -> [String] {
        told(to: channel).filter { $0.text("type") == "self" }.compactMap { $0.text("reason") }
    }

    /// Another configuration of the running node; probes of new and changed health checks are new.
    ///
    /// - Returns: whether it is in force; nothing if there was no answer in time.
    func reconfigure(
        _ next: [HealthCheck], channels: [String]? = nil, within limit: Duration = .seconds(30)
    ) -> Bool? {
        let answer = beginReconfiguring(next, channels: channels)
        _ = loop.run(within: limit) { answer.value != nil }
        return answer.value
    }

    func beginReconfiguring(_ next: [HealthCheck], channels names: [String]? = nil) -> Box<Bool> {
        let answer = Box<Bool>()
        guard let node else { return answer }
        let before = Dictionary(uniqueKeysWithValues: healthChecks.map { ($0.id, $0) })
        for (id, former) in formerIDs where probes[id] == nil {
            probes[id] = former.compactMap { probes[$0] }.first
        }
        for healthCheck in next
        where before[healthCheck.id]?.revision != healthCheck.revision && formerIDs[healthCheck.id] == nil {
            probes[healthCheck.id] = ScriptedProbe(
                healthCheck.id.text, behaviours[healthCheck.id] ?? .pass, on: loop)
        }
        healthChecks = next
        channelSettings = names?.map { Self.channel($0) } ?? channelSettings
        for settings in channelSettings where channels[settings.id] == nil {
            channels[settings.id] = RecordingChannel(settings.id.text, on: loop)
        }
        let configuration = configuration
        Task(executorPreference: loop) { answer.value = await node.reconfigure(configuration) }
        loop.settle()
        return answer
    }

    /// Asks for a run now and waits for the answer.
    func manual(_ id: HealthCheckID = NodeRig.id, within limit: Duration = .seconds(30)) -> ManualRun? {
        let answer = ask(id)
        _ = loop.run(within: limit) { answer.value != nil }
        return answer.value
    }

    /// Asks for a run now; the answer comes as time passes.
    func ask(_ id: HealthCheckID = NodeRig.id) -> Box<ManualRun> {
        let answer = Box<ManualRun>()
        guard let node else { return answer }
        Task(executorPreference: loop) { answer.value = await node.run(id) }
        loop.settle()
        return answer
    }

    private var present: [Told] {
        channels.values.flatMap { channel in channel.sent.map { Told(channel: channel.id, sent: $0) } }
            .sorted { $0.sent.at < $1.sent.at }
    }

    private func keepPast() {
        past += present
        channels = [:]
    }

    private var configuration: Configuration {
        var server = settings
        server.maxConcurrentHealthChecks = settings.maxConcurrentHealthChecks ?? 8_192
        let systems = Dictionary(grouping: healthChecks, by: \.system)
        return Configuration(
            server: server,
            channels: channelSettings.compactMap { settings in
                channels[settings.id].map { ConfiguredChannel(settings, channel: $0) }
            },
            systems: systems.map { System(id: $0, healthChecks: $1.map(\.id)) },
            healthChecks: healthChecks.compactMap { healthCheck in
                probes[healthCheck.id].map {
                    let address = HeartbeatAddress(
                        uuid: Secret("uuid of \(healthCheck.id)"),
                        token: Secret("token of \(healthCheck.id)"),
                        key: "\(healthCheck.system)_\(healthCheck.check)")
                    return ConfiguredHealthCheck(
                        healthCheck, probe: $0, heartbeat: healthCheck.heartbeat.map { _ in address },
                        formerIDs: formerIDs[healthCheck.id] ?? [])
                }
            },
            health: HealthSettings(), storage: storage,
            connectivity: points.isEmpty
                ? nil : ConnectivitySettings(probes: Array(points.values), timeout: .seconds(2)))
    }
}

final class Flag: Sendable {
    private let box = Box<Bool>()

    var isRaised: Bool { box.value == true }

    func raise() { box.value = true }
}

extension MemoryStore {
    /// What is wrong with the slots of a health check from its first one that is accounted for until `now`:
    /// each is one run or in one miss; the last may still be under way.
    func slotFaults(of healthCheck: HealthCheck, until now: Timestamp) -> [String] {
        let grid = SlotGrid(healthCheck.id, every: healthCheck.policy.interval)
        var faults: [String] = []
        var slots = runs(of: healthCheck.id).compactMap(\.slot)
        for miss in misses(of: healthCheck.id) {
            let count = grid.count(from: miss.from, through: miss.to)
            if count != miss.count { faults.append("\(miss) has \(count) slots") }
            slots += (0..<count).map { miss.from + healthCheck.policy.interval * $0 }
        }
        slots.sort()
        guard let first = slots.first, let last = slots.last else { return faults + ["no slots"] }
        for (slot, next) in zip(slots, slots.dropFirst()) where grid.next(after: slot) != next {
            faults.append("after \(slot.iso8601) comes \(next.iso8601)")
        }
        if first != grid.latest(at: first) { faults.append("\(first) is no slot") }
        if now - last > healthCheck.policy.interval * 2 + .seconds(1) {
            faults.append("nothing since \(last.iso8601)")
        }
        return faults
    }
}
