import VitalsCore

/// What waits to be recorded, and when it must be: soon after something that changes a state or that somebody
/// waits for, a little later otherwise; and how much of it is held while the store cannot be written.
struct Inbox: Sendable {
    private var items: [LedgerItem] = []
    /// A batch that could not be recorded. It is tried again as it was: an answer that was lost on its way
    /// from the store must not make two of it.
    private var failed: [LedgerItem] = []
    private var results = 0
    /// Results for which there was no room.
    private var overflow: [HealthCheckID: Miss] = [:]
    private var flushAt: Timestamp?
    private var isCommitting = false
    private var commitBegan: Timestamp?
    /// Commits that failed, in a row.
    private(set) var failures = 0
    private(set) var failingSince: Timestamp?
    /// When the failing was last told of.
    private var alarmed: Timestamp?
    /// Health checks of which even a pass changes something.
    private var unsettled: Set<HealthCheckID>
    private let capacity: Int

    private static let soon: Duration = .milliseconds(25)
    private static let later: Duration = .milliseconds(250)
    /// This many results are not held back any longer.
    private static let full = 500
    private static let largestBatch = 2_000
    private static let longestPause: Duration = .seconds(5)
    /// A store that fails now and then is told of this often at most.
    private static let alarmPause: Duration = .seconds(3_600)

    /// - Parameter capacity: how many results are held while the store cannot be written.
    init(unsettled: Set<HealthCheckID>, capacity: Int = 100_000) {
        self.unsettled = unsettled
        self.capacity = capacity
    }

    var isEmpty: Bool { items.isEmpty && failed.isEmpty && overflow.isEmpty && !isCommitting }

    /// When the next commit is due; nothing while one is under way or nothing waits.
    var nextCommit: Timestamp? { isCommitting ? nil : flushAt }

    /// - Parameter isAwaited: whether somebody waits for it.
    mutating func add(_ item: LedgerItem, isAwaited: Bool, at now: Timestamp) {
        if item.isResult, !isAwaited, results >= capacity {
            overflow(with: item)
            return
        }
        if item.isResult {
            // What there was no room for came before it.
            takeInOverflow()
            results += 1
        }
        items.append(item)
        guard failures == 0 else { return }
        let due: Timestamp =
            if results >= Self.full {
                now
            } else if isAwaited || isUrgent(item) {
                now + Self.soon
            } else {
                now + Self.later
            }
        flushAt = min(flushAt ?? due, due)
    }

    /// The next batch, if it is due; nothing while one is under way.
    mutating func take(at now: Timestamp, isStopping: Bool) -> [LedgerItem]? {
        guard !isCommitting, let flushAt, flushAt <= now || isStopping else { return nil }
        let batch = nextBatch()
        results -= batch.count(where: \.isResult)
        isCommitting = true
        commitBegan = now
        // What is left of a long queue goes next; what comes during the commit sets its own time.
        self.flushAt = items.isEmpty && overflow.isEmpty ? nil : now
        return batch
    }

    /// The batch is in the store.
    ///
    /// - Parameters:
    ///   - settled: those it changed of which a pass changes nothing any more.
    ///   - unsettled: the others that it changed.
    mutating func committed(settled: [HealthCheckID], unsettled: [HealthCheckID], at now: Timestamp) {
        isCommitting = false
        commitBegan = nil
        // While the store failed, nothing that came set a time.
        if failures > 0, !items.isEmpty || !overflow.isEmpty { flushAt = now }
        failures = 0
        failingSince = nil
        self.unsettled.subtract(settled)
        self.unsettled.formUnion(unsettled)
    }

    private mutating func nextBatch() -> [LedgerItem] {
        guard failed.isEmpty else {
            defer { failed = [] }
            return failed
        }
        if items.isEmpty { takeInOverflow() }
        let batch = Array(items.prefix(Self.largestBatch))
        items.removeFirst(batch.count)
        return batch
    }

    /// The batch is not in the store, as far as is known: it comes again, before all others.
    ///
    /// - Returns: whether somebody is to be told, past the store.
    mutating func failed(_ batch: [LedgerItem], at now: Timestamp) -> Bool {
        isCommitting = false
        commitBegan = nil
        failed = batch
        results += batch.count(where: \.isResult)
        failures += 1
        failingSince = failingSince ?? now
        flushAt = now + min(Self.later * (1 << min(failures, 10)), Self.longestPause)
        if let alarmed, now - alarmed < Self.alarmPause { return false }
        alarmed = now
        return true
    }

    /// Whether the store can be written, as far as is known: it has failed neither three times nor for 10 s,
    /// and no commit hangs.
    func isStoreWell(at now: Timestamp) -> Bool {
        let patience: Duration = .seconds(10)
        if failures >= 3 { return false }
        if let failingSince, now - failingSince > patience { return false }
        if let commitBegan, now - commitBegan > patience { return false }
        return true
    }

    private mutating func takeInOverflow() {
        guard !overflow.isEmpty else { return }
        items += overflow.values.sorted { $0.healthCheck < $1.healthCheck }.map { .miss($0) }
        results += overflow.count
        overflow = [:]
    }

    private func isUrgent(_ item: LedgerItem) -> Bool {
        guard case .run(let run, _, _) = item else {
            if case .miss = item { return false }
            return true
        }
        return run.outcome != .pass || unsettled.contains(run.healthCheck)
    }

    /// Beyond the bound a result is a miss, which takes room only once for each health check.
    private mutating func overflow(with item: LedgerItem) {
        let miss: Miss
        switch item {
        case .run(let run, _, _):
            guard let slot = run.slot else { return }
            miss = Miss(of: run.healthCheck, from: slot, to: slot, count: 1, reason: .store)
        case .miss(let found):
            miss = found
        default:
            return
        }
        let held = overflow[miss.healthCheck]
        overflow[miss.healthCheck] = Miss(
            of: miss.healthCheck, from: held?.from ?? miss.from, to: max(held?.to ?? miss.to, miss.to),
            count: (held?.count ?? 0) + miss.count, reason: .store)
    }
}
