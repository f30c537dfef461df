import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

private final class ServerToAsk: SuiteTrait, TestScoping {
    @TaskLocal static var server: PostgresServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await PostgresServer()
        try await server.start()
        try await server.sql("CREATE TABLE sessions (id int, is_live bool, note text)")
        try await server.sql("INSERT INTO sessions VALUES (1, true, 'first'), (2, false, NULL)")
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("Questions of a check's author, to PostgreSQL,", ServerToAsk(), .serialized)
struct PostgresQuestionTests {
    private func ask(
        _ query: String, _ conditions: String..., warning: [String] = [], timeout: Duration = .seconds(2)
    ) async throws -> ProbeResult {
        let question = OwnQuestion(
            "stuck", query, timeout: timeout,
            conditions: Conditions(
                failing: try conditions.map { try Condition(parsing: $0) },
                warning: try warning.map { try Condition(parsing: $0) }))
        let server = try #require(ServerToAsk.server)
        let result = try await PostgresHarness.measure(server.target("postgres"), asking: [question])
        #expect(result.vital("connections")?.value != nil, "what follows is measured all the same")
        #expect(result.answers.isEmpty)
        return result
    }

    @Test("are judged by their rows, by the columns' names and types")
    func rows() async throws {
        let all = "SELECT id, is_live, note FROM sessions ORDER BY id"
        let held = try await ask(
            all, "[ROWS].count == 2", "[ROWS][0].id == 1", "[ROWS][0].is_live == true",
            "[ROWS][1].is_live == false", "[ROWS][0][2] == first", "[RESPONSE_TIME] < 20s")
        #expect(held.fault == nil, "\(held)")
        #expect(held.conditions.count == 6)
        #expect(held.conditions.first?.condition == "stuck: [ROWS].count == 2")

        let broken = try await ask(all, "[ROWS].count < 2")
        #expect(broken.verdict == "condition in vitals")
        #expect(broken.fault?.message == "stuck: [ROWS].count (2) < 2")
        let warned = try await ask(all, "[ROWS].count == 2", warning: ["[ROWS][1].note == second"])
        #expect(warned.verdict == "condition_warn in vitals")
        #expect(try await ask("SELECT 1 WHERE false", "[ROWS].count == 0").fault == nil)
    }

    @Test(
        "that are no single read are refused by the server, and change nothing",
        arguments: [
            ("DELETE FROM sessions", "read-only transaction"),
            ("SELECT 1; DELETE FROM sessions", "multiple commands"),
            ("COMMIT; DELETE FROM sessions", "multiple commands"),
            ("WITH gone AS (DELETE FROM sessions RETURNING 1) SELECT * FROM gone", "read-only transaction"),
            ("SELECT * FROM nowhere", "does not exist"), ("SELECT 1 / 0", "division by zero"),
        ])
    func refused(query: String, why: String) async throws {
        let result = try await ask(query, "[ROWS].count == 1")
        #expect(result.verdict == "condition in vitals", "\(result)")
        let message = try #require(result.fault?.message)
        #expect(message.hasPrefix("stuck: ") && message.contains(why), "\(message)")
        let server = try #require(ServerToAsk.server)
        #expect(try await server.sql("SELECT count(*) FROM sessions") == "2")
    }

    @Test("end at their caps of rows, bytes and time")
    func caps() async throws {
        let many = try await ask("SELECT g FROM generate_series(1, 101) AS g", "[ROWS].count > 0")
        #expect(many.fault?.message.contains("more than 100 rows") == true, "\(many)")
        let most = try await ask("SELECT g FROM generate_series(1, 100) AS g", "[ROWS].count == 100")
        #expect(most.fault == nil, "\(most)")
        let long = try await ask("SELECT repeat('x', 40000) FROM generate_series(1, 2)", "[ROWS].count == 2")
        #expect(long.fault?.message.contains("more than 64 KiB") == true, "\(long)")
        let slow = try await ask("SELECT pg_sleep(600)", "[ROWS].count == 1", timeout: .milliseconds(200))
        #expect(slow.fault?.message.contains("statement timeout") == true, "\(slow)")
    }

    @Test("end the asking with a row too long to be taken, and leave the run's verdict alone")
    func endlessRow() async throws {
        let server = try #require(ServerToAsk.server)
        let question = OwnQuestion("huge", "SELECT repeat('x', 10000000)")
        let result = try await PostgresHarness.measure(server.target("postgres"), asking: [question])
        #expect(result.verdict == "condition_warn in vitals")
        #expect(result.fault?.message.contains("more than 64 KiB") == true)
        #expect(result.vital("connections")?.value == nil)
        #expect(result.vital("connections")?.reason?.contains("more than 64 KiB") == true)
    }

    @Test("measure vitals of their own, judged as any other")
    func vitals() async throws {
        func own(_ name: String, _ query: String) -> VitalRule {
            VitalRule(name, "own", every: .seconds(60), source: .query(query), warn: 1, critical: 10)
        }
        let server = try #require(ServerToAsk.server)
        let result = try await PostgresHarness.measure(
            server.target("postgres"),
            own: [
                own("session_rows", "SELECT count(*) FROM sessions"), own("nothing", "SELECT 1 WHERE false"),
                own("words", "SELECT 'many'"), own("absent", "SELECT count(*) FROM nowhere"),
            ])
        #expect(result.vital("session_rows")?.value == 2)
        #expect(result.vital("session_rows")?.state == .degraded)
        #expect(result.fault?.code == "session_rows")
        #expect(result.vital("nothing")?.reason == "the query returned no row")
        #expect(result.vital("words")?.reason == "the query returned many, which is no number")
        #expect(result.vital("absent")?.reason?.contains("(42P01)") == true)
    }
}
