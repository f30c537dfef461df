import VitalsCore
package import VitalsEngine

/// What a store in memory holds: the store itself as a value, which the simulator keeps without a lock.
package struct MemoryTables {
    /// What is kept whole of a run.
    struct Evidence {
        let at: Timestamp
        let cause: Cause?
        let message: String
        let trace: String
        let facts: Facts
        let conditions: [ConditionResult]
        let findings: [Finding]
    }

    struct Row {
        var registered: Registration
        var isRemoved = false
        var evaluation = Evaluation()
        /// By their `at`, as all that follows; without what only evidence keeps.
        var runs: [Run] = []
        var evidence: [Evidence] = []
        var misses: [Miss] = []
        var transitions: [Transition] = []
        var pings: [HeardPing] = []
        var heartbeat: Heartbeat?
        var vitals = KnownVitals()
        /// What runs measured, by their `at`.
        var measured: [(at: Timestamp, values: [String: Double])] = []
        var serverIdentifier: String?
        /// By their starts.
        var tallies: [Tier: [Timestamp: Tally]] = [:]
    }

    var healthChecks: [HealthCheckID: Row] = [:]
    var opened: [OpenedEpisode] = []
    var ended: [EpisodeID: EndedEpisode] = [:]
    var pages: [PageKey: Page] = [:]
    var cooldowns: [PageKey: Timestamp] = [:]
    var outbox = MemoryOutbox()
    var lastPrune: Timestamp?
    private(set) var resources: [ResourceKey: StoredResource] = [:]
    /// What began before is in hours, and in days.
    var until: [Tier: Timestamp] = [:]
    private(set) var batches = 0

    package init() {}

    /// All of it or nothing: only an unknown health check can stand in its way, and is looked for first.
    package mutating func record(_ batch: Batch) throws(MemoryStore.UnknownHealthCheck) {
        try check(batch)
        batches += 1
        rename(batch.renamed)
        for registration in batch.registered {
            let id = registration.healthCheck.id
            healthChecks[id, default: Row(registered: registration)].registered = registration
            healthChecks[id]?.isRemoved = false
        }
        let evidence = Set(batch.evidence)
        for run in batch.runs {
            let isKeptWhole = evidence.contains(RunKey(run.healthCheck, run.at))
            guard healthChecks[run.healthCheck]?.add(run, isKeptWhole: isKeptWhole) == true else { continue }
            healthChecks[run.healthCheck]?.tally(Tally([Sample(run)]), at: run.at, until)
        }
        for miss in batch.misses {
            let old = healthChecks[miss.healthCheck]?.add(miss)
            guard let end = until[.hour] else { continue }
            for (hour, slots) in miss.growth(since: old, before: end) {
                var tally = Tally()
                tally.missed = Int64(slots)
                healthChecks[miss.healthCheck]?.tally(tally, at: hour, until)
            }
        }
        for transition in batch.transitions { healthChecks[transition.healthCheck]?.add(transition) }
        for (id, evaluation) in batch.evaluations { healthChecks[id]?.evaluation = evaluation }
        for (id, identifier) in batch.serverIdentifiers { healthChecks[id]?.serverIdentifier = identifier }
        for episode in batch.openedEpisodes where !opened.contains(where: { $0.id == episode.id }) {
            opened.append(episode)
        }
        for episode in batch.endedEpisodes where ended[episode.id] == nil {
            ended[episode.id] = episode
        }
        for (key, page) in batch.pages { pages[key] = page }
        for (key, instant) in batch.cooldowns { cooldowns[key] = instant }
        for id in batch.removed {
            healthChecks[id]?.isRemoved = true
            healthChecks[id]?.evaluation = Evaluation()
            healthChecks[id]?.heartbeat = nil
            healthChecks[id]?.vitals = KnownVitals()
            healthChecks[id]?.serverIdentifier = nil
        }
        outbox.record(batch)
        for ping in batch.pings { healthChecks[ping.healthCheck]?.add(ping) }
        for (id, heartbeat) in batch.heartbeats { healthChecks[id]?.heartbeat = heartbeat.restored }
        for (id, vitals) in batch.vitals { healthChecks[id]?.vitals = vitals }
        for change in batch.resources { resources[change.key] = change.resource }
    }

    private func check(_ batch: Batch) throws(MemoryStore.UnknownHealthCheck) {
        let new = Set(batch.registered.map(\.healthCheck.id)).union(batch.renamed.values)
        var named = Set(batch.removed)
        named.formUnion(batch.runs.lazy.map(\.healthCheck))
        named.formUnion(batch.misses.lazy.map(\.healthCheck))
        named.formUnion(batch.evaluations.keys)
        named.formUnion(batch.serverIdentifiers.keys)
        named.formUnion(batch.transitions.lazy.map(\.healthCheck))
        named.formUnion(batch.openedEpisodes.lazy.map(\.healthCheck))
        named.formUnion(batch.pages.keys.lazy.map(\.healthCheck))
        named.formUnion(batch.cooldowns.keys.lazy.map(\.healthCheck))
        named.formUnion(batch.pings.lazy.map(\.healthCheck))
        named.formUnion(batch.heartbeats.keys)
        named.formUnion(batch.vitals.keys)
        named.formUnion(batch.notifications.lazy.compactMap(\.healthCheck))
        for id in named where healthChecks[id] == nil && !new.contains(id) {
            throw MemoryStore.UnknownHealthCheck(id: id)
        }
    }

    /// What a node begins with.
    package var state: StoredState {
        StoredState(
            healthChecks: healthChecks.filter { !$0.value.isRemoved }.mapValues(\.stored),
            pages: pages.map { StoredPage(healthCheck: $0.healthCheck, channel: $0.channel, page: $1) }
                .sorted { ($0.healthCheck, $0.channel) < ($1.healthCheck, $1.channel) },
            cooldowns: cooldowns, notifications: outbox.pending,
            newest: healthChecks.values.compactMap(\.newest).max())
    }
}

extension MemoryTables.Row {
    /// - Returns: whether it was not there yet.
    mutating func add(_ run: Run, isKeptWhole: Bool) -> Bool {
        let place = runs.lastIndex { $0.at <= run.at }.map { $0 + 1 } ?? 0
        guard place == 0 || runs[place - 1].at != run.at else { return false }
        runs.insert(run.stripped, at: place)
        add(measuredBy: run)
        guard isKeptWhole else { return true }
        let whole = MemoryTables.Evidence(
            at: run.at, cause: run.result.fault?.cause,
            message: (run.result.fault?.message ?? "").cut(toBytes: 1_024),
            trace: run.result.trace.cut(toBytes: 2_048), facts: run.result.facts,
            conditions: run.result.conditionsToKeep, findings: run.result.findings)
        evidence.insert(whole, at: evidence.lastIndex { $0.at < run.at }.map { $0 + 1 } ?? 0)
        return true
    }

    /// One that has grown replaces what it was, which is returned.
    mutating func add(_ miss: Miss) -> Miss? {
        let place = misses.lastIndex { $0.from <= miss.from }
        if let place, misses[place].from == miss.from {
            defer { misses[place] = miss }
            return misses[place]
        }
        misses.insert(miss, at: place.map { $0 + 1 } ?? 0)
        return nil
    }

    /// Adds to the hour and the day that were made already.
    mutating func tally(_ tally: Tally, at: Timestamp, _ until: [Tier: Timestamp]) {
        for tier in Tier.allCases {
            let start = tier.start(of: at)
            guard let end = until[tier], start < end else { continue }
            tallies[tier, default: [:]][start, default: Tally()].merge(tally)
        }
    }

    mutating func add(_ ping: HeardPing) {
        guard !pings.contains(where: { $0.at == ping.at }) else { return }
        pings.insert(ping, at: pings.lastIndex { $0.at < ping.at }.map { $0 + 1 } ?? 0)
    }

    private mutating func add(measuredBy run: Run) {
        let values = run.result.vitals.compactMap { vital in vital.value.map { (vital.name, $0) } }
        guard !values.isEmpty else { return }
        measured.insert(
            (run.at, Dictionary(values) { first, _ in first }),
            at: measured.lastIndex { $0.at < run.at }.map { $0 + 1 } ?? 0)
    }

    mutating func add(_ transition: Transition) {
        guard !transitions.contains(transition) else { return }
        transitions.append(transition)
    }

    /// A fault without evidence is the one that the newest evidence before it tells of, if the cause is the
    /// same.
    func shown(_ run: Run) -> Run {
        let told = evidence.last { $0.at <= run.at }
        var result = run.result
        if let fault = result.fault {
            let words = fault.cause.rawValue.split(separator: "_").joined(separator: " ")
            let message = told?.cause == fault.cause ? told?.message : nil
            result.fault = Fault(fault.cause, in: fault.phase, code: fault.code, message: message ?? words)
        }
        if let told, told.at == run.at {
            result.facts = told.facts
            result.trace = told.trace
            result.conditions = told.conditions
            result.findings = told.findings
        }
        return run.with(result)
    }

    var newest: Timestamp? {
        [registered.at, runs.last?.at, misses.last?.to, transitions.last?.at, pings.last?.at].compactMap(
            \.self
        ).max()
    }

    var stored: StoredHealthCheck {
        let lastScheduled = runs.last { $0.trigger == .scheduled }?.at
        return StoredHealthCheck(
            evaluation: evaluation.restored, revision: registered.healthCheck.revision,
            interval: registered.healthCheck.policy.interval, isEnabled: registered.healthCheck.isEnabled,
            registeredAt: registered.at, lastRun: runs.last.map(shown),
            lastSlot: [lastScheduled, misses.last?.to].compactMap(\.self).max(), lastMiss: misses.last,
            heartbeat: heartbeat, vitals: vitals, serverIdentifier: serverIdentifier)
    }
}

extension Heartbeat {
    /// What is heard from now on is not known of the store.
    fileprivate var restored: Heartbeat {
        Heartbeat(
            starts: starts, lastEnd: lastEnd, lastHeard: lastHeard,
            listeningSince: Timestamp(microseconds: 0))
    }
}

extension Evaluation {
    /// By its columns, as a store that keeps them gives it back.
    fileprivate var restored: Evaluation {
        Evaluation(
            state: state, since: since, isStale: isStale, failures: failures, successes: successes,
            nonPasses: nonPasses, hasWarn: hasWarn, hasPassed: hasPassed, authFailures: authFailures,
            recent: RecentRuns(recent.text) ?? RecentRuns(), episode: episode)
    }
}

extension Run {
    fileprivate var stripped: Run {
        let fault = result.fault.map { Fault($0.cause, in: $0.phase, code: $0.code, message: "") }
        return with(ProbeResult(fault: fault, latency: result.latency, phases: result.phases))
    }

    fileprivate func with(_ result: ProbeResult) -> Run {
        Run(
            of: healthCheck, location: location, at: at, startedAt: startedAt, trigger: trigger,
            outcome: outcome, result: result)
    }
}

extension String {
    /// Its beginning, cut where a character ends.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var text = self
        while text.utf8.count > limit { text.removeLast() }
        return text
    }
}
