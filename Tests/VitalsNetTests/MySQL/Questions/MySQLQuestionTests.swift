import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

private final class ServerToAsk: SuiteTrait, TestScoping {
    @TaskLocal static var server: MariaDBServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await MariaDBServer()
        try await server.start()
        for statement in Self.preparation { try await server.sql(statement) }
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }

    private static let preparation = [
        "CREATE DATABASE shop",
        "CREATE TABLE shop.sessions (id INT, is_live BOOL, note TEXT)",
        "INSERT INTO shop.sessions VALUES (1, TRUE, 'first'), (2, FALSE, NULL)",
        "CREATE TABLE shop.loose (a INT) ENGINE = MyISAM", "CREATE TABLE shop.light (a INT) ENGINE = Aria",
        "CREATE SEQUENCE shop.numbers",
        routine("FUNCTION shop.empties() RETURNS INT", "DELETE FROM shop.sessions; RETURN 1;"),
        routine("FUNCTION shop.loosens() RETURNS INT", "INSERT INTO shop.loose VALUES (1); RETURN 1;"),
        routine("FUNCTION shop.lightens() RETURNS INT", "INSERT INTO shop.light VALUES (1); RETURN 1;"),
        routine("PROCEDURE shop.sweeps()", "COMMIT; DELETE FROM shop.sessions; COMMIT;"),
    ]

    private static func routine(_ name: String, _ body: String) -> String {
        "DELIMITER //\nCREATE \(name) BEGIN \(body) END//\n"
    }
}

@Suite("Questions of a check's author, to MariaDB,", ServerToAsk(), .serialized)
struct MySQLQuestionTests {
    private func server() throws -> MariaDBServer { try #require(ServerToAsk.server) }

    /// By the socket, as the superuser: there is no right that it lacks.
    private func target() throws -> String { "root:@unix(\(try server().socket))/shop" }

    private func ask(
        _ query: String, _ conditions: String..., warning: [String] = [], timeout: Duration = .seconds(2)
    ) async throws -> ProbeResult {
        let question = OwnQuestion(
            "stuck", query, timeout: timeout,
            conditions: Conditions(
                failing: try conditions.map { try Condition(parsing: $0) },
                warning: try warning.map { try Condition(parsing: $0) }))
        let result = try await MySQLHarness.measure(target(), asking: [question])
        #expect(result.vital("connections")?.value != nil, "what follows is measured all the same")
        #expect(result.answers.isEmpty)
        return result
    }

    private func answers(_ questions: OwnQuestion...) async throws -> [OwnAnswer] {
        try await MySQLHarness.answers(target(), to: questions)
    }

    @Test("are judged by their rows, by the columns' names and types")
    func rows() async throws {
        let all = "SELECT id, is_live, note FROM sessions ORDER BY id"
        let held = try await ask(
            all, "[ROWS].count == 2", "[ROWS][0].id == 1", "[ROWS][0].is_live == 1", "[ROWS][1].is_live < 1",
            "[ROWS][0][2] == first", "[ROWS][1].note == null", "[RESPONSE_TIME] < 20s")
        #expect(held.fault == nil, "\(held)")
        #expect(held.conditions.count == 7)
        let broken = try await ask(all, "[ROWS].count < 2")
        #expect(broken.verdict == "condition in vitals")
        #expect(broken.fault?.message == "stuck: [ROWS].count (2) < 2")
        let warned = try await ask(all, "[ROWS].count == 2", warning: ["[ROWS][1].note == second"])
        #expect(warned.verdict == "condition_warn in vitals")
        #expect(
            try await ask("-- none\nSELECT 1 FROM sessions WHERE id > 9;\n", "[ROWS].count == 0").fault == nil
        )
        #expect(try await ask("SHOW TABLES LIKE 'sess%'", "[ROWS][0][0] == sessions").fault == nil)
        #expect(try await ask("(SELECT 1) UNION (SELECT 2)", "[ROWS].count == 2").fault == nil)
        #expect(try await ask("VALUES (7)", "[ROWS][0][0] == 7").fault == nil)
    }

    @Test(
        "that write, leave the transaction or the session, are refused, and change nothing",
        arguments: [
            // By us: nothing of it reaches the server.
            ("DELETE FROM sessions", "begins with DELETE"), ("CREATE TABLE x (a INT)", "begins with CREATE"),
            ("CREATE TEMPORARY TABLE x (a INT)", "begins with CREATE"),
            ("DROP TABLE sessions", "begins with DROP"), ("TRUNCATE sessions", "begins with TRUNCATE"),
            ("CALL sweeps()", "begins with CALL"), ("COMMIT", "begins with COMMIT"),
            ("SET GLOBAL max_connections = 11", "begins with SET"), ("FLUSH TABLES", "begins with FLUSH"),
            ("SET SESSION TRANSACTION READ WRITE", "begins with SET"), ("KILL 1", "begins with KILL"),
            ("LOCK TABLES sessions WRITE", "begins with LOCK"),
            ("GRANT ALL ON *.* TO x", "begins with GRANT"),
            ("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE sessions", "begins with LOAD"),
            ("EXECUTE IMMEDIATE 'DELETE FROM sessions'", "begins with EXECUTE"),
            ("BEGIN NOT ATOMIC COMMIT; DELETE FROM sessions; END", "begins with BEGIN"),
            ("ANALYZE DELETE FROM sessions", "begins with ANALYZE"), ("DO empties()", "begins with DO"),
            ("/*!50000 DELETE FROM sessions */", "carries out"),
            ("SELECT 1 /*M! INTO OUTFILE 'vitals-out' */", "carries out"),
            ("SELECT 1 INTO OUTFILE 'vitals-out'", "OUTFILE"),
            ("SELECT 1 into/**/dumpfile 'vitals-out'", "DUMPFILE"),
            // By the server, which has been told that the transaction only reads.
            ("SELECT empties()", "READ ONLY transaction (1792)"),
            ("SELECT loosens()", "READ ONLY transaction (1792)"),
            ("SELECT lightens()", "READ ONLY transaction (1792)"),
            ("SELECT NEXTVAL(numbers)", "READ ONLY transaction (1792)"),
            ("SELECT SETVAL(numbers, 1000)", "READ ONLY transaction (1792)"),
            ("SELECT * FROM sessions FOR UPDATE", "READ ONLY transaction (1792)"),
            ("SELECT 1; DELETE FROM sessions", "(1064)"), ("SELECT 1; COMMIT; DROP TABLE sessions", "(1064)"),
            ("WITH gone AS (SELECT 1) DELETE FROM sessions", "(1064)"),
            ("SELECT * FROM nowhere", "doesn't exist (1146)"),
        ])
    func refused(query: String, why: String) async throws {
        let result = try await ask(query, "[ROWS].count == 1")
        #expect(result.verdict == "condition in vitals", "\(result)")
        let message = try #require(result.fault?.message)
        #expect(message.hasPrefix("stuck: ") && message.contains(why), "\(message)")
        let left = try await server().sql(
            """
            SELECT (SELECT COUNT(*) FROM shop.sessions), (SELECT COUNT(*) FROM shop.loose),
            (SELECT COUNT(*) FROM shop.light), (SELECT next_not_cached_value FROM shop.numbers),
            (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop'), @@max_connections
            """)
        #expect(left == "2\t0\t0\t1\t4\t20")
        #expect(try server().directory.read("data/shop/vitals-out").isEmpty)
        #expect(try await server().status("Threads_connected") <= 2, "no session is left behind")
    }

    @Test("end at their caps of rows, bytes and time, and cost no other question anything")
    func caps() async throws {
        func numbers(_ count: Int, _ column: String = "i", _ limit: String = "") -> OwnQuestion {
            OwnQuestion(
                "\(count)\(column)\(limit)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) "
                    + "SELECT \(column) FROM n\(limit)")
        }
        let answers = try await answers(
            numbers(100), numbers(101), numbers(900), numbers(900, "i", " LIMIT 900"),
            numbers(900, "COUNT(*)"), numbers(2, "REPEAT('x', 40000)"),
            OwnQuestion("slow", "SELECT SLEEP(600)", timeout: .milliseconds(200)),
            OwnQuestion("last", "SELECT 1"))
        #expect(answers.map(\.name).last == "last" && answers.count == 8)
        let told = answers.map { answer in
            switch answer.content {
            case .rows(let rows): "\(rows.count) of \(rows.kept.first?.first.map { "\($0)" } ?? "none")"
            case .refused(let reason), .missing(let reason): reason
            }
        }
        let many = "returned more than 100 rows; let the query count or limit them"
        #expect(
            Array(told.prefix(6)) == [
                "100 of number(\"1\")", many, many, many, "1 of number(\"900\")", "returned more than 64 KiB",
            ])
        #expect(told[6].hasSuffix("(1969)"), "\(told)")
        #expect(answers[6].took >= .milliseconds(200))
        #expect(told[7] == "1 of number(\"1\")")
    }

    @Test("are given up by a server that has no limit of its own, once it is asked to")
    func killed() async throws {
        // It says that it is one, and nobody sets it a limit.
        let server = try await MariaDBServer(settings: ["version": "5.6.51"])
        try await server.start()
        let answers = try await MySQLHarness.answers(
            "root:@unix(\(server.socket))/",
            to: [
                OwnQuestion("slow", "\nSELECT SLEEP(600);\n", timeout: .milliseconds(200)),
                OwnQuestion("next", "SELECT 1"),
            ])
        try #require(answers.count == 2)
        #expect(
            answers[0].content
                == .refused("took longer than 200 ms: Query execution was interrupted (1317)"))
        #expect(answers[0].took >= .milliseconds(500))
        guard case .rows = answers[1].content else {
            Issue.record("\(answers)")
            return
        }
        try await server.stop()
    }

    @Test("end the asking with a row too long to be taken, and leave the run's verdict alone")
    func endlessRow() async throws {
        let question = OwnQuestion("huge", "SELECT REPEAT('x', 10000000)")
        let result = try await MySQLHarness.measure(target(), asking: [question])
        #expect(result.verdict == "condition_warn in vitals")
        #expect(result.fault?.message == "huge: the server sent a row of more than 64 KiB")
        #expect(result.vital("connections")?.reason?.contains("more than 64 KiB") == true)
    }

    @Test("have the values of their columns as what these are")
    func types() async throws {
        let values: [(type: String, value: String, seen: Observation.Field)] = [
            ("TINYINT", "-1", .number("-1")), ("BOOL", "TRUE", .number("1")),
            ("SMALLINT", "2", .number("2")), ("MEDIUMINT", "3", .number("3")),
            ("INT UNSIGNED", "4", .number("4")),
            (
                "BIGINT UNSIGNED", "18446744073709551615",
                .number("18446744073709551615")
            ),
            ("DECIMAL(10,2)", "6.5", .number("6.50")), ("FLOAT", "1.5", .number("1.5")),
            ("DOUBLE", "2.5e20", .number("2.5e20")), ("YEAR", "2026", .number("2026")),
            ("BIT(9)", "b'100000001'", .number("257")), ("DATE", "'2026-01-02'", .text("2026-01-02")),
            ("TIME", "'03:04:05'", .text("03:04:05")),
            ("DATETIME(3)", "'2026-01-02 03:04:05.678'", .text("2026-01-02 03:04:05.678")),
            ("CHAR(3)", "'12'", .text("12")), ("TEXT", "_utf8mb4 x'C3A9'", .text("é")),
            ("ENUM('a','b')", "'b'", .text("b")),
            ("BLOB", "x'4142'", .text("AB")), ("JSON", "'{\"a\":1}'", .text("{\"a\":1}")),
            ("INT", "NULL", .null), ("TEXT", "''", .text("")),
        ]
        let columns = values.indices.map { "c\($0) \(values[$0].type)" }.joined(separator: ", ")
        try await server().sql("CREATE TABLE shop.types (\(columns))")
        try await server().sql(
            "INSERT INTO shop.types VALUES (\(values.map(\.value).joined(separator: ", ")))")
        let answer = try #require(try await answers(OwnQuestion("types", "SELECT * FROM types")).first)
        try await server().sql("DROP TABLE shop.types")
        guard case .rows(let rows) = answer.content else {
            Issue.record("\(answer)")
            return
        }
        #expect(rows.columns == values.indices.map { "c\($0)" })
        #expect(rows.kept == [values.map(\.seen)])
    }

    @Test("measure vitals of their own, judged as any other, and leave ours their limits")
    func vitals() async throws {
        func own(_ name: String, _ query: String) -> VitalRule {
            VitalRule(name, "own", every: .seconds(60), source: .query(query), warn: 1, critical: 10)
        }
        let result = try await MySQLHarness.measure(
            target(),
            own: [
                own("session_rows", "SELECT COUNT(*) FROM sessions"), own("nothing", "SELECT 1 LIMIT 0"),
                own("words", "SELECT 'many'"), own("absent", "SELECT COUNT(*) FROM nowhere"),
                own("sweeping", "CALL sweeps()"), own("empty", "SELECT NULL"),
            ])
        #expect(result.vital("session_rows")?.value == 2)
        #expect(result.vital("session_rows")?.state == .degraded)
        #expect(result.fault?.code == "session_rows")
        #expect(result.vital("nothing")?.reason == "the query returned no row")
        #expect(result.vital("empty")?.reason == "the query returned NULL")
        #expect(result.vital("words")?.reason == "the query returned many, which is no number")
        #expect(result.vital("absent")?.reason?.contains("(1146)") == true)
        #expect(result.vital("sweeping")?.reason?.hasPrefix("begins with CALL; ") == true)
        #expect(result.vital("threads_running")?.value != nil)
    }
}
