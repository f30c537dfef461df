import Testing
import VitalsTesting

extension MySQLFaults {
    @Test(
        "tables that a backup keeps locked: no fault of what is only read, and its vitals are known",
        arguments: ["FLUSH TABLES WITH READ LOCK", "LOCK TABLES t WRITE"])
    func lockedTables(statement: String) async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let place = try await MySQLPlace(on: server)
        try await server.sql("GRANT RELOAD ON *.* TO \(place.app)")
        let holder = try await place.hold(statement)
        try await Stage.run { stage in
            let run = try await VitalsProgram.run(
                ["check", place.dsn(), "--vitals", "--timeout", "10s"], on: stage)
            #expect(run.exitCode == 0, "\(run.output)")
            for name in ["oldest_transaction_seconds", "replication_channels", "server_size_bytes"] {
                #expect(run.output.contains(" \(name)="), "\(run.output)")
            }
        }
        #expect(holder.isRunning)
        try await place.release()
    }
}
