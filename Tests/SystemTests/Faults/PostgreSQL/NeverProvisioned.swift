import Testing
import VitalsCore

extension PostgresFaults {
    @Test("a table of the write probe that was never made")
    func neverProvisioned() async throws {
        let place = try await Self.place()
        let page = FaultPage(
            check: place.checking("write: { table: vitals.other }"),
            isWellBefore: false,
            expected: ExpectedFault(
                verdict: "not_provisioned in write", causeClass: .config, state: "unknown",
                says: "there is no table vitals.other to write to: `vitals provision`"))
        try await page.turn()
    }
}
