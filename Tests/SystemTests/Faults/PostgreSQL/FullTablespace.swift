import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a disk that is full, where the row of the write probe needs another page", .onPrivateDisk)
    func fullTablespace() async throws {
        let disk = try await PrivateDisk(megabytes: 1)
        let server = try await PostgresServer(access: PostgresServer.passwords)
        let process = try ChildProcess(
            disk.entering + server.command, in: server.directory.path,
            output: server.directory.file("server.log"), asUnprivileged: false)
        try await eventually(that: "the server is ready", within: .seconds(60)) {
            server.directory.read("data/postmaster.pid").contains("\nready")
        }
        let place = try await FaultPlace(on: server)
        let folder = disk.folder.file("space")
        try await disk.run(["install", "-d", "-o", "nobody", "-m", "700", folder])
        try await place.sql("CREATE TABLESPACE small LOCATION '\(folder)'")
        try await place.sql("ALTER TABLE vitals.heartbeat SET TABLESPACE small")
        let reader = Box<ChildProcess>()
        let page = FaultPage(
            check: place.writing,
            expected: ExpectedFault(
                verdict: "write_refused_resource in write (53100)", causeClass: .partial, state: "degraded",
                says: "No space left on device"),
            breaking: {
                // While somebody may still look at the old rows, their place is not used anew.
                reader.value = try await place.hold("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
                try disk.fill()
                try await self.useUp(place)
            },
            mending: {
                try disk.free()
                try await place.release()
            })
        try await page.turn()
        await process.stop(SIGINT)
    }

    /// Changes the row until its page has no room for another version of it.
    private func useUp(_ place: FaultPlace) async throws {
        let updates = """
            DO $$ BEGIN FOR i IN 1..1000 LOOP
            UPDATE vitals.heartbeat SET seq = seq; COMMIT;
            END LOOP; END $$
            """
        let failure = await #expect(throws: ProgramFailed.self) { try await place.sql(updates) }
        #expect(failure?.output.contains("No space left on device") == true, "\(String(describing: failure))")
    }
}
