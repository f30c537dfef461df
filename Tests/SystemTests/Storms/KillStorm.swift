import Glibc
import Synchronization
import Testing
import VitalsCore
import VitalsTesting

/// A server under load that is killed again and again at moments that chance chooses.
struct KillStorm {
    let server: VitalsServer
    let field: StormField
    private(set) var witness: Witness
    /// From the signal to the end of the process.
    private(set) var kills: [ClosedRange<Timestamp>] = []
    private(set) var livesThatAnswered = 0
    private let targets: FlappingTargets
    private var chance: SeededGenerator
    private var asked = 0

    init(
        _ targets: FlappingTargets, _ channels: [(id: String, receiver: WebhookReceiver)], seed: UInt64,
        on stage: Stage
    ) throws {
        self.targets = targets
        field = StormField(targets)
        witness = Witness(steady: field.steady)
        chance = SeededGenerator(seed: seed)
        server = try VitalsServer(
            field.yaml(channels),
            environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0s", "NOTIFY_TIMEOUT": "3s"], on: stage)
        targets.begin(seed &+ 1)
    }

    /// One life, up to the kill. The moment is counted from the start of the process, so that it may come
    /// before anything was committed; or from the first answer, so that it comes under load on a slow machine
    /// too.
    mutating func live() async throws {
        let countsFromAnswer = Int.random(in: 0..<5, using: &chance) < 2
        let longest: Int64 = countsFromAnswer ? 1_000_000 : 700_000
        let blow = Blow(after: .microseconds(Int64.random(in: 0...longest, using: &chance)))
        try server.launch()
        if !countsFromAnswer { blow.fall(on: server) }
        let list = try await firstAnswer()
        if !list.isEmpty {
            livesThatAnswered += 1
            witness.take(list)
            let stream = try? await server.api.stream("types=run.completed,delivery")
            if countsFromAnswer { blow.fall(on: server) }
            await ask()
            if let stream {
                try await eventually(that: "the stream has ended") { stream.hasEnded }
                witness.take(stream.events)
            }
        }
        try #require(try await server.waitForExit() == 128 + SIGKILL, "it ended by itself: \(server.output)")
        kills.append(try #require(blow.fellAt)...MachineTime.wall)
    }

    /// The last life: every target is well, and all that is owed is told.
    mutating func calm() async throws {
        try targets.settle()
        try await server.start()
        witness.take(try await list())
        try await eventually(that: "everything is healthy", within: .seconds(60)) {
            try await list().allSatisfy { $0["state"].string == "healthy" }
        }
        let tables = try StoredTables(of: server)
        try await eventually(that: "everything is told", within: .seconds(90)) {
            try await tables.number("SELECT count(*) FROM notification WHERE status = 'pending'") == 0
        }
    }

    /// The health checks as they are shown first; none if it was killed before.
    private func firstAnswer() async throws -> [JSONValue] {
        try await eventually("it answers or is dead", within: .seconds(60)) {
            server.isRunning ? try await list() : []
        }
    }

    /// Asks for runs and for what is known until nobody answers any more.
    private mutating func ask() async {
        while server.isRunning {
            asked += 1
            let id = field.healthChecks[asked * 7 % field.healthChecks.count]
            if let answer = try? await server.api.run(id), let json = try? JSONValue(parsing: answer.text) {
                witness.take(run: json["run"], of: id)
            }
            if asked.isMultiple(of: 5), let list = try? await list() { witness.take(list) }
        }
    }

    private func list() async throws -> [JSONValue] {
        try await server.api.all("health-checks?limit=1000")
    }
}

/// One kill, at its moment.
private final class Blow: Sendable {
    private let moment: Duration
    private let fell = Mutex<Timestamp?>(nil)

    init(after moment: Duration) {
        self.moment = moment
    }

    var fellAt: Timestamp? { fell.withLock(\.self) }

    func fall(on server: VitalsServer) {
        startThread { [self] in
            Pause.thread(for: moment)
            fell.withLock { $0 = MachineTime.wall }
            server.signal(SIGKILL)
        }
    }
}
