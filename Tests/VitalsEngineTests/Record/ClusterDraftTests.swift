import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What the recorder makes of a cluster and of a server that is another one")
struct ClusterDraftTests {
    private static let checks = ["one", "two", "three"].map {
        Fixture.healthCheck("db", $0, interval: .seconds(1))
    }

    /// The letters are the parts in which the health checks saw their servers, in order.
    private static func judged(_ letters: String, last index: Int) -> Run? {
        var desk = LedgerDesk(checks, channels: [])
        let seat = ClusterSeat(
            cluster: Cluster(primaries: 1, replicasAtLeast: 1), members: checks.map(\.id))
        desk.ledger = Ledger(
            profiles: checks.map { check in
                var view = HealthCheckView(
                    check, systemName: "db", address: "", evaluation: Evaluation(), lastRun: nil)
                view.cluster = seat
                return view
            }, channels: [], stored: StoredState())
        var order = Array(zip(checks, letters))
        order.append(order.remove(at: index))
        var last: Run?
        for (check, letter) in order {
            desk.now = desk.now + .seconds(1)
            var facts = Facts()
            facts[.role] = .text(letter == "P" ? "primary" : "replica")
            let run = Run(
                of: check.id, at: desk.now, startedAt: desk.now, trigger: .scheduled, outcome: .pass,
                result: ProbeResult(latency: .zero, facts: facts))
            last = desk.commit([.run(run, ticket: 1, isEvaluated: true)]).batch.runs.first
        }
        return last
    }

    @Test(
        "the first health check of a cluster tells what is wrong with it, and no other",
        arguments: [
            ("PRR", 0, nil), ("PPR", 0, "cluster"), ("RRR", 0, "cluster"), ("PPP", 0, "cluster"),
            ("PPR", 1, nil), ("RRR", 2, nil),
        ] as [(String, Int, String?)])
    func told(letters: String, last: Int, code: String?) throws {
        let run = try #require(Self.judged(letters, last: last))
        #expect(run.result.fault?.code == code)
        #expect(run.outcome == (code == nil ? .pass : .fail))
        #expect(code == nil || run.result.fault?.cause == .roleMismatch)
    }

    @Test("what a server calls itself is written down once, and forgotten with what it was the target of")
    func identifiers() {
        let check = Self.checks[0]
        var desk = LedgerDesk([check], channels: [])
        func item(_ identifier: String) -> LedgerItem {
            desk.now = desk.now + .seconds(1)
            var facts = Facts()
            facts[.systemIdentifier] = .text(identifier)
            return .run(
                Run(
                    of: check.id, at: desk.now, startedAt: desk.now, trigger: .scheduled, outcome: .pass,
                    result: ProbeResult(latency: .zero, facts: facts)), ticket: 1, isEvaluated: true)
        }
        #expect(desk.commit([item("1")]).batch.serverIdentifiers == [check.id: "1"])
        #expect(desk.commit([item("1")]).batch.serverIdentifiers == [:])
        let other = desk.commit([item("2")])
        #expect(other.batch.serverIdentifiers == [check.id: "2"])
        #expect(other.batch.runs.first?.result.findings.map(\.cause) == [.roleMismatch])
        let reset = desk.commit([.reset(check.id, .reconfigured)])
        #expect(reset.batch.serverIdentifiers == [check.id: nil])
        #expect(desk.commit([item("3")]).batch.runs.first?.result.findings == [])
    }
}
