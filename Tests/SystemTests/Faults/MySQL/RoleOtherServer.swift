import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("another server in the place of the one that was known")
    func roleOtherServer() async throws {
        let first = try await MariaDBServer(settings: ["server-id": "11"])
        try await first.start()
        let place = try await WritePlace(on: first)
        // The account is there before anybody is let in.
        try first.directory.write(
            "account.sql", "CREATE USER IF NOT EXISTS \(place.name) IDENTIFIED BY 's3cr3t';\n")
        let second = try await MariaDBServer(
            settings: [
                "server-id": "12", "port": "\(first.port)",
                "init-file": first.directory.file("account.sql"),
            ])
        let page = FaultPage(
            check: place.checking("role: primary"),
            expected: ExpectedFault(
                verdict: "role_mismatch in session (system_identifier)", causeClass: .target,
                state: "healthy",
                says: "another server answers than before: its system identifier is 12, and was 11"),
            breaking: {
                try await first.stop()
                try await second.start()
            })
        try await page.turn()
        try await second.stop()
    }
}
