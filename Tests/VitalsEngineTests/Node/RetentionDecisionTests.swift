import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("What is to go, and when")
struct RetentionDecisionTests {
    private static let day: Duration = .seconds(86_400)
    private static let now = Fixture.at(0)
    private static let cutoff = now - .seconds(7 * 86_400)

    private static func retention(
        wall: Timestamp = now, node: Timestamp = now, maximumSize: Int64 = 1_000
    ) -> Retention {
        var settings = StorageSettings()
        settings.rawRetention = .seconds(7 * 86_400)
        settings.maximumSize = maximumSize
        return Retention(settings, wall: wall, node: node)
    }

    private static let rolledUp = RollUp(hoursUntil: now, daysUntil: now, isDone: true)

    /// The step after hours and days were made.
    private static func begin(
        _ retention: inout Retention, last: Timestamp?, _ rolledUp: RollUp = rolledUp
    ) -> Retention.Step {
        #expect(retention.begin(last: last) != .done)
        return retention.rolledUp(rolledUp)
    }

    @Test("first of all, hours are made of what was over five minutes ago by the node's clock, to the last")
    func rollUp() {
        var retention = Self.retention(wall: Self.now - .seconds(60))
        let step = Retention.Step.rollUp(before: Self.now - .seconds(300))
        #expect(retention.begin(last: Self.now - .seconds(120)) == step)
        #expect(
            retention.rolledUp(RollUp(hoursUntil: Self.now, daysUntil: Self.now, isDone: false)) == step)
        #expect(retention.rolledUp(Self.rolledUp) == .measure)
    }

    @Test("it is pruned when the last prune is an hour ago, and one in the future counts as none")
    func pause() {
        let table: [(last: Int64?, isPruned: Bool)] = [
            (nil, true), (-3_600, true), (-3_599, false), (0, false), (1, true), (86_400, true),
        ]
        for row in table {
            var retention = Self.retention()
            let step = Self.begin(&retention, last: row.last.map { Fixture.at($0) })
            #expect(step == (row.isPruned ? .prune(.runs, before: Self.cutoff) : .measure), "\(row)")
        }
    }

    @Test("the earlier clock says what is old; more than an hour apart, nothing is")
    func clocks() {
        let table: [(wall: Int64, node: Int64, isPruned: Bool)] = [
            (0, 0, true), (0, 3_600, true), (3_600, 0, true), (0, 3_601, false), (3_601, 0, false),
            (0, 30 * 86_400, false),
        ]
        for row in table {
            var retention = Self.retention(wall: Fixture.at(row.wall), node: Fixture.at(row.node))
            #expect(
                Self.begin(&retention, last: nil)
                    == (row.isPruned ? .prune(.runs, before: Self.cutoff) : .measure),
                "\(row)")
        }
    }

    @Test("no run goes that is in no hour yet, and no hour that is in no day yet")
    func notYet() {
        var retention = Self.retention()
        let late = RollUp(
            hoursUntil: Self.cutoff - Self.day, daysUntil: Self.now - Self.day * 40, isDone: true)
        #expect(Self.begin(&retention, last: nil, late) == .prune(.runs, before: late.hoursUntil))
        #expect(retention.pruned(rows: 0) == .prune(.tallies(.hour), before: late.daysUntil))
    }

    @Test("it goes on while steps are full, from runs to hours to days, and then records the prune")
    func steps() {
        var retention = Self.retention(node: Fixture.at(60))
        let (hours, days) = (Self.now - Self.day * 30, Self.now - Self.day * 365)
        #expect(Self.begin(&retention, last: nil) == .prune(.runs, before: Self.cutoff))
        #expect(retention.pruned(rows: Retention.limit) == .prune(.runs, before: Self.cutoff))
        #expect(retention.pruned(rows: 5) == .prune(.tallies(.hour), before: hours))
        #expect(retention.pruned(rows: Retention.limit) == .prune(.tallies(.hour), before: hours))
        #expect(retention.pruned(rows: 4) == .prune(.tallies(.day), before: days))
        #expect(
            retention.pruned(rows: 3)
                == .setLastPrune(Self.now, rows: 2 * Retention.limit + 12, before: Self.cutoff))
        #expect(retention.measured(StoreExtent(bytes: 1_000, oldestRun: Self.now)) == .done)
    }

    @Test("hours and days go by whole days")
    func wholeDays() {
        let noon = Self.now + Self.day / 2
        var retention = Self.retention(wall: noon, node: noon)
        #expect(Self.begin(&retention, last: nil) == .prune(.runs, before: Self.cutoff + Self.day / 2))
        #expect(retention.pruned(rows: 0) == .prune(.tallies(.hour), before: Self.now - Self.day * 30))
        #expect(retention.pruned(rows: 0) == .prune(.tallies(.day), before: Self.now - Self.day * 365))
    }

    @Test("over its size, the oldest day goes until it fits, or until nothing goes any more")
    func size() {
        var retention = Self.retention()
        let oldest = Self.now - .seconds(3 * 86_400)
        let full = StoreExtent(bytes: 1_001, oldestRun: oldest)
        let step = Retention.Step.dropDay(.runs, before: oldest + Self.day, bytes: 1_001)
        #expect(Self.begin(&retention, last: Self.now) == .measure)
        #expect(retention.measured(full) == step)
        #expect(retention.pruned(rows: Retention.limit) == .prune(.runs, before: oldest + Self.day))
        #expect(retention.pruned(rows: 0) == .measure)
        #expect(retention.measured(full) == step)
        #expect(retention.pruned(rows: 0) == .done)
    }

    @Test("runs go first, but the last day of them after hours and days; what is in no hour yet stays")
    func order() {
        func extent(run: Int64?, hour: Int64? = nil, day: Int64? = nil) -> StoreExtent {
            func at(_ hours: Int64?) -> Timestamp? { hours.map { Fixture.at($0 * 3_600) } }
            return StoreExtent(bytes: 1_001, oldestRun: at(run), oldestHour: at(hour), oldestDay: at(day))
        }
        func drop(_ kept: Retention.Kept, _ hours: Int64) -> Retention.Step {
            .dropDay(kept, before: Fixture.at(hours * 3_600), bytes: 1_001)
        }
        let table: [(StoreExtent, Retention.Step)] = [
            (extent(run: -50, hour: -100, day: -1_000 * 24), drop(.runs, -26)),
            (extent(run: -49, hour: -100, day: -1_000 * 24), drop(.runs, -25)),
            (extent(run: -47, hour: -100, day: -1_000 * 24), drop(.tallies(.hour), -96)),
            (extent(run: -20, hour: -30, day: -96), drop(.tallies(.hour), -24)),
            (extent(run: -20, hour: -10, day: -96), drop(.tallies(.hour), 0)),
            (extent(run: -20, day: -96), drop(.tallies(.day), -72)),
            (extent(run: -20), drop(.runs, 0)), (extent(run: 0), .done), (extent(run: nil), .done),
        ]
        for (extent, step) in table {
            var retention = Self.retention()
            #expect(Self.begin(&retention, last: Self.now) == .measure)
            #expect(retention.measured(extent) == step, "\(extent)")
        }
    }
}
