import Testing
import VitalsCore
import VitalsTesting

extension SQLServerFaults {
    @Test("a secondary that confirms no commit")
    func hungCommit() async throws {
        try await Self.turn(
            ExpectedFault(
                verdict: "commit_stalled in write", causeClass: .partial, state: "degraded",
                says: "not confirm it?"),
            when:
                #"""
                {"identity": {"in_group": 1},
                 "answers": [["sp_getapplock", {"columns": ["taken"], "rows": [[-1]]}]]}
                """#,
            check: { Self.check($0, "write: true") })
    }
}
