import Testing
import VitalsTesting

@testable import VitalsCore

@Suite("A tally counts what came of runs")
struct TallyTests {
    private func sample(_ outcome: Outcome, _ milliseconds: Int = 5) -> Sample {
        Sample(at: .second(0), outcome: outcome, latency: .milliseconds(milliseconds))
    }

    private func tally(
        pass: Int = 0, warn: Int = 0, fail: Int = 0, inconclusive: Int = 0, missed: Int64 = 0
    )
        -> Tally
    {
        let counts: [(Outcome, Int)] = [
            (.pass, pass), (.warn, warn), (.fail, fail), (.inconclusive, inconclusive),
        ]
        var tally = Tally(
            counts.flatMap { outcome, count in Array(repeating: sample(outcome), count: count) })
        tally.missed = missed
        return tally
    }

    @Test("uptime is the share of passes and warns among the runs that tell anything")
    func uptime() {
        let table: [(tally: Tally, uptime: Double?)] = [
            (tally(), nil),
            (tally(pass: 90, fail: 10), 0.9),
            (tally(pass: 80, warn: 10, fail: 10), 0.9),
            (tally(pass: 90, fail: 10, inconclusive: 100, missed: 1_000), 0.9),
            (tally(inconclusive: 5, missed: 7), nil),
            (tally(fail: 3), 0),
            (tally(warn: 1), 1),
            (tally(pass: 8_637, fail: 3), 8_637.0 / 8_640),
        ]
        for row in table { #expect(row.tally.uptime == row.uptime, "\(row)") }
    }

    @Test("only answers have a latency: passes and warns, neither fails nor what is inconclusive")
    func latencies() throws {
        var tally = Tally([sample(.fail, 5_000), sample(.inconclusive, 9_000)])
        #expect(tally.latencies == nil)
        tally.merge(Tally([sample(.pass, 2), sample(.warn, 8), sample(.pass, 4), sample(.fail, 1)]))
        let latencies = try #require(tally.latencies)
        #expect(latencies.sum == .milliseconds(14))
        #expect(latencies.min == .milliseconds(2))
        #expect(latencies.max == .milliseconds(8))
        #expect(latencies.sketch.count == 3)
        #expect(tally.total == 6)
    }

    @Test("a quantile never lies beside the least and the greatest latency")
    func quantiles() {
        let latencies = Latencies(.microseconds(1_001))
        for share in [0, 0.5, 0.95, 1] { #expect(latencies.quantile(share) == .microseconds(1_001)) }
    }

    @Test("two that are merged are as one of all the runs")
    func merging() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<100 {
            let samples = (0..<20).map { _ in
                Sample(
                    at: .second(0), outcome: Outcome.allCases.randomElement(using: &random) ?? .pass,
                    latency: .microseconds(Int.random(in: 0...20_000_000, using: &random)))
            }
            let cut = Int.random(in: 0...20, using: &random)
            var merged = Tally(samples[..<cut])
            merged.merge(Tally(samples[cut...]))
            #expect(merged == Tally(samples))
        }
    }
}
