import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a session that the server ends under us, as it does in a shutdown")
    func killedSession() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        // So that it is met while it waits.
        try await place.countLogins()
        let holder = Box<ChildProcess>()
        let killing = Box<Task<Void, Never>>()
        defer { killing.value?.cancel() }
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "reset in session", causeClass: .target, state: "unhealthy",
                says: "the server closed the connection during a query"),
            breaking: {
                holder.value = try await place.holdUpLogins()
                killing.value = Task {
                    while !Task.isCancelled { _ = try? await place.sql("KILL USER \(place.name)") }
                }
            },
            mending: {
                killing.value?.cancel()
                try await place.release()
            })
        try await page.turn()
    }
}
