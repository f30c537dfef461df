import Testing
import VitalsCore

@Suite("The rule of a vital")
struct VitalRuleTests {
    @Test("leads a quarter of the way back where nothing else is said, and a share never beyond 100 %")
    func clear() {
        func clear(
            _ unit: String, _ bad: FactShape.Direction, warn: Double?, critical: Double? = nil
        ) -> Double? {
            VitalRule(
                "a", unit: unit, "a", every: .seconds(60), bad: bad, warn: warn, critical: critical
            ).clear
        }
        #expect(clear("%", .high, warn: 80) == 60)
        #expect(clear("s", .high, warn: nil, critical: 100) == 75)
        #expect(clear("days", .low, warn: 20) == 25)
        #expect(clear("%", .low, warn: 50) == 62.5)
        #expect(clear("%", .low, warn: 98) == 99)
        #expect(clear("%", .high, warn: nil) == nil)
    }

    @Test(
        "with an edge at 0 is well again at 0",
        arguments: [(FactShape.Direction.high, [1.0, 0, 0.2, 0.1, 0]), (.low, [-1, 0, -0.2, -0.1, 0])])
    func zero(bad: FactShape.Direction, values: [Double]) {
        let rule = VitalRule("errors", "errors", every: .seconds(60), bad: bad, warn: 0)
        var known = KnownVitals()
        let levels = values.indices.map { index in
            _ = known.judge(
                ProbeResult(latency: .zero, vitals: [Vital("errors", values[index])]), [rule],
                keptFor: .seconds(600), at: .second(Double(index) * 60))
            return known["errors"]?.level
        }
        #expect(levels == [.degraded, .healthy, .degraded, .degraded, .healthy])
    }

    @Test("of a change takes what shrinks as well, that of a rate does not")
    func change() {
        let rules = [
            VitalRule("size", "size", every: .seconds(60)),
            VitalRule(
                "growth", "growth", every: .seconds(60), source: .change(of: "size", per: .seconds(3_600))),
            VitalRule("rate", "rate", every: .seconds(60), source: .rate(of: "size", per: .seconds(3_600))),
        ]
        var known = KnownVitals()
        func measured(_ size: Double, at second: Double) -> ProbeResult {
            known.judge(
                ProbeResult(latency: .zero, vitals: [Vital("size", size)]), rules, keptFor: .seconds(600),
                at: .second(second))
        }
        #expect(measured(100, at: 0).vitals.map(\.value) == [100, nil, nil])
        #expect(measured(160, at: 60).vitals.map(\.value) == [160, 3_600, 3_600])
        #expect(measured(130, at: 120).vitals.map(\.value) == [130, -1_800, nil])
    }

    @Test("with a query is asked, and what follows from others is not")
    func asked() {
        #expect(VitalRule.Source.measured.isAsked)
        #expect(VitalRule.Source.query("SELECT 1").isAsked)
        #expect(!VitalRule.Source.change(of: "a", per: .seconds(1)).isAsked)
        let own = VitalRule("own", "own", every: .seconds(60), source: .query("SELECT 1"), warn: 1)
        var known = KnownVitals()
        let found = ProbeResult(latency: .zero, vitals: [Vital("own", 2)])
        let judged = known.judge(found, [own], keptFor: .seconds(600), at: .second(0))
        #expect(judged.fault?.code == "own")
    }
}
