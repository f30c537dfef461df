import FoundationEssentials
import Glibc
import Testing
import VitalsCore
import VitalsTesting

@Suite("The engine's values, whatever happens")
struct SimulationTests {
    private static let asked = ProcessInfo.processInfo.environment

    /// `make sim` says which: one seed, or so many.
    static let seeds: Range<UInt64> = {
        if let seed = asked["SIM_SEED"].flatMap(UInt64.init) { return seed..<seed + 1 }
        return 0..<(asked["SIM_SEEDS"].flatMap(UInt64.init) ?? 6)
    }()

    /// As many at a time as there are lanes.
    private static let lanes: UInt64 = 4

    @Test("keep every promise", arguments: 0..<lanes)
    func keepsPromises(lane: UInt64) {
        for seed in Self.seeds where seed % Self.lanes == lane {
            do {
                _ = try Simulation.run(seed: seed)
            } catch {
                // One is enough to look at.
                Issue.record(error)
                return
            }
        }
    }

    @Test("do the same again for the same seed", arguments: [seeds.lowerBound])
    func replays(seed: UInt64) throws {
        let result = try Simulation.run(seed: seed)
        #expect(try Simulation.run(seed: seed) == result)
        #expect(try Simulation.run(seed: seed + 1_000_000) != result)
    }

    @Test("take 50 health checks through days, in less than 10 s", .enabled(if: asked["SIM_DAYS"] != nil))
    func lastsForDays() throws {
        let days = try #require(Self.asked["SIM_DAYS"].flatMap(Int.init))
        let began = Self.processorTime
        let result = try Simulation.runLong(days: days, seed: 1)
        let took = Self.processorTime - began
        #expect(result.slots > days * 1_440 * 50 / 2)
        #expect(took < .seconds(10), "\(result.slots) slots took \(took)")
    }

    /// Of this thread: others may be busy beside it.
    private static var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
