import VitalsCore

/// One look at what is to go: what is older than it is kept for, once an hour, and the oldest days of a store
/// that is over its size. Each step is named by what came of the one before.
struct Retention: Sendable, Equatable {
    enum Step: Sendable, Equatable {
        /// Rows of before this instant are to go, at most `limit` of them.
        case prune(before: Timestamp)
        /// The same, as the first of the oldest day: the store is over its size.
        case dropDay(before: Timestamp, bytes: Int64)
        /// All that was too old is gone.
        case setLastPrune(Timestamp, rows: Int, before: Timestamp)
        case measure
        case done
    }

    private enum Work: Equatable {
        case none
        case byAge(before: Timestamp, rows: Int)
        case bySize(before: Timestamp, rows: Int)
    }

    /// How many rows go in one transaction.
    static let limit = 2_000

    private static let pause: Duration = .seconds(3_600)
    private static let day: Duration = .seconds(86_400)
    /// With the clocks further apart than this, one of them is wrong, and nobody knows what is old.
    private static let farthestApart: Duration = .seconds(3_600)

    private let settings: StorageSettings
    private let wall: Timestamp
    private let node: Timestamp
    private var work = Work.none

    /// - Parameters:
    ///   - wall: the wall clock now, which may have been stepped back since.
    ///   - node: the node's clock now, by which runs are recorded.
    init(_ settings: StorageSettings, wall: Timestamp, node: Timestamp) {
        self.settings = settings
        self.wall = wall
        self.node = node
    }

    /// The first step, going by when the last prune was. One in the future was dated by a clock that was
    /// wrong: it counts as none.
    mutating func begin(last: Timestamp?) -> Step {
        let now = min(wall, node)
        let isApart = max(wall, node) - now > Self.farthestApart
        let isRecent = last.map { $0 <= now && now - $0 < Self.pause } ?? false
        guard !isApart, !isRecent else { return .measure }
        let cutoff = now - settings.rawRetention
        work = .byAge(before: cutoff, rows: 0)
        return .prune(before: cutoff)
    }

    /// The step after one in which so many rows went.
    mutating func pruned(rows: Int) -> Step {
        switch work {
        case .none:
            return .done
        case .byAge(let cutoff, let before):
            work = .byAge(before: cutoff, rows: before + rows)
            guard rows < Self.limit else { return .prune(before: cutoff) }
            return .setLastPrune(min(wall, node), rows: before + rows, before: cutoff)
        case .bySize(let cutoff, let before):
            work = .bySize(before: cutoff, rows: before + rows)
            guard rows < Self.limit else { return .prune(before: cutoff) }
            return before + rows > 0 ? .measure : .done
        }
    }

    /// The step after a measurement.
    mutating func measured(_ extent: StoreExtent) -> Step {
        guard extent.bytes > settings.maximumSize, let oldest = extent.oldestRun else { return .done }
        let cutoff = min(oldest + Self.day, node)
        work = .bySize(before: cutoff, rows: 0)
        return .dropDay(before: cutoff, bytes: extent.bytes)
    }
}
