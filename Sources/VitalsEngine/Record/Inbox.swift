import VitalsCore

/// What waits to be recorded, and when it must be: soon after something that changes a state or that somebody
/// waits for, a little later otherwise; and how much of it is held while the store cannot be written.
struct Inbox: Sendable {
    private var items: [LedgerItem] = []
    /// A batch that could not be recorded. It is tried again as it was: an answer that was lost on its way
    /// from the store must not make two of it.
    private var failed: [LedgerItem] = []
    private var results = 0
    private var pings = 0
    /// Results for which there was no room.
    private var overflow: [HealthCheckID: Miss] = [:]
    private var flushAt: Timestamp?
    private var isCommitting = false
    private(set) var store = StoreHealth()
    /// What there is no room for in memory.
    private var spill: Spill
    /// Health checks of which even a pass changes something.
    private var unsettled: Set<HealthCheckID>
    private let capacity: Int

    private static let soon: Duration = .milliseconds(25)
    private static let later: Duration = .milliseconds(250)
    /// This many results are not held back any longer.
    private static let full = 500
    private static let largestBatch = 2_000
    private static let mostPings = 10_000
    private static let longestPause: Duration = .seconds(5)

    /// - Parameters:
    ///   - capacity: how many results are held in memory while the store cannot be written.
    ///   - hasSpool: whether there is one for what comes beyond them.
    init(unsettled: Set<HealthCheckID>, capacity: Int = 100_000, hasSpool: Bool = false) {
        self.unsettled = unsettled
        self.capacity = capacity
        spill = Spill(isUsable: hasSpool)
    }

    var isEmpty: Bool { held == 0 && items.isEmpty && failed.isEmpty && !isCommitting }

    /// Commits that failed, in a row.
    var failures: Int { store.failures }

    /// Results that wait, wherever.
    var held: Int { results + spill.count + overflow.values.reduce(0) { $0 + $1.count } }

    /// Whether there is more than memory holds.
    var isSpilling: Bool { spill.isActive }

    /// Whether what is committed may be far behind what was found: the age of a state says nothing then.
    var isBehind: Bool { failures > 0 || spill.isActive }

    /// When the next commit is due; nothing while one is under way or nothing waits.
    var nextCommit: Timestamp? { isCommitting || !hasBatch ? nil : flushAt }

    /// - Parameter isAwaited: whether somebody waits for it.
    mutating func add(_ item: LedgerItem, isAwaited: Bool, at now: Timestamp) {
        if let result = item.result {
            if spill.isActive || results >= capacity && spill.hasRoom {
                hold(result, isAwaited: isAwaited)
                return
            }
            if !isAwaited, results >= capacity {
                overflow(with: result)
                return
            }
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

    /// - Returns: whether there is room for it.
    mutating func add(_ heard: HeardPing, ticket: Int, at now: Timestamp) -> Bool {
        guard pings < Self.mostPings else { return false }
        pings += 1
        add(.ping(heard, ticket: ticket), isAwaited: true, at: now)
        return true
    }

    /// The next batch, if it is due; nothing while one is under way.
    mutating func take(at now: Timestamp, isStopping: Bool) -> [LedgerItem]? {
        guard !isCommitting, hasBatch, let flushAt, flushAt <= now || isStopping else { return nil }
        let batch = nextBatch()
        results -= batch.count(where: \.isResult)
        pings -= batch.count(where: \.isPing)
        isCommitting = true
        store.began(at: now)
        // What is left of a long queue goes next; what comes during the commit sets its own time.
        self.flushAt = hasBatch ? now : nil
        return batch
    }

    /// The batch is in the store.
    ///
    /// - Parameters:
    ///   - settled: those it changed of which a pass changes nothing any more.
    ///   - unsettled: the others that it changed.
    mutating func committed(settled: [HealthCheckID], unsettled: [HealthCheckID], at now: Timestamp) {
        isCommitting = false
        let hasFailed = failures > 0
        let isToBeTold = store.committed()
        if isToBeTold { items.insert(.speak(StoreTrouble.over), at: 0) }
        // While the store failed, nothing that came set a time.
        if hasFailed || isToBeTold, hasBatch { flushAt = now }
        self.unsettled.subtract(settled)
        self.unsettled.formUnion(unsettled)
    }

    private mutating func nextBatch() -> [LedgerItem] {
        guard failed.isEmpty else {
            defer { failed = [] }
            return failed
        }
        if items.isEmpty { takeInOverflow() }
        guard items.count > Self.largestBatch else {
            // All of it, as almost always: nothing is copied.
            defer { items = [] }
            return items
        }
        let batch = Array(items.prefix(Self.largestBatch))
        items.removeFirst(batch.count)
        return batch
    }

    /// The batch is not in the store, as far as is known: it comes again, before all others.
    ///
    /// - Returns: whether somebody is to be told, past the store.
    mutating func failed(
        _ batch: [LedgerItem], as trouble: StoreTrouble = .unwritable, at now: Timestamp
    ) -> Bool {
        isCommitting = false
        failed = batch
        results += batch.count(where: \.isResult)
        pings += batch.count(where: \.isPing)
        let isToBeTold = store.failed(as: trouble, at: now)
        flushAt = now + min(Self.later * (1 << min(failures, 10)), Self.longestPause)
        return isToBeTold
    }

    /// Whether the store can be written, as far as is known: it has failed neither three times nor for 10 s,
    /// and no commit hangs.
    func isStoreWell(at now: Timestamp) -> Bool {
        store.isWritable(at: now)
    }

    /// How well results are kept: degraded while they wait for a store that cannot be written, unhealthy once
    /// there is no room for them or the store is damaged.
    func storeState(at now: Timestamp) -> State {
        if store.isDamaged { return .unhealthy }
        if store.isWritable(at: now) { return .healthy }
        return overflow.isEmpty ? .degraded : .unhealthy
    }

    /// Time has come to `now`.
    ///
    /// - Returns: whether somebody is to be told, past the store, that it hangs.
    mutating func hangs(at now: Timestamp) -> Bool {
        store.looked(at: now)
    }

    /// Something was read in the store that nobody wrote.
    ///
    /// - Returns: whether somebody is to be told, past the store.
    mutating func foundDamage(at now: Timestamp) -> Bool {
        store.foundDamage(at: now)
    }

    /// Whether there is something for `nextBatch`. Misses that came after what is spooled wait for it.
    private var hasBatch: Bool {
        !failed.isEmpty || !items.isEmpty || !overflow.isEmpty && !spill.isActive
    }

    /// What there was no room for came before what there is room for again.
    private mutating func takeInOverflow() {
        guard !overflow.isEmpty else { return }
        let misses = takeOverflow()
        items += misses.map { .miss($0) }
        results += misses.count
    }

    private mutating func takeOverflow() -> [Miss] {
        defer { overflow = [:] }
        return overflow.values.sorted { $0.healthCheck < $1.healthCheck }
    }

    /// Memory is full, or what came before this is spooled.
    private mutating func hold(_ result: HeldResult, isAwaited: Bool) {
        guard isAwaited || spill.hasRoom else { return overflow(with: result) }
        if !overflow.isEmpty { takeOverflow().forEach { spill.add(.miss($0)) } }
        spill.add(result)
    }

    private func isUrgent(_ item: LedgerItem) -> Bool {
        guard case .run(let run, _, _) = item else {
            if case .miss = item { return false }
            return true
        }
        return run.outcome != .pass || unsettled.contains(run.healthCheck)
    }

    /// Beyond the bound a result is a miss, which takes room only once for each health check.
    private mutating func overflow(with result: HeldResult) {
        let miss: Miss
        switch result {
        case .run(let run, _, _):
            guard let slot = run.slot else { return }
            miss = Miss(of: run.healthCheck, from: slot, to: slot, count: 1, reason: .store)
        case .miss(let found):
            miss = found
        }
        let held = overflow[miss.healthCheck]
        overflow[miss.healthCheck] = Miss(
            of: miss.healthCheck, from: held?.from ?? miss.from, to: max(held?.to ?? miss.to, miss.to),
            count: (held?.count ?? 0) + miss.count, reason: .store)
    }
}

/// What the spool is asked, and what comes of it.
extension Inbox {
    /// The next thing the spool is to do; nothing while it is doing one.
    mutating func spoolStep(at now: Timestamp) -> Spill.Step? {
        refill([], at: now)
        return spill.next(isWanted: hasRoomForSpooled)
    }

    /// What the spool was given is in it, or the first `count` of it; nothing: it fails.
    mutating func spooled(_ count: Int?, at now: Timestamp) {
        spill.appended(count)
        refill([], at: now)
    }

    /// These came back from the spool.
    mutating func unspooled(_ results: [HeldResult], at now: Timestamp) {
        spill.took(results)
        refill(results, at: now)
    }

    /// What is in the spool cannot be read: its slots are misses.
    ///
    /// - Parameter next: the slot of a health check after another one.
    /// - Returns: how many slots.
    mutating func spoolFailed(
        at now: Timestamp, next: (HealthCheckID, Timestamp) -> Timestamp
    ) -> Int {
        let misses = spill.lost(next: next)
        refill(misses.map { .miss($0) }, at: now)
        return misses.reduce(0) { $0 + $1.count }
    }

    /// What was held is being recorded, and little of it is left in memory.
    private var hasRoomForSpooled: Bool { failures == 0 && results < Self.largestBatch }

    /// Takes in what follows on what is in memory; what waits too, once nothing is spooled before it.
    private mutating func refill(_ results: [HeldResult], at now: Timestamp) {
        let waiting = hasRoomForSpooled ? spill.takeWaiting() : []
        guard !results.isEmpty || !waiting.isEmpty || !overflow.isEmpty else { return }
        items += (results + waiting).map(LedgerItem.init)
        self.results += results.count + waiting.count
        if failures == 0, hasBatch { flushAt = now }
    }
}
