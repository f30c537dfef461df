import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a script that does not end, while which nobody is served")
    func redisBusyScript() async throws {
        let place = try await Self.place(["busy-reply-threshold 10"])
        let server = place.server
        let script = Box<ChildProcess>()
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "backend_unavailable in session (BUSY)", causeClass: .target, state: "unhealthy",
                says: "busy running a script"),
            breaking: { script.value = try server.client("EVAL", "while true do end", "0") },
            mending: { try await place.tell("SCRIPT", "KILL") })
        try await page.turn()
        await script.value?.stop()
    }
}
