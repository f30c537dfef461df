import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What a node tells of the past")
struct NodePastTests {
    private static let hour: Int64 = 3_600
    private static let day: Int64 = 86_400

    /// A node at `Fixture.at(0)` whose store holds these runs of before, one each so many seconds.
    private static func rig(
        _ runs: [(range: Range<Int64>, step: Int, outcome: Outcome)]
    ) async throws -> NodeRig {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(86_400))])
        var batch = Batch()
        batch.registered = rig.healthChecks.map { Registration(of: $0, at: Fixture.at(-60 * day)) }
        batch.runs = runs.flatMap { range, step, outcome in
            stride(from: range.lowerBound, to: range.upperBound, by: step).map { run(outcome, at: $0) }
        }
        try await rig.memory.record(batch)
        return rig
    }

    private static func run(_ outcome: Outcome, at second: Int64) -> Run {
        let at = Fixture.at(second)
        return Run(
            of: NodeRig.id, at: at, startedAt: at, trigger: .manual, outcome: outcome,
            result: ProbeResult(latency: .milliseconds(5)))
    }

    /// Asks for it while the node's clock stands.
    private static func ask<Value: Sendable>(
        _ rig: NodeRig, _ question: @escaping @Sendable (Node) async throws -> Value
    ) throws -> Value {
        let node = try #require(rig.node)
        let answer = Box<Result<Value, any Error>>()
        Task(executorPreference: rig.loop) {
            do {
                answer.value = .success(try await question(node))
            } catch {
                answer.value = .failure(error)
            }
        }
        _ = rig.loop.run(within: .seconds(1)) { answer.value != nil }
        return try #require(answer.value).get()
    }

    @Test("90 healthy and 10 failed runs in 24 hours are 90.00 % uptime; degraded counts as available")
    func uptime() async throws {
        let minute = 60
        let table: [[(Range<Int64>, Int, Outcome)]] = [
            [(-5_400..<0, minute, .pass), (-6_000 ..< -5_400, minute, .fail)],
            [
                (-5_400 ..< -1_800, minute, .pass), (-1_800..<0, minute, .warn),
                (-6_000 ..< -5_400, minute, .fail), (-50_000 ..< -40_000, minute, .inconclusive),
            ],
        ]
        for runs in table {
            let rig = try await Self.rig(runs)
            // Nothing of its own, so that the counts are the table's.
            rig.behave(.hang)
            try await rig.start()
            let found = try Self.ask(rig) { try await $0.uptime(of: NodeRig.id) }
            #expect(found == [.day: 0.9, .week: 0.9, .month: 0.9])
        }
    }

    @Test("each window has its own runs, the oldest of them out of hours once runs are gone")
    func windows() async throws {
        let rig = try await Self.rig([
            (-Self.day..<0, 600, .pass), (-7 * Self.day ..< -Self.day, 3_600, .fail),
            (-30 * Self.day ..< -20 * Self.day, 3_600, .pass),
            (-40 * Self.day ..< -31 * Self.day, 3_600, .fail),
        ])
        rig.storage.rawRetention = .seconds(2 * Self.day)
        rig.behave(.hang)
        try await rig.start()
        rig.run(for: .seconds(1))
        let first = try #require(rig.memory.runs(of: NodeRig.id).first)
        #expect(first.at >= Fixture.at(-2 * Self.day))
        let found = try Self.ask(rig) { try await $0.uptime(of: NodeRig.id) }
        // A second has passed, and with it the first of 144.
        #expect(found[.day] == 1)
        #expect(found[.week] == 144.0 / (144 + 144))
        #expect(found[.month] == (144.0 + 240) / (144 + 144 + 240))
    }

    @Test("nothing is told of a health check of which nothing is known")
    func nothing() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(86_400))])
        rig.behave(.hang)
        try await rig.start()
        #expect(try Self.ask(rig) { try await $0.uptime(of: NodeRig.id) } == [:])
        let range = Fixture.at(-100)..<Fixture.at(0)
        let points = try Self.ask(rig) { try await $0.points(of: NodeRig.id, over: range, count: 2) }
        #expect(points.points.map(\.tally.isEmpty) == [true, true])
    }

    @Test("points are the same whatever was rolled up, and when runs are read page by page")
    func points() async throws {
        let rig = try await Self.rig([(-12_000..<0, 1, .pass)])
        rig.behave(.hang)
        let node = try await rig.prepare()
        let range = Fixture.at(-11_000)..<Fixture.at(-1_000)
        for hours in 0...3 as ClosedRange<Int64> {
            let before = Fixture.at(-12_000 + hours * Self.hour)
            _ = try await rig.memory.rollUp(before: before, limit: 100_000)
            let found = try await node.points(of: NodeRig.id, over: range, count: 10)
            #expect(found.points.map(\.tally.pass) == Array(repeating: 1_000, count: 10), "\(hours)")
        }
    }

    @Test("four months are told by its days, the present day by its hours and runs")
    func months() async throws {
        let rig = try await Self.rig([(-100 * Self.day..<0, 7_200, .pass)])
        rig.storage.rawRetention = .seconds(3_600)
        rig.storage.hourlyRetention = .seconds(2 * Self.day)
        rig.behave(.hang)
        try await rig.start()
        rig.run(for: .seconds(30))
        let now = try #require(rig.node?.now())
        let found = try Self.ask(rig) {
            try await $0.points(of: NodeRig.id, over: now - .seconds(120 * Self.day)..<now, count: 500)
        }
        #expect(found.points.count <= 122)
        #expect(found.tally.pass == 100 * 12)
        #expect(found.points.filter { $0.tally.pass > 0 }.allSatisfy { $0.tally.pass == 12 })
    }

    @Test("a store that fails while history is read says so")
    func failing() async throws {
        let rig = try await Self.rig([(-100..<0, 1, .pass)])
        rig.behave(.hang)
        let node = try await rig.prepare()
        let range = Fixture.at(-100)..<Fixture.at(0)
        for verb in [FaultyStore.Verb.tallies, .samples, .misses] {
            rig.store.fail([verb])
            await #expect(throws: FaultyStore.Failure.self) {
                try await node.points(of: NodeRig.id, over: range, count: 1)
            }
            await #expect(throws: FaultyStore.Failure.self) { try await node.uptime(of: NodeRig.id) }
        }
        rig.store.recover()
        rig.store.fail([.episodes, .transitions])
        await #expect(throws: FaultyStore.Failure.self) {
            try await node.episodes(PastEpisode.Query(limit: 1))
        }
        await #expect(throws: FaultyStore.Failure.self) {
            try await node.transitions(PastTransition.Query(limit: 1))
        }
    }
}
