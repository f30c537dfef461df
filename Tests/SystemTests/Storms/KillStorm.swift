import Glibc
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
    private let next: NextBlow
    private var chance: SeededGenerator
    private var asked = 0

    /// - Parameter next: where receivers find the kill that is to come.
    init(
        _ targets: FlappingTargets, _ channels: [(id: String, receiver: WebhookReceiver)], _ next: NextBlow,
        seed: UInt64, on stage: Stage
    ) throws {
        self.targets = targets
        self.next = next
        field = StormField(targets)
        witness = Witness(steady: field.steady)
        chance = SeededGenerator(seed: seed)
        server = try VitalsServer(
            field.yaml(channels),
            environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0s", "NOTIFY_TIMEOUT": "3s"], on: stage)
        targets.begin(seed &+ 1)
    }

    /// One life, up to the kill: counted from the start of the process, so that it may come before anything
    /// was committed, or from the first answer, so that it comes under load on a slow machine too, and then
    /// now and then just as something was said.
    mutating func live() async throws {
        let kind = Int.random(in: 0..<10, using: &chance)
        let countsFromAnswer = kind >= 4
        let longest: Int64 = countsFromAnswer ? 900_000 : 700_000
        let blow = Blow(
            on: server, after: .microseconds(Int64.random(in: 0...longest, using: &chance)),
            with: [8: .event, 9: .request][kind])
        next.set(blow)
        try server.launch()
        if !countsFromAnswer { blow.raise() }
        let list = try await firstAnswer()
        if !list.isEmpty {
            livesThatAnswered += 1
            witness.take(list)
            let streams = await listen { blow.notice(.event) }
            if countsFromAnswer { blow.raise() }
            await ask()
            for stream in streams {
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

    /// All transitions and deliveries, and the runs of a few.
    private func listen(_ noticed: @escaping @Sendable () -> Void) async -> [EventStream] {
        var streams: [EventStream] = []
        for query in ["types=transition,delivery"] + field.announced.map({ "health_check=\($0)" }) {
            if let stream = try? await server.api.stream(query, noticed: noticed), stream.status == 200 {
                streams.append(stream)
            }
        }
        return streams
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
