import Testing
import VitalsCore
import VitalsTesting

@Suite("Slot n is phase + n × interval")
struct SlotGridTests {
    @Test(
        "the phase is fmix64(FNV-1a 64 of the id) modulo the interval, so that a restart shifts nothing",
        arguments: [
            ("orders-db.sql", 10, 702_835), ("orders-db.port", 60, 21_603_531), ("a.b", 1, 960_976),
        ] as [(String, Int, Int64)])
    func phase(id: String, seconds: Int, phase: Int64) {
        #expect(SlotGrid(HealthCheckID(id), every: .seconds(seconds)).phase == phase)
    }

    @Test(
        "the latest slot is the newest that is due; the next comes after the instant, even on a slot",
        arguments: [
            (0, 0, 10), (1, 0, 10), (9, 0, 10), (10, 10, 20), (11, 10, 20), (-1, -10, 0), (-10, -10, 0),
            (-11, -20, -10),
        ] as [(Int64, Int64, Int64)])
    func around(offset: Int64, latest: Int64, next: Int64) {
        let grid = SlotGrid(ordersSQL, every: .microseconds(10))
        func at(_ offset: Int64) -> Timestamp { Timestamp(microseconds: grid.phase + offset) }
        #expect(grid.latest(at: at(offset)) == at(latest))
        #expect(grid.next(after: at(offset)) == at(next))
    }

    @Test("every instant, before the epoch or after it, has exactly one latest slot", arguments: 1...20)
    func everyInstantHasOneSlot(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        for number in 0..<200 {
            let interval = Duration.microseconds(
                Int64.random(in: 1...200_000_000_000, using: &generator))
            let grid = SlotGrid(HealthCheckID("system-\(number).sql"), every: interval)
            let at = Timestamp(
                microseconds: .random(
                    in: -4_000_000_000_000_000...4_000_000_000_000_000, using: &generator))
            let (latest, next) = (grid.latest(at: at), grid.next(after: at))
            #expect(latest <= at && at < next)
            #expect(next - latest == interval)
            #expect((latest.microseconds - grid.phase) % interval.microseconds == 0)
            #expect(grid.latest(at: latest) == latest)
            #expect(grid.latest(at: next) == next)
            #expect(grid.latest(at: latest - .microseconds(1)) == latest - interval)
            #expect(grid.phase >= 0 && grid.phase < grid.interval)
        }
    }

    @Test(
        "slots are counted with both ends",
        arguments: [(0, 0, 1), (0, 1, 2), (0, 8_640, 8_641), (-3, 3, 7), (1, 0, 0), (5, -5, 0)])
    func count(first: Int, last: Int, count: Int) {
        let grid = SlotGrid(ordersSQL, every: .seconds(10))
        func slot(_ number: Int) -> Timestamp {
            Timestamp(microseconds: grid.phase) + .seconds(10) * number
        }
        #expect(grid.count(from: slot(first), through: slot(last)) == count)
    }

    @Test("the load of 10,000 health checks is spread evenly")
    func spread() {
        var perSecond = Array(repeating: 0, count: 10)
        for number in 0..<10_000 {
            let grid = SlotGrid(HealthCheckID("db-\(number).sql"), every: .seconds(10))
            perSecond[Int(grid.phase / 1_000_000)] += 1
        }
        // A thousand a second on average; by chance alone, five standard deviations are 150.
        #expect(perSecond.allSatisfy { (850...1_150).contains($0) }, "\(perSecond)")
    }
}
