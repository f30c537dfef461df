import Testing
import VitalsTesting

@Suite("vitals check", .oneOfAFew)
struct CheckCommandTests {
    private static let members: Set = [
        "target", "kind", "outcome", "cause", "class", "phase", "message", "latency_ms", "phases_ms", "facts",
        "findings", "vitals", "conditions", "questions",
    ]

    @Test("does not end before the server knows that nobody waits for its answer any more")
    func givesUp() async throws {
        try await Stage.run { stage in
            let server = try await PostgresServer()
            try await server.start()
            try await server.sql("CREATE ROLE held LOGIN PASSWORD 'pw'")
            let target = "postgres://held:pw@127.0.0.1:\(server.port)/postgres"
            // What every query must read that calls a function.
            let holder = try server.session(
                "BEGIN; LOCK TABLE pg_catalog.pg_proc IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)")
            try await eventually(that: "the lock") {
                let check = try await VitalsProgram.run(
                    ["check", target, "--timeout", "500ms", "--json"], on: stage)
                let json = try JSONValue(parsing: check.output)
                return json["cause"].string == "timeout" && json["phase"].string == "session"
            }
            try await eventually(that: "the end of the query") {
                server.log.contains("canceling statement due to user request")
            }
            await holder.stop()
        }
    }

    @Test("PostgreSQL that is well: 0, with its facts; with a wrong password: 3; stopped: 2")
    func postgres() async throws {
        try await Stage.run { stage in
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            try await postgres.addMonitor()
            let url = postgres.monitorURL()
            let people = try await VitalsProgram.run(["check", url], on: stage)
            #expect(people.exitCode == 0, "\(people)")
            let line = try #require(people.output.split(separator: "\n").first)
            #expect(line.contains("|"), "performance data follow a bar")

            let passed = try await VitalsProgram.run(["check", url, "--json"], on: stage)
            #expect(passed.exitCode == 0)
            let json = try JSONValue(parsing: passed.output)
            #expect(json.names == Self.members)
            #expect(json["kind"].string == "postgres")
            #expect(json["outcome"].string == "pass")
            #expect(json["cause"] == .null)
            #expect(json["facts"]["role"].string == "primary")
            #expect(try #require(json["facts"]["server_version"].string).isEmpty == false)
            #expect(try #require(json["facts"]["system_identifier"].string).isEmpty == false)
            #expect(json["phases_ms"].names.isSuperset(of: ["connect", "authenticate", "read"]))

            let measured = try await VitalsProgram.run(["check", url, "--vitals", "--json"], on: stage)
            #expect(measured.exitCode == 0, "\(measured)")
            #expect(measured.output.contains(#"{"name":"connections_used_percent","value":"#))
            #expect(measured.output.contains("; run: GRANT pg_monitor TO "), "it may not see everything")

            let wrong = try await VitalsProgram.run(
                ["check", postgres.monitorURL(password: "no"), "--json"], on: stage)
            #expect(wrong.exitCode == 3)
            let refusal = try JSONValue(parsing: wrong.output)
            #expect(refusal["cause"].string == "auth_failed")
            #expect(refusal["class"].string == "config")

            try await postgres.stop()
            let stopped = try await VitalsProgram.run(["check", url, "--json"], on: stage)
            #expect(stopped.exitCode == 2)
            let failure = try JSONValue(parsing: stopped.output)
            #expect(failure["cause"].string == "refused")
            #expect(failure["class"].string == "target")
            #expect(failure["phase"].string == "connect")
            #expect(failure["target"].string?.contains("s3cr3t") == false)
        }
    }

    @Test("MariaDB that is well: 0, with its facts; with a wrong password: 3; stopped: 2")
    func mariadb() async throws {
        try await Stage.run { stage in
            let server = try await MariaDBServer()
            try await server.start()
            try await server.sql("CREATE USER monitor IDENTIFIED BY 's3cr3t'")
            let url = "mysql://monitor:s3cr3t@127.0.0.1:\(server.port)/"
            let people = try await VitalsProgram.run(["check", url], on: stage)
            #expect(people.exitCode == 0, "\(people)")
            #expect(people.output.contains("(MariaDB 1"), "\(people)")
            let passed = try await VitalsProgram.run(["check", url, "--json"], on: stage)
            let json = try JSONValue(parsing: passed.output)
            #expect(json["kind"].string == "mysql")
            #expect(json["facts"]["server_flavour"].string == "MariaDB")
            #expect(json["facts"]["role"].string == "primary")
            #expect(json["phases_ms"].names.isSuperset(of: ["greeting", "authenticate", "session", "read"]))

            let other = "mariadb://monitor:no@127.0.0.1:\(server.port)/"
            let wrong = try await VitalsProgram.run(["check", other, "--json"], on: stage)
            #expect(wrong.exitCode == 3)
            #expect(try JSONValue(parsing: wrong.output)["cause"].string == "auth_failed")

            try await server.stop()
            let stopped = try await VitalsProgram.run(["check", url, "--json"], on: stage)
            #expect(stopped.exitCode == 2)
            #expect(try JSONValue(parsing: stopped.output)["cause"].string == "refused")
            #expect(!stopped.output.contains("s3cr3t"))
        }
    }

    @Test(
        "an HTTP answer decides",
        arguments: [(200, 0, "pass"), (204, 0, "pass"), (302, 0, "pass"), (404, 2, "fail"), (503, 2, "fail")])
    func http(status: Int, exitCode: Int32, outcome: String) async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answer(status, body: status == 204 ? "" : "ok"))
            let result = try await VitalsProgram.run(["check", "\(target.url)/", "--json"], on: stage)
            #expect(result.exitCode == exitCode)
            let json = try JSONValue(parsing: result.output)
            #expect(json["outcome"].string == outcome)
            #expect(json["facts"]["http_status"].number == Double(status))
            #expect(json["cause"].string == (exitCode == 0 ? nil : "http_status"))
        }
    }

    @Test(
        "conditions decide on an answer: 0 they hold, 1 one that should does not, 2 one that must does not",
        arguments: [
            (["--condition", "[STATUS] == 503", "--condition", "[BODY].status == DOWN"], 0, "pass", 2),
            (
                ["--condition", "[STATUS] == 503", "--warn-condition", "[BODY].status == UP"], 1, "warn", 2
            ),
            (
                ["--condition", "[STATUS] == 200", "--warn-condition", "[BODY].status == UP"], 2, "fail", 2
            ),
            (["--condition", "-1 > [STATUS]"], 2, "fail", 1),
            (["--condition", "[BODY].status == DOWN"], 2, "fail", 0),
        ])
    func conditions(given: [String], exitCode: Int32, outcome: String, count: Int) async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answer(503, body: #"{"status":"DOWN"}"#))
            let result = try await VitalsProgram.run(
                ["check", "\(target.url)/", "--json"] + given, on: stage)
            #expect(result.exitCode == exitCode, "\(result)")
            let json = try JSONValue(parsing: result.output)
            #expect(json["outcome"].string == outcome)
            #expect(json["conditions"].items.count == count)
        }
    }

    @Test("--collect asks a database: what became of each question is told, with how long it took")
    func collect() async throws {
        try await Stage.run { stage in
            let directory = try TemporaryDirectory("vitals-collect")
            let statements = "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"
            try await run(["sqlite3", "app.db", statements], in: directory)
            let target = "sqlite:///\(directory.file("app.db"))"
            func check(_ items: String...) async throws -> (exitCode: Int32, output: String, errors: String) {
                let options = ["--json"] + items.flatMap { ["--collect", $0] }
                return try await VitalsProgram.run(["check", target] + options, on: stage)
            }
            let held = try await check(
                "{name: rows, query: SELECT a FROM t, conditions: '[ROWS].count == 2'}",
                "{name: slow, query: SELECT 1, warn_conditions: '[RESPONSE_TIME] < 0ms'}")
            #expect(held.exitCode == 1, "\(held)")
            let json = try JSONValue(parsing: held.output)
            #expect(json["questions"].items.map { $0["name"].string } == ["rows", "slow"])
            #expect(json["questions"].items.first?["rows"].number == 2)
            #expect(json["questions"].items.first?["took_ms"].number != nil)
            #expect(json["conditions"].items.count == 2)
            let refused = try await check("{name: drop, query: DROP TABLE t}")
            #expect(refused.exitCode == 2, "\(refused)")
            let reason = try JSONValue(parsing: refused.output)["questions"].items.first?["reason"].string
            #expect(reason?.hasPrefix("the query would do more than read") == true)
            let broken = try await check("{name: a, query: SELECT 1, timeout: 3s}", "{name: a, qery: x}")
            #expect(broken.exitCode == 3)
            #expect(broken.errors.contains("--collect 1:1:"), "\(broken)")
            #expect(
                broken.errors.contains("collect[1].qery: unknown key; did you mean `query`?"), "\(broken)")
            let mysql = try await VitalsProgram.run(
                ["check", "mysql://u@127.0.0.1:1/", "--collect", "{name: a, query: CALL p()}"], on: stage)
            #expect(mysql.exitCode == 3)
            #expect(mysql.errors.contains("collect[0].query: begins with CALL; only what"), "\(mysql)")
            let tcp = try await VitalsProgram.run(
                ["check", "tcp://127.0.0.1:1", "--collect", "{name: a, query: SELECT 1}"], on: stage)
            #expect(tcp.errors.contains("a check of the kind `tcp` takes no queries"), "\(tcp)")
        }
    }

    @Test(
        "a condition that makes no sense is no verdict: 3, and where, or what the kind never has",
        arguments: [
            ("http://127.0.0.1:1/", "[STATUS] = 200", "column 10"),
            ("tcp://127.0.0.1:1", "[STATUS] == 200", "asks for [STATUS], which a tcp check never has"),
        ])
    func wrongCondition(target: String, condition: String, words: String) async throws {
        try await Stage.run { stage in
            for option in ["--condition", "--warn-condition"] {
                let result = try await VitalsProgram.run(["check", target, option, condition], on: stage)
                #expect(result.exitCode == 3)
                #expect(result.errors.contains(words), "\(result)")
                #expect(result.errors.contains(option))
            }
        }
    }

    @Test("a target that says nothing is given up after the timeout")
    func timeout() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.hang)
            let result = try await VitalsProgram.run(
                ["check", "\(target.url)/", "--timeout", "1s", "--json"], on: stage)
            #expect(result.exitCode == 2)
            let json = try JSONValue(parsing: result.output)
            #expect(json["cause"].string == "timeout")
            #expect(try #require(json["latency_ms"].number) >= 990)
        }
    }

    @Test("a port: open 0, closed 2")
    func tcp() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            #expect(
                try await VitalsProgram.run(["check", "tcp://\(target.address)"], on: stage).exitCode == 0)
            target.close()
            #expect(
                try await VitalsProgram.run(["check", "tcp://\(target.address)"], on: stage).exitCode == 2)
        }
    }

    @Test(
        "what cannot be understood: 3, and what was meant, without any secret",
        arguments: [
            ["ftp://a:s3cr3t@b/"], ["postgres://u:s3cr3t@h:notaport/d"], [], ["http://h/", "--timeout", "5"],
        ])
    func usage(arguments: [String]) async throws {
        try await Stage.run { stage in
            let result = try await VitalsProgram.run(["check"] + arguments, on: stage)
            #expect(result.exitCode == 3)
            let text = result.output + result.errors
            #expect(!text.isEmpty)
            #expect(!text.contains("s3cr3t"))
        }
    }
}
