import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a server that recovers before it takes anybody in")
    func startingUp() async throws {
        let server = try await PostgresServer(access: PostgresServer.passwords)
        try await server.start()
        let place = try await FaultPlace(on: server)
        let page = FaultPage(
            check: place.reading,
            expected: ExpectedFault(
                verdict: "starting_up in authenticate (57P03)", causeClass: .target, state: "unhealthy",
                says: "the database system is starting up"),
            breaking: {
                try await server.sql("ALTER SYSTEM SET restore_command = 'sleep 600'")
                try await server.stop()
                try server.directory.write("data/recovery.signal", "")
                try server.launch()
            },
            mending: {
                try await server.stop(SIGQUIT)
                try server.directory.write("data/postgresql.auto.conf", "")
                try await run(["rm", "data/recovery.signal"], in: server.directory)
                try await server.start()
            })
        try await page.turn()
    }
}
