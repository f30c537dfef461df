import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("To a question of a check's author, a MySQL server")
struct MySQLQuestionDialogueTests {
    private static let verdict = [
        MySQLBytes.ok(2), MySQLBytes.identity(), MySQLBytes.one, MySQLBytes.ok(1),
        MySQLBytes.rows(["CURRENT_USER()"], [["u@10.%"]]),
    ]
    /// In a transaction that can only read.
    private static let begun = ok(status: 0x2003)

    private static func ok(status: Int) -> [UInt8] {
        MySQLBytes.packet(1, [0, 0, 0] + MySQLBytes.little(status, bytes: 2) + [0, 0])
    }

    private func script(
        _ version: String = "8.4.2", _ query: String = "SELECT 7", timeout: Duration = .milliseconds(1_250),
        now: @escaping @Sendable () -> NIODeadline = { .uptimeNanoseconds(0) },
        isDue: @escaping @Sendable (VitalRule) -> Bool = { _ in false }
    ) throws -> MySQLScript {
        var measuring = MySQLMeasuring(isDue: isDue, now: now)
        measuring.questions = [OwnQuestion("own", query, timeout: timeout)]
        var script = try MySQLScript(measuring: measuring)
        script.receive(MySQLBytes.greeting(version))
        for answer in Self.verdict { script.receive(answer) }
        return script
    }

    private func told(_ script: MySQLScript) -> String? {
        switch script.dialogue.answers.first?.content {
        case .rows(let rows): "\(rows.count) rows"
        case .refused(let reason): reason
        case .missing(let reason): "missing: \(reason)"
        case nil: nil
        }
    }

    @Test(
        "is told its limits in the words of its version, and gets the statement in a transaction of its own",
        arguments: [
            ("8.4.2", ", max_execution_time = 1250"), ("5.7.8", ", max_execution_time = 1250"),
            ("5.7.7", ""), ("5.6.51", ""), ("5.5.5-10.11.19-MariaDB", ", max_statement_time = 1.250"),
        ])
    func statements(version: String, limit: String) throws {
        var script = try script(version)
        script.receive(MySQLBytes.ok(1), Self.begun, MySQLBytes.rows(["7"], [["7"]]), MySQLBytes.ok(1))
        #expect(
            Array(script.statements.suffix(4)) == [
                "SET SESSION sql_select_limit = 101\(limit)", "START TRANSACTION READ ONLY", "SELECT 7",
                "ROLLBACK",
            ])
        #expect(script.cause == "pass")
        #expect(told(script) == "1 rows")
    }

    @Test(
        "that does not say that its transaction can only read is not asked",
        arguments: [0x0002, 0x0003, 0x2002])
    func unconfirmed(status: Int) throws {
        var script = try script()
        script.receive(MySQLBytes.ok(1), Self.ok(status: status), MySQLBytes.ok(1))
        #expect(!script.statements.contains("SELECT 7"))
        #expect(script.statements.last == "ROLLBACK")
        #expect(script.cause == "pass")
        #expect(told(script) == "not asked: the server did not say that the transaction can only read")
    }

    @Test("that knows no such transaction is not asked either, and says so itself")
    func unknown() throws {
        var script = try script("5.5.62")
        script.receive(MySQLBytes.ok(1), MySQLBytes.error(1, 1064, "syntax"), MySQLBytes.ok(1))
        #expect(!script.statements.contains("SELECT 7"))
        #expect(told(script) == "syntax (1064)")
    }

    @Test("gets nothing of a statement that may not be put to it")
    func refused() throws {
        let script = try script("8.4.2", "DROP TABLE t")
        #expect(script.cause == "pass")
        #expect(!script.statements.contains { $0.contains("DROP") || $0.contains("TRANSACTION") })
        #expect(told(script)?.hasPrefix("begins with DROP; ") == true)
    }

    @Test("that will not be bounded is asked all the same")
    func unbounded() throws {
        var script = try script()
        script.receive(
            MySQLBytes.error(1, 1193), Self.begun, MySQLBytes.rows(["7"], [["7"]]), MySQLBytes.ok(1))
        #expect(told(script) == "1 rows")
    }

    @Test("gets our own limits back before our own questions")
    func released() throws {
        let rule = MySQLVitals.status.rules[0]
        var script = try script(isDue: { $0 == rule })
        script.receive(MySQLBytes.ok(1), Self.begun, MySQLBytes.rows(["7"], [["7"]]), MySQLBytes.ok(1))
        #expect(
            script.statements.last == "SET SESSION sql_select_limit = DEFAULT, max_execution_time = 2000")
        script.receive(MySQLBytes.ok(1))
        #expect(script.statements.last?.hasPrefix("SHOW GLOBAL STATUS") == true)
    }

    @Test("that is still at it when its time is over is asked to give that up, and goes on with the next")
    func givenUp() throws {
        let time = TestTime()
        var script = try script("5.6.51", "\n SELECT SLEEP(9);\n", now: { time.now })
        script.receive(MySQLBytes.ok(1), Self.begun)
        #expect(script.steps.last == .wake(after: .milliseconds(1_550)))
        func errands() -> [ProbeErrand] {
            script.steps.compactMap { if case .errand(let errand) = $0 { errand } else { nil } }
        }
        script.wake()
        #expect(errands().isEmpty, "its time is not over")
        time.advance(by: .milliseconds(1_550))
        script.wake()
        let dialogue = try #require(errands().first?.dialogue() as? MySQLDialogue)
        var errand = try MySQLScript(plan: dialogue.plan)
        errand.receive(MySQLBytes.greeting(), MySQLBytes.ok(2))
        // SELECT SLEEP(9), as the server lists it.
        #expect(errand.statements.last?.contains("INFO = x'53454c45435420534c454550283929'") == true)
        script.receive(MySQLBytes.error(1, 1317, "interrupted"), MySQLBytes.ok(1))
        #expect(script.cause == "pass")
        #expect(told(script) == "took longer than 1.3 s: interrupted (1317)")
        #expect(script.dialogue.answers.first?.took == .milliseconds(1_550))
    }

    @Test("that hangs, or breaks off, leaves what it was asked unknown")
    func cutShort() throws {
        var script = try script()
        script.receive(MySQLBytes.ok(1), Self.begun)
        script.end()
        #expect(script.cause == "reset")
        var dialogue = script.dialogue
        _ = dialogue.cutShort("gone")
        #expect(dialogue.answers.map(\.content) == [.missing("gone")])
    }
}

/// What time it is, as a test has it.
private final class TestTime: Sendable {
    private let passed = Box<Duration>()

    var now: NIODeadline { .uptimeNanoseconds(0) + TimeAmount(passed.value ?? .zero) }

    func advance(by duration: Duration) { passed.value = (passed.value ?? .zero) + duration }
}
