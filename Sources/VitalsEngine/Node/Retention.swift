import VitalsCore

/// One look at what is to become of the past: hours and days are made of what is over, then, once an hour,
/// whatever is older than it is kept for goes, and the oldest days of a store that is over its size. Each
/// step is named by what came of the one before.
struct Retention: Sendable, Equatable {
    /// What is kept, each for a time of its own.
    enum Kept: Sendable, Equatable {
        /// And with them misses, evidence, transitions, episodes and notifications.
        case runs
        case tallies(Tier)
    }

    enum Step: Sendable, Equatable {
        case rollUp(before: Timestamp)
        /// Rows of before this instant are to go, at most `limit` of them.
        case prune(Kept, before: Timestamp)
        /// The same, as the first of the oldest day: the store is over its size.
        case dropDay(Kept, before: Timestamp, bytes: Int64)
        /// All that was too old is gone; the instant is that before which runs went.
        case setLastPrune(Timestamp, rows: Int, before: Timestamp)
        case measure
        case done
    }

    private enum Work: Equatable {
        case none
        /// What is under way, and what is to follow.
        case byAge([Due], rows: Int, runsBefore: Timestamp)
        case bySize(Due, rows: Int)
    }

    private struct Due: Equatable {
        let kept: Kept
        let before: Timestamp
    }

    /// How many rows go in one transaction.
    static let limit = 2_000
    /// How many rows one transaction makes hours or days of.
    static let rollUpLimit = 4_000
    /// For how long an hour may still get what began in it, before it is made; what comes later is added.
    static let margin: Duration = .seconds(300)

    private static let pause: Duration = .seconds(3_600)
    private static let day: Duration = .seconds(86_400)
    /// With the clocks further apart than this, one of them is wrong, and nobody knows what is old.
    private static let farthestApart: Duration = .seconds(3_600)

    private let settings: StorageSettings
    private let wall: Timestamp
    private let node: Timestamp
    private var last: Timestamp?
    private var rollUp: RollUp?
    private var work = Work.none

    /// - Parameters:
    ///   - wall: the wall clock now, which may have been stepped back since.
    ///   - node: the node's clock now, by which runs are recorded.
    init(_ settings: StorageSettings, wall: Timestamp, node: Timestamp) {
        self.settings = settings
        self.wall = wall
        self.node = node
    }

    /// The first step.
    ///
    /// - Parameter last: when the last prune was.
    mutating func begin(last: Timestamp?) -> Step {
        self.last = last
        return .rollUp(before: node - Self.margin)
    }

    /// The step after one that made hours or days.
    mutating func rolledUp(_ progress: RollUp) -> Step {
        rollUp = progress
        guard progress.isDone else { return .rollUp(before: node - Self.margin) }
        let now = min(wall, node)
        let isApart = max(wall, node) - now > Self.farthestApart
        // One in the future was dated by a clock that was wrong: it counts as none.
        let isRecent = last.map { $0 <= now && now - $0 < Self.pause } ?? false
        guard !isApart, !isRecent else { return .measure }
        let dues = [
            Due(kept: .runs, before: min(now - settings.rawRetention, progress.hoursUntil)),
            // Whole days, so that a day's hours are there together or gone together.
            Due(
                kept: .tallies(.hour),
                before: min(Tier.day.start(of: now - settings.hourlyRetention), progress.daysUntil)),
            Due(kept: .tallies(.day), before: Tier.day.start(of: now - settings.dailyRetention)),
        ]
        work = .byAge(dues, rows: 0, runsBefore: dues[0].before)
        return .prune(dues[0].kept, before: dues[0].before)
    }

    /// The step after one in which so many rows went.
    mutating func pruned(rows: Int) -> Step {
        switch work {
        case .none:
            return .done
        case .byAge(let dues, let before, let runsBefore):
            let left = rows < Self.limit ? Array(dues.dropFirst()) : dues
            work = .byAge(left, rows: before + rows, runsBefore: runsBefore)
            guard let due = left.first else {
                return .setLastPrune(min(wall, node), rows: before + rows, before: runsBefore)
            }
            return .prune(due.kept, before: due.before)
        case .bySize(let due, let before):
            work = .bySize(due, rows: before + rows)
            guard rows < Self.limit else { return .prune(due.kept, before: due.before) }
            return before + rows > 0 ? .measure : .done
        }
    }

    /// The step after a measurement.
    mutating func measured(_ extent: StoreExtent) -> Step {
        guard extent.bytes > settings.maximumSize, let due = oldestDay(extent) else { return .done }
        work = .bySize(due, rows: 0)
        return .dropDay(due.kept, before: due.before, bytes: extent.bytes)
    }

    /// Runs first, as a day of them takes the most; but the last day of them last, after hours and days.
    private func oldestDay(_ extent: StoreExtent) -> Due? {
        let runs = day(of: extent.oldestRun, .runs, noLaterThan: rollUp?.hoursUntil)
        if let runs, runs.before <= node - Self.day { return runs }
        return day(of: extent.oldestHour, .tallies(.hour), noLaterThan: rollUp?.daysUntil)
            ?? day(of: extent.oldestDay, .tallies(.day), noLaterThan: rollUp?.daysUntil) ?? runs
    }

    /// What is not part of an hour or a day yet stays.
    private func day(of oldest: Timestamp?, _ kept: Kept, noLaterThan limit: Timestamp?) -> Due? {
        guard let oldest, let limit, oldest < limit else { return nil }
        let end = kept == .runs ? oldest + Self.day : Tier.day.start(of: oldest) + Self.day
        return Due(kept: kept, before: min(end, limit))
    }
}
