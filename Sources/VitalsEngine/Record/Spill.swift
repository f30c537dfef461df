import VitalsCore

/// Which results go to the spool and when they come back, so that their order is kept: the inbox's memory has
/// the oldest, then comes what is spooled, then what waits to be.
struct Spill: Sendable {
    /// What the spool is to do. One at a time: the next comes when this one's end was reported.
    enum Step: Sendable, Equatable {
        case append([HeldResult])
        case take(Int)
    }

    /// The slots of one health check in the spool.
    private struct Extent {
        let first: Timestamp
        var last: Timestamp
        var count: Int
        /// The newest of those that came back.
        var taken: Timestamp?
    }

    /// Newer than all that is spooled.
    private var waiting: [HeldResult] = []
    /// What the spool is being given.
    private var moving: [HeldResult] = []
    private var isBusy = false
    /// Results in the spool.
    private var spooled = 0
    private var extents: [HealthCheckID: Extent] = [:]
    private var isFull = false
    /// Whether there is a spool, and it has done what it was asked.
    private(set) var isUsable: Bool

    /// Fewer are not worth a write.
    private static let chunk = 500
    private static let largestChunk = 2_000
    /// While a chunk is being written.
    private static let mostWaiting = 20_000

    init(isUsable: Bool) {
        self.isUsable = isUsable
    }

    /// Whether anything is in it: what comes now is newer.
    var isActive: Bool { spooled > 0 || isBusy || !waiting.isEmpty }

    var hasRoom: Bool { isUsable && !isFull && waiting.count < Self.mostWaiting }

    var count: Int { spooled + moving.count + waiting.count }

    mutating func add(_ result: HeldResult) {
        waiting.append(result)
    }

    /// - Parameter isWanted: whether the inbox has room, and what is spooled is to come back.
    mutating func next(isWanted: Bool) -> Step? {
        guard !isBusy else { return nil }
        if isWanted, spooled > 0 {
            isBusy = true
            return .take(Self.largestChunk)
        }
        guard isUsable, !isFull, waiting.count >= Self.chunk else { return nil }
        isBusy = true
        moving = Array(waiting.prefix(Self.largestChunk))
        waiting.removeFirst(moving.count)
        return .append(moving)
    }

    /// What was to be put into the spool is there, or the first `count` of it; nothing: none is, and none
    /// ever will.
    mutating func appended(_ count: Int?) {
        let accepted = count ?? 0
        isBusy = false
        isUsable = isUsable && count != nil
        isFull = accepted < moving.count
        spooled += accepted
        for result in moving.prefix(accepted) {
            guard let (id, first, last, count) = result.slots else { continue }
            extents[id, default: Extent(first: first, last: last, count: 0)].count += count
            extents[id]?.last = last
        }
        waiting.insert(contentsOf: moving.dropFirst(accepted), at: 0)
        moving = []
    }

    /// These came back.
    mutating func took(_ results: [HeldResult]) {
        isBusy = false
        spooled -= results.count
        for result in results {
            guard let (id, _, last, count) = result.slots else { continue }
            extents[id]?.count -= count
            extents[id]?.taken = last
        }
        if spooled == 0 { forget() }
    }

    /// What is spooled does not come back.
    ///
    /// - Parameter next: the slot of a health check after another one.
    /// - Returns: the misses that it comes to.
    mutating func lost(next: (HealthCheckID, Timestamp) -> Timestamp) -> [Miss] {
        isBusy = false
        isUsable = false
        defer { forget() }
        return extents.filter { $0.value.count > 0 }.sorted { $0.key < $1.key }.map { id, extent in
            Miss(
                of: id, from: extent.taken.map { next(id, $0) } ?? extent.first, to: extent.last,
                count: extent.count, reason: .store)
        }
    }

    /// What waits, if nothing older is spooled.
    mutating func takeWaiting() -> [HeldResult] {
        guard spooled == 0, !isBusy else { return [] }
        defer { waiting = [] }
        return waiting
    }

    private mutating func forget() {
        spooled = 0
        extents = [:]
        isFull = false
    }
}

extension HeldResult {
    /// The slots that it accounts for.
    fileprivate var slots: (HealthCheckID, first: Timestamp, last: Timestamp, count: Int)? {
        switch self {
        case .run(let run, _, _): run.slot.map { (run.healthCheck, $0, $0, 1) }
        case .miss(let miss): (miss.healthCheck, miss.from, miss.to, miss.count)
        }
    }
}
