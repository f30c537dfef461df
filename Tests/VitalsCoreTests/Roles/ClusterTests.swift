import Testing
import VitalsCore

@Suite("How many servers of each part a system has")
struct ClusterTests {
    /// `P` a primary, `O` a primary that is read-only, `R` a replica, `S` one that did not say, `N` one that
    /// nobody looked at lately.
    private static func members(_ letters: String) -> [Cluster.Member] {
        letters.enumerated().map { index, letter in
            let sights: [Character: Cluster.Member.Sight] = [
                "P": .role(.primary), "O": .role(.readOnlyPrimary), "R": .role(.replica), "S": .silent,
            ]
            return Cluster.Member(HealthCheckID("db.\(index)"), sights[letter] ?? .none)
        }
    }

    private static let none = "of this cluster: no server can be written to, and there should be 1"
    private static let few = "there is 1 replica, and there should be 2 at least"

    @Test(
        "is held against what it should have",
        arguments: [
            ("PR", 1, 1, nil), ("PRR", 1, 1, nil), ("P", 1, 0, nil), ("NN", 1, 1, nil), ("RN", 1, 1, nil),
            ("RS", 1, 1, nil), ("PN", 1, 1, nil), ("", 0, 0, nil),
            (
                "PPR", 1, 1,
                "of this cluster: 2 servers can be written to (db.0, db.1), and there should be 1"
            ),
            (
                "PPNS", 1, 0,
                "of this cluster: 2 servers can be written to (db.0, db.1), and there should be 1"
            ),
            ("RR", 1, 1, none), ("OR", 1, 1, none),
            ("PRS", 1, 2, "of this cluster: \(few)"),
            ("PRN", 1, 2, nil),
            ("RO", 1, 2, "\(none); \(few)"),
            ("PRR", 2, 0, "of this cluster: only 1 server can be written to, and there should be 2"),
            ("PP", 0, 0, "of this cluster: 2 servers can be written to (db.0, db.1), and there should be 0"),
        ] as [(String, Int, Int, String?)])
    func mismatch(letters: String, primaries: Int, replicas: Int, complaint: String?) {
        let cluster = Cluster(primaries: primaries, replicasAtLeast: replicas)
        #expect(cluster.mismatch(Self.members(letters)) == complaint)
    }

    @Test("what is wrong with it fails a run that passed, and is a finding of any other")
    func judged() {
        let cluster = Cluster()
        func run(_ outcome: Outcome) -> Run {
            let fault = outcome == .pass ? nil : Fault(.timeout, in: .read, message: "slow")
            return Run(
                of: HealthCheckID("db.0"), at: .second(1), startedAt: .second(1), trigger: .scheduled,
                outcome: outcome, result: ProbeResult(fault: fault, latency: .zero))
        }
        #expect(run(.pass).judged(as: cluster, Self.members("PR")) == run(.pass))
        let failed = run(.pass).judged(as: cluster, Self.members("PP"))
        #expect(failed.outcome == .fail)
        #expect(failed.result.fault?.cause == .roleMismatch && failed.result.fault?.code == "cluster")
        let warned = run(.warn).judged(as: cluster, Self.members("PP"))
        #expect(warned.outcome == .warn && warned.result.fault?.cause == .timeout)
        #expect(warned.result.findings.map(\.cause) == [.roleMismatch])
        #expect(run(.inconclusive).judged(as: cluster, Self.members("PP")) == run(.inconclusive))
    }
}
