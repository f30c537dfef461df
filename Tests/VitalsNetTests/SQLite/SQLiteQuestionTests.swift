import Glibc
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("Questions of a check's author, to a database file,")
struct SQLiteQuestionTests {
    private let folder: SQLiteFolder
    private let path: String

    init() throws {
        folder = try SQLiteFolder()
        path = try folder.make(
            "app.db",
            """
            PRAGMA user_version = 7; CREATE TABLE sessions (id INTEGER PRIMARY KEY, is_live INT, note TEXT);
            INSERT INTO sessions VALUES (1, 1, 'first'), (2, 0, NULL);
            CREATE VIEW live AS SELECT * FROM sessions WHERE is_live;
            CREATE VIRTUAL TABLE words USING fts5(word); INSERT INTO words VALUES ('hello world');
            CREATE VIRTUAL TABLE boxes USING rtree(id, low, high); INSERT INTO boxes VALUES (1, 2, 3);
            CREATE VIRTUAL TABLE old USING fts4(word);
            INSERT INTO old VALUES ('a'); INSERT INTO old VALUES ('b')
            """)
    }

    private static func question(
        _ name: String, _ query: String, _ conditions: [String] = [], timeout: Duration = .seconds(2)
    ) throws -> OwnQuestion {
        OwnQuestion(
            name, query, timeout: timeout,
            conditions: Conditions(failing: try conditions.map { try Condition(parsing: $0) }))
    }

    private static func numbers(_ count: Int, _ column: String = "i") -> String {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) "
            + "SELECT \(column) FROM n"
    }

    private func told(_ answer: OwnAnswer) -> String {
        switch answer.content {
        case .rows(let rows): "\(rows.count) rows"
        case .refused(let reason), .missing(let reason): reason
        }
    }

    @Test("are judged by their rows, and are among the vitals", arguments: ["delete", "wal"])
    func rows(mode: String) async throws {
        try OtherProgram(path).perform("PRAGMA journal_mode = \(mode)")
        let before = folder.bytes("app.db")
        let questions = [
            try Self.question(
                "all", "SELECT id, is_live, note FROM sessions ORDER BY id;\n",
                [
                    "[ROWS].count == 2", "[ROWS][0].id == 1", "[ROWS][0].note == first",
                    "[ROWS][1].note == null", "[RESPONSE_TIME] < 20s",
                ]),
            try Self.question("view", "SELECT count(*) FROM live -- one", ["[ROWS][0][0] == 1"]),
            try Self.question("with", "WITH a AS (SELECT 1) SELECT * FROM a", ["[ROWS].count == 1"]),
            try Self.question(
                "text", "SELECT word FROM words WHERE words MATCH 'hello'", ["[ROWS].count == 1"]),
            try Self.question("boxes", "SELECT id FROM boxes WHERE low > 1", ["[ROWS].count == 1"]),
            try Self.question("json", "SELECT value FROM json_each('[4]')", ["[ROWS][0].value == 4"]),
            try Self.question("version", "PRAGMA user_version", ["[ROWS][0].user_version == 7"]),
            try Self.question("values", "VALUES (1), (2)", ["[ROWS].count == 2"]),
        ]
        let (result, judged) = try await folder.measure(path, asking: questions)
        #expect(judged.fault == nil, "\(judged)")
        #expect(judged.conditions.count == 12)
        #expect(judged.conditions.allSatisfy { $0.verdict == .holds })
        #expect(result.answers.map(\.name) == questions.map(\.name))
        #expect(result.vital("size_bytes")?.value != nil)
        #expect(result.phases.map(\.phase) == [.connect, .read, .vitals])
        #expect(folder.names == ["app.db"])
        #expect(folder.bytes("app.db") == before)
        let broken = try await folder.measure(
            path, asking: [try Self.question("none", "SELECT 1 FROM sessions", ["[ROWS].count == 0"])])
        #expect(broken.judged.verdict == "condition in vitals")
        #expect(broken.judged.fault?.message == "none: [ROWS].count (2) == 0")
    }

    private static let more = "the query would do more than read, or ask what it may not"
    private static let second = "the query is more than one statement"

    @Test(
        "that write, leave the file or the connection, are refused, and change nothing",
        arguments: [
            ("DELETE FROM sessions", more), ("INSERT INTO sessions VALUES (3, 1, NULL)", more),
            ("UPDATE sessions SET note = 'x' RETURNING id", more), ("DROP TABLE sessions", more),
            ("CREATE TABLE x (a)", more), ("CREATE TEMP TABLE x (a)", more), ("REINDEX", more),
            ("ATTACH '/PATH/other.db' AS other", more), ("DETACH main", more), ("ANALYZE", more),
            ("VACUUM", more), ("VACUUM INTO '/PATH/copy.db'", more), ("BEGIN IMMEDIATE", more),
            ("BEGIN EXCLUSIVE", more), ("COMMIT", more), ("SAVEPOINT s", more), ("ROLLBACK", more),
            ("PRAGMA query_only = 0", more), ("PRAGMA user_version = 9", more),
            ("PRAGMA journal_mode = delete", more), ("PRAGMA writable_schema = 1", more),
            ("PRAGMA wal_checkpoint", more), ("PRAGMA optimize", more), ("PRAGMA journal_mode", more),
            ("SELECT * FROM pragma_journal_mode", more), ("SELECT load_extension('/PATH/x.so')", more),
            ("WITH gone AS (SELECT 1) DELETE FROM sessions", more),
            ("INSERT INTO words(words) VALUES ('optimize')", more),
            ("SELECT optimize(old) FROM old LIMIT 1", more),
            ("SELECT 1; DELETE FROM sessions", second), ("SELECT 1; SELECT 2", second),
            ("SELECT 1;;; COMMIT", second), ("SELECT 1; nonsense", second),
            ("SELECT 1; ATTACH '/PATH/other.db' AS other", second), ("-- nothing", "the query says nothing"),
            ("SELECT * FROM nowhere", "no such table: nowhere (SQLite 1)"),
        ], [false, true])
    func refused(_ refusal: (query: String, why: String), writes: Bool) async throws {
        try OtherProgram(path).perform("PRAGMA journal_mode = \(writes ? "delete" : "wal")")
        let query = refusal.query.replacing("/PATH", with: folder.directory.path)
        let question = try Self.question("stuck", query, ["[ROWS].count == 1"])
        let before = folder.bytes("app.db")
        let (result, judged) = try await folder.measure(path, writes: writes, asking: [question])
        #expect(judged.verdict == "condition in vitals", "\(judged)")
        #expect(judged.fault?.message == "stuck: \(refusal.why)")
        #expect(result.vital("freelist_percent")?.value != nil, "what follows is measured all the same")
        #expect(folder.bytes("app.db") == before)
        #expect(folder.names == ["app.db"])
    }

    @Test("end at their caps of rows, bytes and time, and cost no other question anything")
    func caps() async throws {
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let (result, judged) = try await folder.measure(
            path,
            asking: [
                try Self.question("100", Self.numbers(100)), try Self.question("101", Self.numbers(101)),
                try Self.question("endless rows", endless.replacing("count(*)", with: "i")),
                try Self.question("bytes", Self.numbers(2, "hex(zeroblob(20000))")),
                try Self.question("blob", "SELECT zeroblob(70000)"),
                try Self.question("value", "SELECT zeroblob(1000000000)"),
                try Self.question("slow", endless, timeout: .milliseconds(200)),
                try Self.question("last", "SELECT 1"),
            ])
        let many = "returned more than 100 rows; let the query count or limit them"
        #expect(
            result.answers.map(told) == [
                "100 rows", many, many, "returned more than 64 KiB", "returned more than 64 KiB",
                "string or blob too big (SQLite 18)", "took longer than 200 ms", "1 rows",
            ])
        let slow = try #require(result.answers.first { $0.name == "slow" })
        #expect(slow.took >= .milliseconds(200))
        #expect(judged.verdict == "condition in vitals")
        #expect(result.vital("size_bytes")?.value != nil)
        #expect(result.vital("integrity_errors")?.value == 0, "the limits were the question's own")
    }

    @Test("that all the time is over for leave what was answered before")
    func overall() async throws {
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let (result, judged) = try await folder.measure(
            path,
            asking: [
                try Self.question("first", "SELECT 1", ["[ROWS].count == 1"]),
                try Self.question("slow", endless, ["[ROWS].count == 1"], timeout: .seconds(600)),
                try Self.question("never", "SELECT 1"),
            ], within: .seconds(2))
        let silence = "the file was opened, but not read to the end within 2 s"
        #expect(result.answers.map(told) == ["1 rows", silence, silence])
        #expect(result.fault == nil)
        #expect(judged.verdict == "condition_warn in vitals", "\(judged)")
        #expect(judged.fault?.message == "slow: \(silence) (and 1 other)")
        #expect(result.vital("size_bytes")?.reason == silence)
    }

    @Test("are not asked of a file that cannot be read")
    func locked() async throws {
        let other = try OtherProgram(path)
        try other.perform("BEGIN EXCLUSIVE")
        let question = try Self.question("stuck", "SELECT * FROM sessions")
        let (result, _) = try await folder.measure(path, asking: [question])
        #expect(result.fault?.cause == .lockTimeout)
        #expect(result.answers.isEmpty)
    }

    @Test("have each value as what it is, whatever the column was declared as")
    func types() async throws {
        let values: [(written: String, seen: Observation.Field)] = [
            ("1", .number("1")), ("-9223372036854775808", .number("-9223372036854775808")),
            ("1.5", .number("1.5")), ("1e20", .number("1.0e+20")), ("TRUE", .number("1")),
            ("'1'", .text("1")), ("'é'", .text("é")), ("''", .text("")), ("x'4142'", .text("AB")),
            ("x''", .text("")), ("NULL", .null), ("date('2026-01-02')", .text("2026-01-02")),
            ("'a' || char(0) || 'b'", .text("a\0b")),
        ]
        let query = values.map { "SELECT \($0.written) AS v" }.joined(separator: " UNION ALL ")
        let (result, _) = try await folder.measure(path, asking: [try Self.question("types", query)])
        guard case .rows(let rows)? = result.answers.first?.content else {
            Issue.record("\(result)")
            return
        }
        #expect(rows.columns == ["v"])
        #expect(rows.kept == values.map { [$0.seen] })
    }

    @Test("measure vitals of their own, judged as any other")
    func vitals() async throws {
        func own(_ name: String, _ query: String) -> VitalRule {
            VitalRule(name, "own", every: .seconds(60), source: .query(query), warn: 1, critical: 10)
        }
        let (result, judged) = try await folder.measure(
            path,
            own: [
                own("session_rows", "SELECT count(*) FROM sessions"), own("nothing", "SELECT 1 WHERE 0"),
                own("words_found", "SELECT 'many'"), own("absent", "SELECT count(*) FROM nowhere"),
                own("sweeping", "DELETE FROM sessions"), own("empty", "SELECT NULL"),
            ])
        #expect(judged.vital("session_rows")?.state == .degraded)
        #expect(judged.fault?.code == "session_rows")
        #expect(result.vital("session_rows")?.value == 2)
        #expect(result.vital("nothing")?.reason == "the query returned no row")
        #expect(result.vital("empty")?.reason == "the query returned NULL")
        #expect(result.vital("words_found")?.reason == "the query returned many, which is no number")
        #expect(result.vital("absent")?.reason == "no such table: nowhere (SQLite 1)")
        #expect(result.vital("sweeping")?.reason == Self.more)
    }
}
