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

    @Test("it is pruned when the last prune is an hour ago, and one in the future counts as none")
    func pause() {
        let table: [(last: Int64?, isPruned: Bool)] = [
            (nil, true), (-3_600, true), (-3_599, false), (0, false), (1, true), (86_400, true),
        ]
        for row in table {
            var retention = Self.retention()
            let step = retention.begin(last: row.last.map { Fixture.at($0) })
            #expect(step == (row.isPruned ? .prune(before: Self.cutoff) : .measure), "\(row)")
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
                retention.begin(last: nil) == (row.isPruned ? .prune(before: Self.cutoff) : .measure),
                "\(row)")
        }
    }

    @Test("it goes on while steps are full, and then records the prune by the earlier clock")
    func steps() {
        var retention = Self.retention(node: Fixture.at(60))
        #expect(retention.begin(last: nil) == .prune(before: Self.cutoff))
        #expect(retention.pruned(rows: Retention.limit) == .prune(before: Self.cutoff))
        #expect(
            retention.pruned(rows: 5)
                == .setLastPrune(Self.now, rows: Retention.limit + 5, before: Self.cutoff))
        #expect(retention.measured(StoreExtent(bytes: 1_000, oldestRun: Self.now)) == .done)
    }

    @Test("over its size, the oldest day goes until it fits, or until nothing goes any more")
    func size() {
        var retention = Self.retention()
        let oldest = Self.now - .seconds(3 * 86_400)
        let full = StoreExtent(bytes: 1_001, oldestRun: oldest)
        #expect(retention.begin(last: Self.now) == .measure)
        #expect(retention.measured(full) == .dropDay(before: oldest + Self.day, bytes: 1_001))
        #expect(retention.pruned(rows: Retention.limit) == .prune(before: oldest + Self.day))
        #expect(retention.pruned(rows: 0) == .measure)
        #expect(retention.measured(full) == .dropDay(before: oldest + Self.day, bytes: 1_001))
        #expect(retention.pruned(rows: 0) == .done)
        let young = StoreExtent(bytes: 1_001, oldestRun: Self.now - .seconds(60))
        #expect(retention.measured(young) == .dropDay(before: Self.now, bytes: 1_001))
        #expect(retention.measured(StoreExtent(bytes: 1_001, oldestRun: nil)) == .done)
    }
}
