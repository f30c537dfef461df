import Testing
import VitalsCore

@testable import VitalsStore

@Suite("Packed evidence")
struct PackedEvidenceTests {
    private func result(message: String = "", trace: String = "", _ facts: Facts = Facts()) -> ProbeResult {
        ProbeResult(
            fault: Fault(.tlsCertExpired, in: .tls, message: message), latency: .zero, facts: facts,
            trace: trace)
    }

    @Test("takes at most 4 KiB, however much there is", arguments: ["x", "é", "日", "👩‍👩‍👧‍👦"])
    func fits(character: String) throws {
        var facts = Facts()
        for name in FactName.allCases {
            facts[name] = .list((0..<200).map { String(repeating: character, count: $0) })
        }
        let much = String(repeating: character, count: 5_000)
        let evidence = PackedEvidence(result(message: much, trace: much, facts))
        #expect(evidence.bytes.count <= PackedEvidence.mostBytes)
        #expect(try PackedEvidence(bytes: evidence.bytes) == evidence)
        #expect(much.hasPrefix(evidence.message))
        #expect(evidence.message.allSatisfy { String($0) == character })
        #expect(!evidence.facts.entries.isEmpty)
    }

    @Test("gives up facts rather than the message, and names of a list rather than the list")
    func priorities() {
        var facts = Facts()
        facts[.certificateNames] = .list((0..<1_000).map { "host\($0).example.com" })
        facts[.certificateDaysLeft] = .number(-1)
        let message = String(repeating: "m", count: 1_024)
        let evidence = PackedEvidence(result(message: message, facts))
        #expect(evidence.message == message)
        guard case .list(let names)? = evidence.facts[.certificateNames] else {
            Issue.record("no names")
            return
        }
        #expect(names.count > 100)
        #expect(names.first == "host0.example.com")
    }

    @Test("cuts a text to the room that is left, and drops a number that has none")
    func noRoom() throws {
        var facts = Facts()
        facts[.serverVersion] = .text(String(repeating: "v", count: 5_000))
        facts[.certificateDaysLeft] = .number(3)
        let evidence = PackedEvidence(result(facts))
        guard case .text(let version)? = evidence.facts[.serverVersion] else {
            Issue.record("no version")
            return
        }
        #expect((4_000..<PackedEvidence.mostBytes).contains(version.utf8.count))
        #expect(evidence.facts[.certificateDaysLeft] == nil)
        #expect(try PackedEvidence(bytes: evidence.bytes) == evidence)
    }

    @Test("keeps small evidence whole")
    func whole() throws {
        var facts = Facts()
        facts[.serverVersion] = .text("15.18")
        facts[.httpStatus] = .number(.min)
        facts[.addresses] = .list(["127.0.0.1:5432", ""])
        let evidence = PackedEvidence(result(message: "expired", trace: "a\nb\0c", facts))
        #expect(try PackedEvidence(bytes: evidence.bytes) == evidence)
        #expect(evidence.facts == facts)
        #expect(evidence.trace == "a\nb\0c")
    }

    @Test("keeps conditions where one did not hold, those that did not before facts and those that did after")
    func conditions() throws {
        let held = ConditionResult(
            condition: "[A]", level: .fail, verdict: .holds, seen: String(repeating: "s", count: 400))
        let broken = ConditionResult(
            condition: String(repeating: "é", count: 200), level: .warn, verdict: .fails,
            seen: String(repeating: "s", count: 600))
        let unknown = ConditionResult(
            condition: "[B]", level: .fail, verdict: .error(String(repeating: "m", count: 300)),
            seen: "[B] (?)")
        func evidence(_ message: String, _ conditions: [ConditionResult], _ facts: Facts) -> PackedEvidence {
            PackedEvidence(
                ProbeResult(
                    fault: Fault(.condition, in: .body, message: message), latency: .zero, facts: facts,
                    trace: String(repeating: "t", count: 2_048), conditions: conditions))
        }
        #expect(evidence("", [held], Facts()).conditions == [])
        let all = evidence("", [held, broken, unknown], Facts())
        #expect(all.conditions.map(\.level) == [.fail, .warn, .fail])
        #expect(all.conditions[0] == held)
        #expect(all.conditions[1].condition == String(repeating: "é", count: 128))
        #expect(all.conditions[1].seen.count == 512)
        #expect(all.conditions[2].verdict == .error(String(repeating: "m", count: 256)))
        #expect(try PackedEvidence(bytes: all.bytes) == all)
        var facts = Facts()
        facts[.serverVersion] = .text("15.18")
        let message = String(repeating: "m", count: 1_024)
        let some = evidence(message, [held, broken, unknown], facts)
        #expect(some.conditions.map(\.verdict) == [.fails])
        #expect(some.facts == facts)
        #expect(some.bytes.count <= PackedEvidence.mostBytes)
        #expect(try PackedEvidence(bytes: some.bytes) == some)
    }

    @Test("of many conditions takes no more room than there is")
    func manyConditions() throws {
        let results = (0..<1_000).map {
            ConditionResult(condition: "[BODY].\($0) == 1", level: .fail, verdict: .fails, seen: "")
        }
        let evidence = PackedEvidence(
            ProbeResult(fault: nil, latency: .zero, conditions: results))
        #expect(evidence.bytes.count <= PackedEvidence.mostBytes)
        #expect(evidence.conditions.count > 100)
        #expect(evidence.conditions == Array(results.prefix(evidence.conditions.count)))
    }

    @Test(
        "cuts where a character ends",
        arguments: [
            ("", 0, ""), ("abc", 3, "abc"), ("abc", 2, "ab"), ("é", 1, ""), ("aé", 2, "a"), ("aé", 3, "aé"),
            ("👩‍👩‍👧‍👦x", 24, ""), ("abc", 0, ""),
        ])
    func cuts(text: String, limit: Int, expected: String) {
        #expect(text.cut(toBytes: limit) == expected)
    }
}
