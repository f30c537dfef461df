import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What is known is answered from memory")
struct BoardTests {
    private static let names = (0..<25).map { "s\($0)" }

    private static var board: Board {
        let views = names.reversed().map { name in
            HealthCheckView(
                NodeRig.healthCheck(name), systemName: name, address: "", evaluation: Evaluation(),
                lastRun: nil)
        }
        return Board(
            systems: names.map {
                System(id: SystemID($0), healthChecks: [HealthCheckID("\($0).sql")])
            }, views: views, startedAt: Fixture.at(0))
    }

    @Test("lists are read page by page, by id, each item once", arguments: [1, 2, 7, 24, 25, 26, 1_000])
    func pages(limit: Int) {
        let board = Self.board
        var healthChecks: [String] = []
        var after: HealthCheckID?
        while let last = board.healthChecks(after: after, limit: limit, at: Fixture.at(2)).last?.healthCheck
            .id
        {
            healthChecks += board.healthChecks(after: after, limit: limit, at: Fixture.at(2)).map(
                \.healthCheck.id.text)
            after = last
        }
        #expect(healthChecks == Self.names.map { "\($0).sql" }.sorted())
        var systems: [String] = []
        var afterSystem: SystemID?
        while let last = board.systems(after: afterSystem, limit: limit, at: Fixture.at(2)).last?.system.id {
            systems += board.systems(after: afterSystem, limit: limit, at: Fixture.at(2)).map(
                \.system.id.text)
            afterSystem = last
        }
        #expect(systems == Self.names.sorted())
    }

    @Test("a cursor that stands for nothing that is still there goes on after its place")
    func between() {
        let board = Self.board
        #expect(
            board.systems(after: SystemID("s10a"), limit: 1, at: Fixture.at(2)).map(\.system.id.text) == [
                "s11"
            ])
        #expect(board.systems(after: SystemID("z"), limit: 1, at: Fixture.at(2)).isEmpty)
        #expect(board.systems(after: nil, limit: 0, at: Fixture.at(2)).isEmpty)
    }

    @Test("a system shows what its enabled health checks make of it")
    func systems() {
        let board = Self.board
        var belief = Belief()
        _ = belief.apply(
            Fixture.pass(of: HealthCheckID("s3.sql"), at: Fixture.at(1)), NodeRig.healthCheck().policy,
            isDatabase: true)
        board.update([HealthCheckID("s3.sql"): belief], counting: Consequences(), at: Fixture.at(2))
        #expect(board.system(SystemID("s3"), at: Fixture.at(2))?.state.state == .healthy)
        #expect(board.system(SystemID("s3"), at: Fixture.at(2))?.state.since == Fixture.at(1))
        #expect(board.system(SystemID("s4"), at: Fixture.at(2))?.state.state == .unknown)
        #expect(board.system(SystemID("none"), at: Fixture.at(2)) == nil)
        #expect(board.healthCheck(HealthCheckID("s3.sql"), at: Fixture.at(2))?.lastRun?.at == Fixture.at(1))
    }

    @Test("a health check shows the latest of its vitals")
    func vitals() throws {
        let board = Self.board
        let id = HealthCheckID("s3.sql")
        let found = ProbeResult(latency: .zero, vitals: [Vital("connections", 7)])
        var known = KnownVitals()
        _ = known.judge(found, [], keptFor: .seconds(60), at: Fixture.at(1))
        board.update([id: Belief(vitals: known)], counting: Consequences(), at: Fixture.at(2))
        let view = try #require(board.healthCheck(id, at: Fixture.at(2)))
        #expect(view.vitals["connections"]?.vital.value == 7)
        #expect(view.json(at: Fixture.at(2)).text.contains(#""vitals":[{"name":"connections","value":7,"#))
    }

    @Test("what nobody has looked at for too long is unknown, though nothing was recorded of it")
    func ages() {
        let board = Self.board
        let id = HealthCheckID("s3.sql")
        var belief = Belief()
        _ = belief.apply(
            Fixture.pass(of: id, at: Fixture.at(1)), NodeRig.healthCheck().policy, isDatabase: true)
        board.update([id: belief], counting: Consequences(), at: Fixture.at(2))
        #expect(board.healthCheck(id, at: Fixture.at(30))?.evaluation == belief.evaluation)
        let later = board.healthCheck(id, at: Fixture.at(60))
        #expect(later?.evaluation.state == .unknown)
        #expect(later?.evaluation.isStale == true)
        #expect(board.system(SystemID("s3"), at: Fixture.at(60))?.state.isStale == true)
        let system = board.system(SystemID("s3"), maximumAge: .seconds(90), at: Fixture.at(60))
        #expect(system?.state.state == .healthy)
    }
}
