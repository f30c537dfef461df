import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// Keeps books of its own, by the words of the design and not by the code, and compares them with what the
/// engine says, step by step.
struct Auditor {
    var books: [Book]
    /// By every name that one ever had.
    private var places: [HealthCheckID: Int]
    /// What is called otherwise now.
    var names: [HealthCheckID: HealthCheckID] = [:]
    private let total: Int
    /// Slots that were run or missed.
    var slots = 0
    var startedAt = Timestamp(microseconds: 0)
    /// Counts the processes.
    var process = 0
    /// Whether the wall clock was stepped since the start.
    private var wasStepped = false
    /// The last moment when the store was known to be behind, or the node asleep.
    var disturbedAt = Timestamp(microseconds: 0)
    var lookedAt = Timestamp(microseconds: 0)
    var looks = 0
    var channels: [ChannelID] = []
    var sight = Sight()
    var cooldowns: [ChannelID: Duration] = [:]
    var tellings: [PageKey: Telling] = [:]
    var messages: [NotificationID: Message] = [:]
    /// Since when pings are heard: the node's start, or its last awakening.
    var listeningSince = Timestamp(microseconds: 0)

    init(_ scenario: Scenario) {
        books = scenario.ids.map { Book($0) }
        places = Dictionary(uniqueKeysWithValues: scenario.ids.enumerated().map { ($1, $0) })
        total = scenario.total
    }

    func place(of id: HealthCheckID) -> Int { places[id] ?? -1 }

    /// What they are called, or are to be called, by their places.
    mutating func learn(_ ids: [HealthCheckID]) {
        for (place, id) in ids.enumerated() { places[id] = place }
    }

    // MARK: Starting

    /// A process begins, with this configuration.
    mutating func starts(_ scenario: Scenario, newest: Timestamp?, at now: Timestamp) throws(Interruption) {
        if let newest, now <= newest {
            throw .broken("instants begin after the newest stored one", "\(now) after \(newest)")
        }
        learn(scenario.ids)
        startedAt = now
        listeningSince = now
        process += 1
        (sight.truths, sight.answeredAt) = ([:], nil)
        disturbedAt = now
        wasStepped = false
        channels = scenario.channels.map(\.id)
        cooldowns = Dictionary(uniqueKeysWithValues: scenario.channels.map { ($0.id, $0.cooldown) })
        for place in books.indices {
            books[place].configured = nil
            books[place].isRunning = false
            books[place].confirmations = 0
            books[place].endedAt = nil
            books[place].lastConclusive = nil
            books[place].backedOffUntil = nil
            books[place].begunAt = nil
            books[place].firstTicket = 0
            books[place].isOfOldPolicy = false
        }
        for healthCheck in scenario.healthChecks {
            books[place(of: healthCheck.id)].configured = healthCheck
        }
        for (key, telling) in tellings where !channels.contains(key.channel) && telling.heard != nil {
            // A channel that is gone is told nothing more.
            tellings[key]?.heard = nil
        }
    }

    /// The clock was not believed.
    func refused(newest: Timestamp?, wall: Timestamp) throws(Interruption) {
        guard let newest, newest - wall > .seconds(3_600) else {
            throw .broken("only a clock more than an hour behind is refused", "\(wall)")
        }
    }

    mutating func stepped() { wasStepped = true }

    // MARK: Runs

    mutating func started(
        _ place: Int, _ job: Job, at instant: Timestamp, running: Int
    ) throws(Interruption) {
        if books[place].isRunning {
            throw .broken("one run of a health check is in flight at most", "\(books[place].id) \(job)")
        }
        if running > total { throw .broken("the limit on runs in flight holds", "\(running)") }
        books[place].isRunning = true
        guard job.trigger == .confirm else {
            books[place].confirmations = 0
            books[place].isOfOldPolicy = false
            return
        }
        books[place].confirmations += 1
        if books[place].isOfOldPolicy { return }
        guard let policy = books[place].configured?.policy, let every = policy.confirmEvery,
            let endedAt = books[place].endedAt
        else { throw .broken("what is not to be confirmed is not", "\(books[place].id) \(job)") }
        guard case .rows(let rows) = policy.thresholds else {
            throw .broken("nothing is confirmed in a window", "\(books[place].id) \(job)")
        }
        let highest = max(rows.failure, rows.success, rows.warn, rows.degraded ?? 1)
        if books[place].confirmations >= highest {
            throw .broken("confirmations are fewer than the highest threshold", "\(books[place].id) \(job)")
        }
        if instant < endedAt + every {
            throw .broken("a confirmation waits for its pause", "\(books[place].id) \(job)")
        }
    }

    mutating func ended(_ place: Int) { books[place].isRunning = false }

    // MARK: Batches

    /// A batch is in the store, for the first time.
    mutating func committed(
        _ items: [LedgerItem], _ changes: Changes, at now: Timestamp
    ) throws(Interruption) {
        var expected = Expected()
        rename(changes.batch.renamed)
        var reading = Reading(runs: changes.batch.runs[...], pings: changes.batch.pings[...])
        for item in items {
            switch item {
            case .run(let run, let ticket, let isEvaluated):
                guard !isVoid(run, ticket) else { continue }
                try judge(run, isEvaluated: isEvaluated, &reading, &expected, at: now)
            case .miss(let miss): if !isVoid(miss.healthCheck, miss.to) { try account(miss) }
            case .age(let id, let baseline): expire(place(of: id), baseline, at: now, &expected)
            case .reset(let id, let reason): reset(place(of: id), reason, at: now, &expected)
            case .remove(let id):
                books[place(of: id)].isRegistered = false
                books[place(of: id)].heart = nil
            case .register, .claim, .attempt, .retry, .drop, .cancel, .speak: break
            case .reconfigure(let change): try takeOver(change, changes.batch, at: now, &expected)
            case .ping(let heard, _): try hear(heard, &reading, &expected, at: now)
            case .due(let id, let instant): try look(after: id, at: instant, &reading, &expected)
            }
        }
        guard reading.runs.isEmpty, reading.pings.isEmpty else {
            throw .broken("runs of what is no more are nobody's", "\(reading)")
        }
        // Misses that come with it are of the slots of before.
        for case .register(let healthCheck) in items { register(healthCheck, at: now) }
        for row in changes.batch.misses { try keep(row) }
        try compare(expected, changes.batch)
        try hear(items, changes.batch, expected, at: now)
    }

    /// It is known to be in the store: what is believed is what the runs say.
    func adopted(_ changes: Changes, _ ledger: Ledger) throws(Interruption) {
        for (id, belief) in changes.beliefs {
            let book = books[place(of: id)]
            let found = belief.evaluation
            guard found.state == book.state, found.isStale == book.isStale, found.episode == book.episode,
                found.since == book.since, found.hasPassed == book.hasPassed
            else { throw .broken("the state is what the runs say", "\(found) is not as \(book)") }
        }
    }

    mutating func register(_ healthCheck: HealthCheck, at now: Timestamp) {
        let place = place(of: healthCheck.id)
        let interval = healthCheck.policy.interval.microseconds
        let book = books[place]
        let spread = StableHash.mix(StableHash.fnv1a(healthCheck.id.text))
        let phase = Int64(spread % UInt64(interval))
        if !book.isRegistered || book.interval != interval || !book.isEnabled || book.phase != phase {
            books[place].interval = interval
            books[place].phase = phase
            books[place].accounted = now.microseconds
        }
        // What comes back is new.
        if !book.isRegistered { books[place].since = nil }
        books[place].isEnabled = healthCheck.isEnabled
        books[place].isRegistered = true
        books[place].registeredAt = book.registeredAt ?? now
    }

    // MARK: Slots

    /// Each slot is one run or one miss, in their order.
    mutating func account(_ run: Run) throws(Interruption) {
        let place = place(of: run.healthCheck)
        let (at, last) = (run.at.microseconds, books[place].lastRun)
        // A ping may come while a slot's run is on its way.
        let pings = books[place].configured?.heartbeat != nil
        guard at > last || pings && at != last else {
            throw .broken("a key is one run, and runs do not go back", "\(run)")
        }
        books[place].lastRun = max(at, last)
        books[place].endedAt = run.endedAt
        if run.trigger == .scheduled { try account(place, from: run.at, through: run.at, count: 1, "\(run)") }
    }

    mutating func account(_ miss: Miss) throws(Interruption) {
        if miss.reason == .clockJump, !wasStepped {
            throw .broken("a miss has its reason", "\(miss)")
        }
        let place = place(of: miss.healthCheck)
        books[place].rowInterval = books[place].interval
        try account(place, from: miss.from, through: miss.to, count: miss.count, "\(miss)")
    }

    private mutating func account(
        _ place: Int, from: Timestamp, through last: Timestamp, count: Int, _ what: @autoclosure () -> String
    ) throws(Interruption) {
        let book = books[place]
        let next = book.slot(at: book.accounted) + book.interval
        guard book.isEnabled, from.microseconds == next,
            last.microseconds == book.slot(at: last.microseconds),
            last.microseconds - from.microseconds == book.interval * Int64(count - 1)
        else {
            throw .broken(
                "each slot is one run or one miss",
                "\(what()): \(count) from \(from) through \(last), where \(next) is next of \(book)")
        }
        books[place].accounted = last.microseconds
        slots += count
    }

    /// Misses in a row for one reason are one row, which holds nothing else.
    private mutating func keep(_ row: Miss) throws(Interruption) {
        let place = place(of: row.healthCheck)
        let book = books[place]
        let length = row.to.microseconds - row.from.microseconds
        guard length == Int64(row.count - 1) * book.rowInterval else {
            throw .broken("a row of misses counts its slots", "\(row)")
        }
        if let last = book.row, last.from == row.from, last.reason != row.reason || last.count >= row.count {
            throw .broken("a row of misses only grows", "\(last) became \(row)")
        }
        books[place].row = row
    }
}
