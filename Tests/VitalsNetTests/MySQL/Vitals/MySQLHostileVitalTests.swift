import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("While it measures, the MySQL probe keeps its verdict with a peer that")
struct MySQLHostileVitalTests {
    private static let verdict = [
        MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.identity(), MySQLBytes.one,
    ]
    private static let prepared = [
        MySQLBytes.ok(1), MySQLBytes.rows(["CURRENT_USER()"], [["u@10.%"]]),
    ]
    private static let status = MySQLBytes.rows(
        ["Variable_name", "Value"], [["Threads_connected", "3"], ["Uptime", "12"]])
    private static let limits = MySQLBytes.rows(["limit", "now"], [["10", "0"]])

    private func measure(
        _ answers: [[UInt8]], within limit: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        let peer = try await MySQLPlainPeer(Self.verdict + answers)
        let result = try await MySQLHarness.measure(
            "mysql://u:pencil@127.0.0.1:\(peer.port)/d", within: limit)
        #expect(result.fault == nil || result.fault?.cause == .vital, "\(result)")
        #expect(result.facts[.role] == .text("primary"))
        return result
    }

    @Test("hangs at the third question: what came stands, the rest is unknown")
    func hang() async throws {
        let result = try await measure(
            Self.prepared + [Self.status, Self.limits, []], within: .milliseconds(500))
        #expect(result.vital("connections")?.value == 3)
        #expect(result.vital("connections_used_percent")?.value == 30)
        let third = try #require(result.vital("deadlocks_total"))
        #expect(third.value == nil)
        #expect(third.reason?.contains(" within 500 ms (vitals") == true, "\(third)")
        #expect(result.vital("size_bytes")?.reason == third.reason)
    }

    @Test("hangs before the first one: all is unknown")
    func hangAtOnce() async throws {
        let result = try await measure([[]], within: .milliseconds(300))
        #expect(result.vital("connections")?.reason?.contains(" within 300 ms (vitals") == true)
        #expect(!result.vitals.contains { $0.value != nil })
    }

    @Test("sends rows without an end, or too long ones")
    func endless() async throws {
        let row: [String?] = ["Uptime", String(repeating: "1", count: 200)]
        for count in [1_001, 700] {
            let rows = MySQLBytes.rows(["a", "b"], Array(repeating: row, count: count))
            let result = try await measure(Self.prepared + [rows])
            #expect(result.vital("connections")?.reason == "the server sent more rows than were asked for")
            #expect(result.vital("size_bytes")?.value == nil)
        }
    }

    @Test("breaks the protocol")
    func broken() async throws {
        let result = try await measure(Self.prepared + [MySQLBytes.packet(7, [1])])
        #expect(result.vital("connections")?.reason?.contains("broke the MySQL protocol") == true)
    }

    // MARK: Step by step

    private func script(_ answers: [[UInt8]]) throws -> MySQLScript {
        var script = try MySQLScript(measuring: MySQLMeasuring(isDue: { _ in true }))
        for answer in Self.verdict + answers { script.receive(answer) }
        return script
    }

    @Test("refuses one question after the other: each by itself, with the account in the remedy")
    func refusing() throws {
        var script = try script(Self.prepared + [Self.status, Self.limits])
        for number in [1227, 1142, 1064, 1044, 1045, 1227, 1227] {
            script.receive(MySQLBytes.error(1, number, "denied"))
        }
        #expect(script.cause == "pass")
        #expect(
            script.vital("deadlocks_total")?.reason
                == "denied (1227); run: GRANT PROCESS ON *.* TO 'u'@'10.%'")
        #expect(
            script.vital("oldest_transaction_seconds")?.reason
                == "denied (1142); run: GRANT PROCESS ON *.* TO 'u'@'10.%'")
        #expect(script.vital("replication_channels")?.reason == "denied (1064)")
        #expect(script.vital("group_members")?.reason == "denied (1044)")
        #expect(script.vital("connections")?.value == 3)
        guard case .pass(let farewell) = script.verdict else { return }
        #expect(farewell == MySQLFrontend.quit)
    }

    @Test("will not have the session bounded: it is measured all the same")
    func unbounded() throws {
        let refusals = [MySQLBytes.error(1, 1193), MySQLBytes.error(1, 1064)]
        let script = try script(refusals + [Self.status])
        #expect(script.vital("connections")?.value == 3)
        #expect(script.statements[2].contains("max_execution_time = 2000"))
    }

    @Test("holds a statement at the deadline: it is asked to give up that one")
    func held() throws {
        var script = try script(Self.prepared)
        script.expire()
        let errands = script.steps.compactMap { if case .errand(let errand) = $0 { errand } else { nil } }
        let dialogue = try #require(errands.first?.dialogue() as? MySQLDialogue)
        var errand = try MySQLScript(plan: dialogue.plan)
        errand.receive(
            MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.rows(["COUNT(*)"], [["1"]]))
        // SHOW GLOBAL STATUS
        #expect(errand.statements.first?.contains("INFO = x'53484f5720474c4f42414c20535441545553") == true)
        #expect(errand.statements.last == "KILL QUERY 42")
    }

    @Test("is not asked anything where nothing is due")
    func nothingDue() throws {
        var script = try MySQLScript(measuring: MySQLMeasuring(isDue: { _ in false }))
        for answer in Self.verdict { script.receive(answer) }
        #expect(script.cause == "pass")
        #expect(script.statements.count == 2)
        #expect(!script.steps.contains { if case .decide = $0 { true } else { false } })
    }
}
