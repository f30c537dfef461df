import Testing
import VitalsCore

@Suite("What a check's author asks of a database")
struct OwnQuestionTests {
    private func question(_ name: String, _ failing: [String], warning: [String] = []) throws -> OwnQuestion {
        OwnQuestion(
            name, "SELECT 1",
            conditions: Conditions(
                failing: try failing.map { try Condition(parsing: $0) },
                warning: try warning.map { try Condition(parsing: $0) }))
    }

    private func rows(_ count: Int) -> OwnAnswer.Content {
        .rows(Observation.Rows(columns: ["n"], kept: [[.number("\(count)")]], count: count))
    }

    private func judged(
        _ questions: [OwnQuestion], _ answers: [OwnAnswer], fault: Fault? = nil
    ) -> ProbeResult {
        var result = ProbeResult(fault: fault, latency: .zero)
        result.answers = answers
        return result.judged(by: questions)
    }

    @Test("is judged by its conditions, each answer for itself, and the fault names it")
    func verdicts() throws {
        let questions = [
            try question("fine", ["[ROWS].count == 1"]),
            try question("odd", [], warning: ["[ROWS].count < 2"]),
            try question("bad", ["[ROWS][0].n == 1"]),
        ]
        let answers = [
            OwnAnswer("fine", rows(1)), OwnAnswer("odd", rows(2)), OwnAnswer("bad", rows(3)),
        ]
        let all = judged(questions, answers)
        #expect(all.fault?.cause == .condition)
        #expect(all.fault?.phase == .vitals)
        #expect(all.fault?.message == "bad: [ROWS][0].n (3) == 1 (and 1 other)")
        #expect(all.conditions.map(\.verdict) == [.holds, .fails, .fails])
        #expect(all.answers.isEmpty)
        let odd = judged(questions, Array(answers.prefix(2)))
        #expect(odd.fault?.cause == .conditionWarn)
        #expect(judged(questions, Array(answers.prefix(1))).fault == nil)
        #expect(judged(questions, []).fault == nil, "nothing was asked of a server that is down")
    }

    @Test("fails if it is refused, unless it could only have warned; without time it only warns")
    func unanswered() throws {
        let failing = try question("bad", ["[ROWS].count == 1"])
        let warning = try question("odd", [], warning: ["[ROWS].count == 1"])
        let plain = OwnQuestion("plain", "SELECT 1")
        let refused = OwnAnswer.Content.refused("no such table")
        #expect(judged([failing], [OwnAnswer("bad", refused)]).fault?.message == "bad: no such table")
        #expect(judged([failing], [OwnAnswer("bad", refused)]).fault?.cause == .condition)
        #expect(judged([warning], [OwnAnswer("odd", refused)]).fault?.cause == .conditionWarn)
        #expect(judged([plain], [OwnAnswer("plain", refused)]).fault?.cause == .condition)
        #expect(judged([failing], [OwnAnswer("bad", .missing("late"))]).fault?.cause == .conditionWarn)
    }

    @Test("does not hide a fault that is there, unless that only warns and it fails")
    func otherFaults() throws {
        let questions = [try question("bad", ["[ROWS].count == 1"])]
        let slow = Fault(.timeout, in: .read, message: "slow")
        let broken = Fault(.condition, in: .read, message: "broken")
        #expect(judged(questions, [OwnAnswer("bad", rows(2))], fault: slow).fault?.cause == .condition)
        #expect(judged(questions, [OwnAnswer("bad", rows(2))], fault: broken).fault == broken)
        #expect(judged(questions, [OwnAnswer("bad", .missing("late"))], fault: slow).fault == slow)
    }
}
