import Testing
import VitalsTesting

@Suite("vitals provision", .oneOfAFew)
struct ProvisionCommandTests {
    @Test("prints SQL that psql runs, twice, after which the role can write and nothing else")
    func postgres() async throws {
        try await Stage.run { stage in
            let server = try await PostgresServer()
            try await server.start()
            let target = "postgres://watcher@127.0.0.1:\(server.port)/postgres"
            let printed = try await VitalsProgram.run(["provision", target], on: stage)
            #expect(printed.exitCode == 0 && printed.errors == "")
            for _ in 1...2 { try await server.sql(printed.output) }
            let check = try await VitalsProgram.run(["check", target, "--read-write", "--json"], on: stage)
            let json = try JSONValue(parsing: check.output)
            #expect(check.exitCode == 0, "\(check)")
            #expect(json["facts"]["write"].string == "done")
            #expect(json["facts"]["read"].string == "heartbeat")
            #expect(json["findings"].items.isEmpty)
            let rights = "FROM information_schema.table_privileges WHERE grantee = 'watcher'"
            #expect(
                try await server.sql("SELECT string_agg(privilege_type, ' ' ORDER BY 1) \(rights)")
                    == "INSERT SELECT UPDATE")
            #expect(
                try await server.sql("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'watcher'") == "3")
        }
    }

    @Test("runs it for another user, or for its own, all of it or nothing")
    func applies() async throws {
        try await Stage.run { stage in
            let server = try await PostgresServer()
            try await server.start()
            try await server.sql("CREATE ROLE owner LOGIN")
            try await server.sql("CREATE DATABASE own OWNER owner")
            let own = "postgres://owner@127.0.0.1:\(server.port)/own"
            let forItself = try await VitalsProgram.run(["provision", own, "--apply"], on: stage)
            #expect(forItself.exitCode == 0, "\(forItself)")
            #expect(forItself.output.contains("is set up"))
            #expect(try await VitalsProgram.run(["check", own, "--read-write"], on: stage).exitCode == 0)

            let barred = try await VitalsProgram.run(
                ["provision", own, "--for", "watcher", "--table", "other.row", "--apply"], on: stage)
            #expect(barred.exitCode == 1)
            #expect(barred.errors.contains("nothing was changed: privilege in write"), "\(barred)")
            #expect(
                try await server.sql(
                    "SELECT count(*) FROM pg_namespace WHERE nspname = 'other'", database: "own")
                    == "0")
        }
    }

    @Test(
        "says what it cannot do",
        arguments: [
            (["https://example.com/"], "only postgres://"), (["postgres://a@h/d", "--table", "x"], "table"),
            (["postgres://a@h/d", "--for", "it's"], "without quotes"),
            (["mysql://a@h/d", "--table", "x"], "table"), (["postgres://:s3cr3t@h:x/d"], "port"),
        ])
    func wrong(arguments: [String], words: String) async throws {
        try await Stage.run { stage in
            let result = try await VitalsProgram.run(["provision"] + arguments, on: stage)
            #expect(result.exitCode == 3)
            #expect(result.errors.contains(words), "\(result)")
            #expect(!result.errors.contains("s3cr3t"))
        }
    }

    @Test("prints SQL that MariaDB runs, twice, after which the user can write and nothing else")
    func mysql() async throws {
        try await Stage.run { stage in
            let server = try await MariaDBServer()
            try await server.start()
            let target = "mysql://watcher:pw@127.0.0.1:\(server.port)/"
            let printed = try await VitalsProgram.run(["provision", target], on: stage)
            #expect(printed.exitCode == 0 && printed.errors == "")
            for _ in 1...2 { try await server.sql(printed.output) }
            let locked = try await VitalsProgram.run(["check", target], on: stage)
            #expect(locked.exitCode == 3, "nobody logs in before there is a password")
            try await server.sql("ALTER USER watcher IDENTIFIED BY 'pw' ACCOUNT UNLOCK")
            for (options, seen) in [(["--role", "primary"], "pass"), (["--role", "replica"], "fail")] {
                let check = try await VitalsProgram.run(
                    ["check", target, "--read-write", "--json"] + options, on: stage)
                let json = try JSONValue(parsing: check.output)
                #expect(json["outcome"].string == seen, "\(check)")
                #expect(json["facts"]["read"].string == "heartbeat")
            }
            #expect(try await server.sql("SELECT COUNT(*), SUM(seq) FROM vitals.heartbeat") == "1\t1")
            let grants = try await server.sql("SHOW GRANTS FOR watcher")
            #expect(grants.contains("GRANT SELECT, INSERT, UPDATE ON `vitals`.`heartbeat`"), "\(grants)")
            #expect(grants.contains("WITH MAX_USER_CONNECTIONS 3"))
        }
    }

    @Test("runs it for another user of MariaDB, or for its own, and says where it stopped")
    func appliesToMySQL() async throws {
        try await Stage.run { stage in
            let server = try await MariaDBServer()
            try await server.start()
            try await server.sql("CREATE USER owner; GRANT ALL ON vitals.* TO owner")
            let root = "mysql://root@/?socket=\(server.socket)"
            for _ in 1...2 {
                let done = try await VitalsProgram.run(
                    ["provision", root, "--for", "it was", "--apply"], on: stage)
                #expect(done.exitCode == 0, "\(done)")
                #expect(done.output.contains("is set up"))
                #expect(done.output.contains("ALTER USER 'it was'@'%' IDENTIFIED BY '...' ACCOUNT UNLOCK"))
            }
            let grants = try await server.sql("SHOW GRANTS FOR 'it was'")
            #expect(grants.contains("SLAVE MONITOR"), "MariaDB has a right of its own: \(grants)")

            let own = "mysql://owner@127.0.0.1:\(server.port)/"
            let forItself = try await VitalsProgram.run(["provision", own, "--apply"], on: stage)
            #expect(forItself.exitCode == 0, "\(forItself)")
            #expect(try await VitalsProgram.run(["check", own, "--read-write"], on: stage).exitCode == 0)

            let barred = try await VitalsProgram.run(
                ["provision", own, "--table", "other.row", "--apply"], on: stage)
            #expect(barred.exitCode == 1)
            #expect(
                barred.errors.contains(
                    "not all of it was run; it may be run again: privilege in write: Access denied"),
                "\(barred)")
            #expect(barred.errors.contains("at statement 1 of 2: CREATE DATABASE"))
            let absent = try await VitalsProgram.run(
                ["provision", "mysql://owner@127.0.0.1:1/", "--apply"], on: stage)
            #expect(absent.errors.contains("nothing was changed: refused in connect"), "\(absent)")
        }
    }

    @Test("a role that is not the expected one fails a check: 2, with what was expected and seen")
    func role() async throws {
        try await Stage.run { stage in
            let server = try await PostgresServer()
            try await server.start()
            let target = "postgres://postgres@127.0.0.1:\(server.port)/postgres"
            let wrong = try await VitalsProgram.run(
                ["check", target, "--role", "replica", "--json"], on: stage)
            #expect(wrong.exitCode == 2)
            let finding = try #require(try JSONValue(parsing: wrong.output)["findings"].items.first)
            #expect(finding["cause"].string == "role_mismatch")
            #expect(finding["severity"].string == "critical")
            #expect(
                finding["message"].string
                    == "a replica was expected, and this is a primary: was it promoted?")
            #expect(
                try await VitalsProgram.run(["check", target, "--role", "primary"], on: stage).exitCode == 0)
            let service = try await VitalsProgram.run(
                ["check", "tcp://127.0.0.1:1", "--role", "primary"], on: stage)
            #expect(service.exitCode == 3 && service.errors.contains("--role is for database servers"))
            let unknown = try await VitalsProgram.run(["check", target, "--role", "leader"], on: stage)
            #expect(unknown.exitCode == 3 && unknown.errors.contains("primary"))
        }
    }
}
