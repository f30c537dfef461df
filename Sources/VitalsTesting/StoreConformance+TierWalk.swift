import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let tierWalks: [StoreConformance] = (1...4).map { seed in
        StoreConformance(
            "in whatever order it is recorded, rolled up and pruned, all is counted once (\(seed))"
        ) {
            store in
            try await register(in: store)
            var walk = TierWalk(seed: UInt64(seed))
            for _ in 0..<150 { try await walk.step(store) }
            try await walk.finish(store)
        }
    }
}

/// Two days of two health checks, their runs and misses early, late and twice, while hours and days are
/// made and runs go; and what should be counted in the end.
private struct TierWalk {
    private static let end: Int64 = 2 * 86_400
    private static let healthChecks = [StoreConformance.sql.id, StoreConformance.port.id]

    private var random: SeededGenerator
    private var runs: [HealthCheckID: [Timestamp: Run]] = [:]
    private var misses: [HealthCheckID: [Miss]] = [:]
    /// Before this, runs may be gone.
    private var pruned = StoreConformance.at(0)
    private var rolledUpTo = StoreConformance.at(0)
    /// The seconds that have passed.
    private var now: Int64 = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func step(_ store: any Store) async throws {
        now = min(Self.end, now + Int64.random(in: 0...2_500, using: &random))
        switch Int.random(in: 0...9, using: &random) {
        case 0...4: try await record(store)
        case 5, 6: try await miss(store)
        case 7, 8:
            let limit = Int.random(in: 1...20, using: &random)
            rolledUpTo = try await store.rollUp(before: StoreConformance.at(now), limit: limit).hoursUntil
        default:
            pruned = max(pruned, min(rolledUpTo, StoreConformance.at(.random(in: 0...now, using: &random))))
            _ = try await store.prune(before: pruned, limit: 10)
        }
    }

    /// In the end each hour and each day holds what was ever recorded of it.
    func finish(_ store: any Store) async throws {
        let end = StoreConformance.at(Self.end)
        var steps = 0
        while try await !store.rollUp(before: end, limit: 50).isDone, steps < 1_000 { steps += 1 }
        for id in Self.healthChecks {
            for tier in Tier.allCases {
                let found = try await store.tallies(of: id, by: tier, in: StoreConformance.at(0)..<end)
                let tallies = Dictionary(uniqueKeysWithValues: found.pieces.map { ($0.start, $0.tally) })
                try StoreConformance.expect(tallies, is: expected(of: id, tier), "\(tier)s of \(id)")
                try StoreConformance.expect(found.until, is: end, "the end of the \(tier)s")
            }
        }
    }

    private mutating func record(_ store: any Store) async throws {
        var batch = Batch()
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let id = Self.healthChecks[Int.random(in: 0...1, using: &random)]
            let isLate = Int.random(in: 0...5, using: &random) == 0
            let second = Int64.random(in: (isLate ? 0 : max(0, now - 3_000))...now, using: &random)
            // What was pruned and comes again is not known any more.
            guard second < Self.end, runs[id]?[StoreConformance.at(second)] == nil else { continue }
            let run =
                Bool.random(using: &random)
                ? Fixture.pass(of: id, at: StoreConformance.at(second))
                : Fixture.fail(of: id, at: StoreConformance.at(second))
            runs[id, default: [:]][run.at] = run
            batch.runs.append(run)
        }
        try await store.record(batch)
        if Bool.random(using: &random) { batch.runs.removeAll { $0.at < pruned } }
        guard batch.runs.allSatisfy({ $0.at >= pruned }) else { return }
        try await store.record(batch)
    }

    /// A new one after the last, or the last with more slots, all of them every 100 s.
    private mutating func miss(_ store: any Store) async throws {
        let id = Self.healthChecks[Int.random(in: 0...1, using: &random)]
        let last = misses[id]?.last
        let first = last.map { ($0.to - StoreConformance.at(0)).microseconds / 1_000_000 + 100 } ?? 50
        guard first < now, now < Self.end else { return }
        let more = Int.random(in: 1...Int((now - first) / 100 + 1), using: &random)
        let to = StoreConformance.at(first + Int64(more - 1) * 100)
        var miss = Miss(of: id, from: StoreConformance.at(first), to: to, count: more, reason: .late)
        if let last, last.to >= pruned, Bool.random(using: &random) {
            miss = Miss(of: id, from: last.from, to: to, count: last.count + more, reason: last.reason)
            misses[id]?.removeLast()
        }
        misses[id, default: []].append(miss)
        for _ in 0...Int.random(in: 0...1, using: &random) {
            try await StoreConformance.record([miss], in: store)
        }
    }

    private func expected(of id: HealthCheckID, _ tier: Tier) -> [Timestamp: Tally] {
        var tallies: [Timestamp: Tally] = [:]
        for run in (runs[id] ?? [:]).values {
            tallies[tier.start(of: run.at), default: Tally()].add(Sample(run))
        }
        for miss in misses[id] ?? [] {
            for number in 0..<miss.count {
                let slot = miss.from + .seconds(100 * number)
                tallies[tier.start(of: slot), default: Tally()].missed += 1
            }
        }
        return tallies
    }
}
