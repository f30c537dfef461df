import Testing
import VitalsTesting

@Suite("On the command line, SQL Server")
struct SQLServerCommandTests {
    @Test("that is well: 0, with its facts; with a wrong password: 3; stopped: 2")
    func check() async throws {
        try await Stage.run { stage in
            let peer = try await SQLServerPeer()
            let people = try await VitalsProgram.run(["check", peer.target()], on: stage)
            #expect(people.exitCode == 0, "\(people)")
            #expect(people.output.contains("SQL Server Developer Edition 16.0.4105.2"), "\(people)")
            let passed = try await VitalsProgram.run(
                ["check", peer.target(), "--json", "--read-write"], on: stage)
            #expect(passed.exitCode == 0, "\(passed)")
            let json = try JSONValue(parsing: passed.output)
            #expect(json["kind"].string == "sqlserver")
            #expect(json["facts"]["server_flavour"].string == "SQL Server Developer Edition")
            #expect(json["facts"]["write"].string == "done")
            #expect(json["phases_ms"].names.isSuperset(of: ["greeting", "authenticate", "session", "write"]))

            let other = peer.target("?database=shop&encrypt=disable", password: "no")
            let wrong = try await VitalsProgram.run(["check", other, "--json"], on: stage)
            #expect(wrong.exitCode == 3)
            #expect(try JSONValue(parsing: wrong.output)["cause"].string == "auth_failed")

            await peer.stop()
            let stopped = try await VitalsProgram.run(["check", peer.target(), "--json"], on: stage)
            #expect(stopped.exitCode == 2)
            #expect(try JSONValue(parsing: stopped.output)["cause"].string == "refused")
            #expect(!stopped.output.contains("s3cr3t"))
        }
    }

    @Test("is asked what its author wants to know, but nothing that may do more than read")
    func questions() async throws {
        try await Stage.run { stage in
            let peer = try await SQLServerPeer(
                behaviour: #"{"answers": [["late", {"columns": ["id"], "rows": [[7]]}]]}"#)
            let target = peer.target()
            let asked = try await VitalsProgram.run(
                [
                    "check", target, "--collect",
                    "{name: late, query: SELECT id FROM late, conditions: \"[ROWS].count == 0\"}",
                ], on: stage)
            #expect(asked.exitCode != 0, "\(asked)")
            #expect(peer.heard.contains("batch SELECT id FROM late"))
            let refused = try await VitalsProgram.run(
                ["check", target, "--collect", "{name: a, query: SELECT 1 DELETE FROM t}"], on: stage)
            #expect(refused.exitCode == 3)
            #expect(
                refused.errors.contains("collect[0].query: holds the word DELETE, which a statement"),
                "\(refused)")
        }
    }

    @Test("is told by `provision` what it needs to be watched, or has it printed")
    func provision() async throws {
        try await Stage.run { stage in
            let peer = try await SQLServerPeer()
            let printed = try await VitalsProgram.run(
                ["provision", peer.target(), "--for", "watcher"], on: stage)
            #expect(printed.exitCode == 0)
            for part in [
                "CREATE LOGIN [watcher]", "CREATE USER [watcher] FOR LOGIN [watcher]",
                "GRANT VIEW SERVER STATE TO [watcher]", "CREATE TABLE [vitals].[heartbeat]",
                "GRANT SELECT, INSERT, UPDATE ON [vitals].[heartbeat] TO [watcher]",
            ] {
                #expect(printed.output.contains(part), "\(part)")
            }
            #expect(!printed.output.contains("s3cr3t"))
            #expect(peer.heard.isEmpty, "nothing is run unless it is asked for")

            let done = try await VitalsProgram.run(
                ["provision", peer.target(), "--for", "watcher", "--apply"], on: stage)
            #expect(done.exitCode == 0, "\(done)")
            #expect(done.output.contains("ALTER LOGIN [watcher] ENABLE"))
            #expect(peer.heard.last?.contains("GRANT SELECT, INSERT, UPDATE") == true)

            try peer.behave(
                #"{"answers": [["CREATE SCHEMA", {"errors": [[2760, 1, 16, "No permission"]]}]]}"#)
            let barred = try await VitalsProgram.run(["provision", peer.target(), "--apply"], on: stage)
            #expect(barred.exitCode == 1)
            #expect(barred.errors.contains("at statement 1 of 2: IF SCHEMA_ID"), "\(barred)")
        }
    }
}
