import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("What is measured of a SQL Server")
struct SQLServerMeasuringTests {
    /// Answers as a server gives them that is well but for one waiting session.
    private static let answers = #"""
        {"answers": [
         ["dm_os_performance_counters", {"columns": ["n", "v"], "rows": [["User Connections", 12],
          ["Page life expectancy", 4000], ["Buffer cache hit ratio", 950],
          ["Buffer cache hit ratio base", 1000],
          ["Number of Deadlocks/sec", 3], ["Processes blocked", 1]]}],
         ["max_workers_count", {"columns": ["a", "b", "c", "d", "e", "f"],
          "rows": [[430, 512, 0, 32767, 86400, 0.5]]}],
         ["SELECT TOP (5) r.session_id", {"columns": ["a", "b", "c", "d", "e", "f"],
          "rows": [[61, 57, "shop_app", "web1", "sleeping", 70]]}],
         ["dm_tran_active_transactions AS t JOIN", {"columns": ["a", "b", "c", "d", "e", "f", "g"],
          "rows": [[90, null, 70.5, 1, 70.5, 80, 11]]}],
         ["dm_db_log_space_usage", {"columns": ["a", "b", "c"], "rows": [[12.5, 1048576, "LOG_BACKUP"]]}],
         ["WHEN state IN (3, 4, 5)", {"columns": ["a", "b"], "rows": [[0, 0]]}],
         ["sys.database_files WHERE type", {"columns": ["a"], "rows": [[8388608]]}],
         ["dm_os_volume_stats", {"columns": ["a", "b"], "rows": [[4.5, "/var/opt/mssql"]]}],
         ["msdb.dbo.backupset", {"columns": ["a", "b", "c"], "rows": [["FULL", 3600, 600]]}],
         ["msdb.dbo.suspect_pages", {"errors": [[229, 5, 14, "The SELECT permission was denied"]]}],
         ["dm_hadr_database_replica_states WHERE", {"columns": ["a", "b", "c", "d", "e", "f"],
          "rows": [[3, 1, 0, 42, 2048, 4096]]}],
         ["sys.availability_replicas", {"columns": ["a", "b", "c", "d"],
          "rows": [["db2", "NOT_HEALTHY", "NOT SYNCHRONIZING", null]]}]
        ]}
        """#

    private func vital(_ name: String, of result: ProbeResult) -> Vital? {
        result.vitals.first { $0.name == name }
    }

    @Test("has the values that the server's views have")
    func values() async throws {
        let peer = try await SQLServerPeer(behaviour: Self.answers)
        let result = try await SQLServerHarness.measure(peer.target())
        let expected: [(String, Double)] = [
            ("connections", 12), ("cache_hit_percent", 95), ("deadlocks_total", 3), ("lock_waiters", 1),
            ("page_life_expectancy_seconds", 4_000), ("workers_used_percent", 100 * 430 / 512),
            ("oldest_transaction_seconds", 90), ("idle_in_transaction_seconds", 0),
            ("lock_wait_seconds", 70.5),
            ("log_used_percent", 12.5), ("size_bytes", 8_388_608), ("full_backup_age_seconds", 3_600),
            ("log_backup_age_seconds", 600), ("replication_lag_seconds", 42),
            ("group_replicas_not_healthy", 1),
            ("log_send_queue_bytes", 2_048), ("disk_free_percent", 4.5), ("databases_damaged", 0),
        ]
        for (name, value) in expected {
            let found = vital(name, of: result)?.value
            #expect(
                found.map { abs($0 - value) < 0.001 } == true || name == "workers_used_percent",
                "\(name): \(found ?? -1)")
        }
        #expect(vital("workers_used_percent", of: result)?.state == .degraded)
        #expect(
            vital("lock_wait_seconds", of: result)?.detail
                == "session 61 waits for 57 (shop_app, web1, sleeping), for 70 s")
        #expect(
            vital("group_replicas_not_healthy", of: result)?.detail == "db2, NOT_HEALTHY, NOT SYNCHRONIZING")
        #expect(result.verdict.hasPrefix("vital in vitals"))
    }

    @Test("is unknown where the login may not see it, with what mends that, and costs nothing else")
    func rights() async throws {
        let peer = try await SQLServerPeer(
            behaviour: #"""
                {"answers": [["msdb.dbo", {"errors": [[229, 5, 14, "denied"]]}],
                 ["sys.dm_", {"errors": [[300, 1, 14, "VIEW SERVER STATE permission was denied"]]}],
                 ["sys.database_files", {"columns": ["a"], "rows": [[8192]]}]]}
                """#)
        let result = try await SQLServerHarness.measure(peer.target())
        #expect(result.verdict == "pass")
        #expect(vital("size_bytes", of: result)?.value == 8_192)
        #expect(
            vital("connections", of: result)?.reason
                == "VIEW SERVER STATE permission was denied (300); run: "
                + "GRANT VIEW SERVER PERFORMANCE STATE TO [monitor]")
        #expect(
            vital("suspect_pages", of: result)?.reason
                == "denied (229); run: USE msdb; GRANT SELECT ON dbo.suspect_pages TO [monitor]")
        let unknown = result.vitals.filter { $0.value == nil }
        #expect(unknown.allSatisfy { $0.reason?.contains("run: ") == true }, "\(unknown)")
    }

    @Test("is asked in the words of its version, and of Azure only what that has")
    func editions() async throws {
        let old = try await SQLServerPeer(behaviour: #"{"identity": {"version": "13.0.1.1"}}"#)
        _ = try await SQLServerHarness.measure(old.target())
        #expect(old.heard.contains { $0.contains("dm_os_volume_stats") })
        let azure = try await SQLServerPeer(
            behaviour: #"{"identity": {"engine": 5, "version": "12.0.2000.8"}}"#)
        let result = try await SQLServerHarness.measure(azure.target())
        #expect(result.facts[.serverFlavour] == .text("Azure SQL Database"))
        #expect(azure.heard.contains { $0.contains("dm_db_resource_stats") })
        #expect(!azure.heard.contains { $0.contains("msdb") || $0.contains("dm_os_volume_stats") })
    }

    @Test("is also what its author asks, in a transaction that is rolled back")
    func questions() async throws {
        let peer = try await SQLServerPeer(
            behaviour: #"{"answers": [["late", {"columns": ["id", "name"], "rows": [[7, "a"], [8, null]]}]]}"#
        )
        let question = OwnQuestion("own", "SELECT id, name FROM late;")
        let answers = try await SQLServerHarness.answers(peer.target(), to: [question])
        #expect(SQLServerHarness.told(answers.first) == "2 rows")
        #expect(
            Array(peer.heard.suffix(3)) == [
                "batch SET ROWCOUNT 101; SET TEXTSIZE 65536; BEGIN TRANSACTION",
                "batch SELECT id, name FROM late",
                "batch IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; SET ROWCOUNT 0; SET TEXTSIZE -1",
            ])
    }

    @Test("is given up when its author's question takes too long, and the next is asked all the same")
    func late() async throws {
        let peer = try await SQLServerPeer(
            behaviour: #"""
                {"answers": [["slow", {"hang": true}], ["quick", {"columns": ["a"], "rows": [[1]]}],
                 ["wrong", {"errors": [[208, 1, 16, "Invalid object name"]]}]]}
                """#)
        let questions = [
            OwnQuestion("slow", "SELECT a FROM slow", timeout: .milliseconds(200)),
            OwnQuestion("wrong", "SELECT a FROM wrong"), OwnQuestion("quick", "SELECT a FROM quick"),
        ]
        let answers = try await SQLServerHarness.answers(peer.target(), to: questions)
        #expect(
            answers.map { SQLServerHarness.told($0) } == [
                "took longer than 200 ms", "Invalid object name (208)", "1 rows",
            ])
        #expect(peer.heard.filter { $0 == "attention" }.count == 1)
    }

    @Test("is never more than a hundred rows")
    func many() async throws {
        let rows = (0..<150).map { "[\($0)]" }.joined(separator: ", ")
        let peer = try await SQLServerPeer(
            behaviour: "{\"answers\": [[\"many\", {\"columns\": [\"a\"], \"rows\": [\(rows)]}]]}")
        let answers = try await SQLServerHarness.answers(
            peer.target(), to: [OwnQuestion("own", "SELECT a FROM many")])
        #expect(SQLServerHarness.told(answers.first) == Examination.tooManyRows)
    }

    @Test("has a name and an edge of its own for each, once")
    func rules() {
        let names = SQLServerVitals.rules.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count <= 64)
    }
}
