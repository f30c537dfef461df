import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("another server in the place of the one that was known")
    func otherServer() async throws {
        let primary = try await PostgresServer(
            access: PostgresServer.passwords + "\nlocal replication all trust")
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let other = try await PostgresServer(
            settings: ["port": "\(primary.port)"], access: PostgresServer.passwords)
        let page = FaultPage(
            check: place.checking("role: primary"),
            expected: ExpectedFault(
                verdict: "role_mismatch in session (system_identifier)", causeClass: .target,
                state: "healthy", says: "another server answers than before: its system identifier is"),
            breaking: {
                try await primary.stop()
                try await other.start()
                try await run(
                    [
                        "psql", "-h", other.directory.path, "-p", "\(primary.port)", "-U", "postgres", "-c",
                        "CREATE ROLE \(place.name) LOGIN PASSWORD 's3cr3t'", "-c",
                        "CREATE DATABASE \(place.name)",
                    ], in: other.directory)
            })
        try await page.turn()
    }
}
