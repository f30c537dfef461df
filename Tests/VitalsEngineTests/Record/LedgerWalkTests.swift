import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("The ledger and the store say the same")
struct LedgerWalkTests {
    @Test(
        "after every commit of any history, loading what was recorded gives the same ledger",
        arguments: 0..<40)
    func roundTrip(seed: UInt64) async throws {
        var walk = LedgerWalk(seed: seed)
        for _ in 0..<150 { try await walk.step() }
        #expect(walk.faults == [])
    }

    @Test("the walks come by channels and health checks that are gone")
    func reach() async throws {
        var reached: Set<LedgerWalk.Gone> = []
        for seed in 0..<40 as Range<UInt64> where reached.count < LedgerWalk.Gone.allCases.count {
            var walk = LedgerWalk(seed: seed)
            for _ in 0..<150 { try await walk.step() }
            reached.formUnion(walk.reached)
        }
        #expect(reached == Set(LedgerWalk.Gone.allCases))
    }

    @Test("a batch that is not committed leaves the ledger as it was")
    func notCommitted() {
        let ledger = LedgerWalk.ledger(StoredState())
        let before = LedgerWalk.Content(ledger)
        let run = Fixture.fail(of: LedgerWalk.healthChecks[0].id, at: Fixture.at(10))
        let changes = ledger.draft([.run(run, ticket: 1, isEvaluated: true)], at: Fixture.at(11))
        #expect(changes.batch.runs == [run])
        #expect(LedgerWalk.Content(ledger) == before)
    }
}

/// A ledger that is fed by chance, commit by commit, beside a store.
private struct LedgerWalk {
    /// What must be the same in memory and after a restart.
    struct Content: Equatable {
        let evaluations: [HealthCheckID: Evaluation]
        let lastMisses: [HealthCheckID: Miss]
        let unsent: [NotificationID: VitalsEngine.Notification]
        let pages: [PageKey: Page]
        let active: [PageKey: NotificationID]
        let waiting: [PageKey: NotificationID]
        let deliveredAt: [PageKey: Timestamp]
        let heldUntil: [PageKey: Timestamp]

        init(_ ledger: Ledger) {
            evaluations = ledger.beliefs.mapValues(\.evaluation)
            lastMisses = ledger.lastMisses
            unsent = ledger.unsent
            pages = ledger.pagers.compactMapValues(\.page)
            active = ledger.pagers.compactMapValues(\.active)
            waiting = ledger.pagers.compactMapValues { $0.waiting?.id }
            deliveredAt = ledger.pagers.compactMapValues(\.deliveredAt)
            heldUntil = ledger.pagers.compactMapValues(\.heldUntil)
        }

        func differences(from other: Content) -> [String] {
            var found: [String] = []
            func compare<Value: Equatable>(_ what: String, _ value: Value, _ other: Value) {
                if value != other { found.append("\(what): \(value) is loaded as \(other)") }
            }
            compare("evaluations", evaluations, other.evaluations)
            compare("last misses", lastMisses, other.lastMisses)
            compare("unsent", Set(unsent.keys), Set(other.unsent.keys))
            compare("bodies", unsent, other.unsent)
            compare("pages", pages, other.pages)
            compare("active", active, other.active)
            compare("waiting", waiting, other.waiting)
            compare("delivered", deliveredAt, other.deliveredAt)
            compare("held", heldUntil, other.heldUntil)
            return found
        }
    }

    static let channels = [NodeRig.channel("ops"), NodeRig.channel("mail", cooldown: .seconds(20))]
    static let healthChecks = [
        NodeRig.healthCheck("a", channels: ["ops", "mail"], thresholds: Thresholds(failure: 2)),
        NodeRig.healthCheck("b", channels: ["ops"], thresholds: Thresholds(failure: 1, success: 2, warn: 1)),
        NodeRig.healthCheck(
            "w", channels: ["mail"], thresholds: Thresholds(window: 4, unhealthy: 3, degraded: 1)),
    ]

    static func ledger(
        _ stored: StoredState, _ healthChecks: [HealthCheck] = healthChecks,
        _ channels: [ChannelSettings] = channels
    ) -> Ledger {
        let views = healthChecks.map {
            HealthCheckView(
                $0, systemName: $0.system.text, address: "db", evaluation: Evaluation(), lastRun: nil)
        }
        return Ledger(profiles: views, channels: channels, stored: stored)
    }

    /// What a start does about what is not configured any more.
    enum Gone: CaseIterable {
        case healthCheck
        case page
        case notification

        init?(_ item: LedgerItem) {
            switch item {
            case .remove: self = .healthCheck
            case .drop: self = .page
            case .cancel: self = .notification
            default: return nil
            }
        }
    }

    private let store = MemoryStore()
    private var ledger: Ledger
    private var healthChecks = Self.healthChecks
    private var channels = Self.channels
    private var generator: SeededGenerator
    private var now = Fixture.at(0)
    private var isStarted = false
    /// Attempts that ended and were recorded.
    private var attempts: [NotificationID: Int] = [:]
    private var known: [NotificationID: VitalsEngine.Notification] = [:]
    private(set) var faults: [String] = []
    private(set) var reached: Set<Gone> = []

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        ledger = Self.ledger(StoredState())
    }

    mutating func step() async throws {
        if !isStarted {
            isStarted = true
            try await restart()
        }
        let items = (0...chance(6)).flatMap { _ in item() } + attempt() + look()
        let changes = ledger.draft(items, at: now)
        switch chance(10) {
        case 0:
            // It was not recorded.
            return
        case 1:
            // It was recorded, and the process died before it knew.
            try await store.record(changes.batch)
            try await restart()
        case 2:
            try await restart()
        case 3:
            healthChecks = Array(Self.healthChecks.prefix(1 + chance(2)))
            channels = Array(Self.channels.prefix(1 + chance(2)))
            try await restart()
        default:
            try await commit(items)
        }
        let loaded = Content(Self.ledger(try await store.load(), healthChecks, channels))
        let content = Content(ledger)
        faults += content.differences(from: loaded)
    }

    private mutating func commit(_ items: [LedgerItem]) async throws {
        let changes = ledger.draft(items, at: now)
        try await store.record(changes.batch)
        ledger.adopt(changes)
        for notification in changes.batch.notifications { known[notification.id] = notification }
        for attempt in changes.batch.attempts { attempts[attempt.notification] = attempt.number }
    }

    private mutating func restart() async throws {
        // Later than whatever was recorded.
        now = now + .milliseconds(1)
        let stored = try await store.load()
        ledger = Self.ledger(stored, healthChecks, channels)
        for entry in stored.notifications {
            known[entry.notification.id] = entry.notification
            attempts[entry.notification.id] = entry.endedAttempts
        }
        let items = ledger.opening(stored, at: now).items
        reached.formUnion(items.compactMap(Gone.init))
        try await commit(items)
        let sendable = ledger.sendable(stored.notifications)
        let perPage = Dictionary(grouping: sendable.filter { $0.notification.healthCheck != nil }) {
            "\($0.notification.healthCheck?.text ?? "") \($0.notification.channel)"
        }
        for (page, entries) in perPage where entries.count > 1 {
            faults.append("\(page): \(entries.count) at once")
        }
    }

    private mutating func chance(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

    private mutating func item() -> [LedgerItem] {
        now = now + .milliseconds(1 + chance(9_000))
        let id = healthChecks[chance(healthChecks.count)].id
        switch chance(9) {
        case 0..<3: return [.run(Fixture.pass(of: id, at: now), ticket: 0, isEvaluated: true)]
        case 3..<6:
            let causes: [Cause] = [.refused, .authFailed, .timeout, .internal]
            let cause = causes[chance(4)]
            let run = Fixture.fail(of: id, at: now, cause: cause)
            return [.run(run, ticket: 0, isEvaluated: true)]
        case 6: return [.miss(Miss(of: id, from: now, to: now, count: 1, reason: .late))]
        default:
            // Claim whatever waits.
            guard
                let unsent = ledger.unsent.values.sorted(by: { $0.id < $1.id }).randomElement(
                    using: &generator)
            else { return [] }
            return [.claim(unsent.id)]
        }
    }

    /// What happens at the batch's own instant happens once at it.
    private mutating func look() -> [LedgerItem] {
        let id = healthChecks[chance(healthChecks.count)].id
        switch chance(4) {
        case 0: return [.age(id, baseline: Fixture.at(0))]
        case 1: return [.reset(id, .disabled)]
        default: return []
        }
    }

    /// At most one in a batch, of what is on its way.
    private mutating func attempt() -> [LedgerItem] {
        let active = ledger.pagers.values.compactMap(\.active).compactMap { known[$0] }.sorted {
            $0.id < $1.id
        }
        guard chance(2) == 0, let notification = active.randomElement(using: &generator) else { return [] }
        let outcomes: [DeliveryOutcome] = [
            .delivered(httpStatus: 200), .answered(httpStatus: 500), .answered(httpStatus: 410),
        ]
        let outcome = outcomes[chance(3)]
        let isRetried = if case .failed = outcome { true } else { false }
        let attempt = Attempt(
            notification: notification.id, number: (attempts[notification.id] ?? 0) + 1, at: now,
            outcome: outcome, nextAttemptAt: isRetried ? now + .seconds(5) : nil)
        return [.attempt(attempt, of: notification)]
    }
}
