import Testing
import VitalsCore

@Suite("Calls under one name have a budget")
struct CallBudgetTests {
    private func budget(_ limit: Int = 3) -> CallBudget<String> {
        CallBudget(limit: limit, per: .seconds(300))
    }

    @Test("as many as the limit are granted, whoever makes them, and each name has its own")
    func limit() {
        var budget = budget()
        for _ in 0..<3 { #expect(budget.take("a", at: .second(5)) == .granted) }
        guard case .spent(let wait) = budget.take("a", at: .second(6)) else {
            Issue.record("a fourth call went out")
            return
        }
        #expect(wait > .zero && wait <= .seconds(310))
        #expect(budget.take("b", at: .second(6)) == .granted)
    }

    @Test("what it says to wait is enough, and a second less is not")
    func wait() throws {
        var budget = budget()
        for second in [0, 4, 100] { _ = budget.take("a", at: .second(Double(second))) }
        guard case .spent(let wait) = budget.take("a", at: .second(120)) else {
            Issue.record("a fourth call went out")
            return
        }
        let later = Timestamp.second(120) + wait
        #expect(budget.take("a", at: later - .seconds(1)) != .granted)
        #expect(budget.take("a", at: later) == .granted)
    }

    @Test("no span of its length ever has more than the limit, however calls come", arguments: 1...20)
    func holds(seed: UInt64) {
        var chance = seed &* 0x9E37_79B9_7F4A_7C15
        var budget = budget(50)
        var granted: [Double] = []
        var now = 0.0
        for _ in 0..<4_000 {
            chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            now += Double(chance >> 40) / Double(1 << 24) * 4
            if budget.take("a", at: .second(now)) == .granted { granted.append(now) }
        }
        #expect(granted.count > 500)
        for (index, instant) in granted.enumerated() where index >= 50 {
            #expect(instant - granted[index - 50] >= 300)
        }
    }

    @Test("whoever is called may ask for a pause, which no other name has; the longest counts")
    func pause() {
        var budget = budget()
        budget.pause("a", until: .second(60))
        budget.pause("a", until: .second(30))
        #expect(budget.take("a", at: .second(20)) == .paused(wait: .seconds(40)))
        #expect(budget.take("b", at: .second(20)) == .granted)
        #expect(budget.take("a", at: .second(60)) == .granted)
    }

    @Test("names that are not used any more are forgotten")
    func forgets() {
        var budget = budget()
        for number in 0..<100 { _ = budget.take("\(number)", at: .second(0)) }
        #expect(budget.count == 100)
        _ = budget.take("new", at: .second(320))
        #expect(budget.count == 1)
    }
}
