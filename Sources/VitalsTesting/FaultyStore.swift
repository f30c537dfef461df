import Synchronization
package import VitalsCore
package import VitalsEngine

/// A store that can be told to fail, at any time, and that counts what it is asked.
package final class FaultyStore: Store {
    /// What a store can be asked.
    package enum Verb: String, Sendable, CaseIterable {
        case load, record, history, samples, misses, tallies, episodes, transitions, deliveries, notification
        case rollUp, pings, readings
        case lastPrune, prune, pruneTier, setLastPrune, extent, close
    }

    /// What it throws while it fails.
    package struct Failure: StoreFailure, Equatable, CustomStringConvertible {
        package let verb: Verb
        package let isDamage: Bool

        package init(verb: Verb, isDamage: Bool = false) {
            self.verb = verb
            self.isDamage = isDamage
        }

        package var description: String { "\(verb.rawValue) was made to fail" }
    }

    private let store: any Store
    private let world = Mutex(World())

    private struct World {
        var failing: Set<Verb> = []
        var isDamaged = false
        var hanging: Set<Verb> = []
        var waiting: [CheckedContinuation<Void, Never>] = []
        var losing: Set<Verb> = []
        var calls: [Verb: Int] = [:]
    }

    package init(_ store: any Store) {
        self.store = store
    }

    /// From now on these verbs throw `Failure` and do nothing.
    package func fail(_ verbs: Set<Verb>, isDamaged: Bool = false) {
        world.withLock {
            $0.failing = verbs
            $0.isDamaged = isDamaged
        }
    }

    /// From now on these verbs do not return before `recover`; then they do what they were asked.
    package func hang(_ verbs: Set<Verb>) {
        world.withLock { $0.hanging = verbs }
    }

    /// From now on these verbs do what they are asked and then throw `Failure`: the answer is lost on its
    /// way.
    package func loseAnswers(of verbs: Set<Verb>) {
        world.withLock { $0.losing = verbs }
    }

    /// From now on everything works again.
    package func recover() {
        let waiting = world.withLock { world in
            world.failing = []
            world.losing = []
            world.hanging = []
            defer { world.waiting = [] }
            return world.waiting
        }
        waiting.forEach { $0.resume() }
    }

    /// How often it was asked, failures included.
    package func calls(of verb: Verb) -> Int {
        world.withLock { $0.calls[verb, default: 0] }
    }

    private func ask<Answer>(_ verb: Verb, _ body: () async throws -> Answer) async throws -> Answer {
        await wait(verb)
        try enter(verb)
        let answer = try await body()
        try leave(verb)
        return answer
    }

    private func wait(_ verb: Verb) async {
        guard world.withLock({ $0.hanging.contains(verb) }) else { return }
        await withCheckedContinuation { continuation in
            let isOver = world.withLock { world in
                guard world.hanging.contains(verb) else { return true }
                world.waiting.append(continuation)
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    private func enter(_ verb: Verb) throws {
        let (isFailing, isDamaged) = world.withLock { world in
            world.calls[verb, default: 0] += 1
            return (world.failing.contains(verb), world.isDamaged)
        }
        if isFailing { throw Failure(verb: verb, isDamage: isDamaged) }
    }

    private func leave(_ verb: Verb) throws {
        if world.withLock({ $0.losing.contains(verb) }) { throw Failure(verb: verb) }
    }

    package func load() async throws -> StoredState {
        try await ask(.load) { try await store.load() }
    }

    package func resources() async throws -> [StoredResource] {
        try await ask(.load) { try await store.resources() }
    }

    package func record(_ batch: Batch) async throws {
        try await ask(.record) { try await store.record(batch) }
    }

    package func history(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem] {
        try await ask(.history) { try await store.history(of: healthCheck, before: before, limit: limit) }
    }

    package func pings(
        of healthCheck: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HeardPing] {
        try await ask(.pings) { try await store.pings(of: healthCheck, before: before, limit: limit) }
    }

    package func readings(
        of vital: String, _ healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [VitalReading] {
        try await ask(.readings) {
            try await store.readings(of: vital, healthCheck, in: range, limit: limit)
        }
    }

    package func samples(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Sample] {
        try await ask(.samples) { try await store.samples(of: healthCheck, in: range, limit: limit) }
    }

    package func misses(
        of healthCheck: HealthCheckID, in range: Range<Timestamp>, limit: Int
    ) async throws -> [Miss] {
        try await ask(.misses) { try await store.misses(of: healthCheck, in: range, limit: limit) }
    }

    package func tallies(
        of healthCheck: HealthCheckID, by tier: Tier, in range: Range<Timestamp>
    ) async throws -> Tallies {
        try await ask(.tallies) { try await store.tallies(of: healthCheck, by: tier, in: range) }
    }

    package func episodes(_ query: PastEpisode.Query) async throws -> [PastEpisode] {
        try await ask(.episodes) { try await store.episodes(query) }
    }

    package func transitions(_ query: PastTransition.Query) async throws -> [PastTransition] {
        try await ask(.transitions) { try await store.transitions(query) }
    }

    package func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        try await ask(.deliveries) { try await store.deliveries(after: after, limit: limit) }
    }

    package func rollUp(before instant: Timestamp, limit: Int) async throws -> RollUp {
        try await ask(.rollUp) { try await store.rollUp(before: instant, limit: limit) }
    }

    package func notification(_ id: NotificationID) async throws -> KnownNotification? {
        try await ask(.notification) { try await store.notification(id) }
    }

    package func lastPrune() async throws -> Timestamp? {
        try await ask(.lastPrune) { try await store.lastPrune() }
    }

    package func prune(before cutoff: Timestamp, limit: Int) async throws -> Int {
        try await ask(.prune) { try await store.prune(before: cutoff, limit: limit) }
    }

    package func prune(_ tier: Tier, before cutoff: Timestamp, limit: Int) async throws -> Int {
        try await ask(.pruneTier) { try await store.prune(tier, before: cutoff, limit: limit) }
    }

    package func setLastPrune(_ at: Timestamp) async throws {
        try await ask(.setLastPrune) { try await store.setLastPrune(at) }
    }

    package func extent() async throws -> StoreExtent {
        try await ask(.extent) { try await store.extent() }
    }

    package func close() throws {
        try enter(.close)
        try store.close()
        try leave(.close)
    }
}
