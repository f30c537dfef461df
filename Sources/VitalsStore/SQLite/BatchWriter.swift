import GRDB
import VitalsCore
import VitalsEngine

/// Writes one batch inside the transaction it is given. Whatever was written before is left as it is, so that
/// the same batch twice is one.
struct BatchWriter {
    let database: Database
    /// Of the health checks that this batch registered.
    private(set) var registered: [HealthCheckID: Int64] = [:]
    /// The keys of all that there were, by the ids of now.
    var known: [HealthCheckID: Int64]
    private var late: LateTallies

    init(_ database: Database, _ known: [HealthCheckID: Int64]) throws {
        self.database = database
        self.known = known
        late = try LateTallies(database)
    }

    mutating func write(_ batch: Batch) throws {
        for (former, id) in batch.renamed { try rename(former, to: id) }
        for registration in batch.registered { try register(registration.healthCheck, at: registration.at) }
        try write(batch.runs, evidence: Set(batch.evidence))
        try write(vitals: batch.runs)
        for (id, vitals) in batch.vitals { try write(vitals, of: id) }
        for miss in batch.misses { try write(miss) }
        for transition in batch.transitions { try write(transition) }
        for (healthCheck, evaluation) in batch.evaluations { try write(evaluation, of: healthCheck) }
        for (id, identifier) in batch.serverIdentifiers { try write(serverIdentifier: identifier, of: id) }
        for episode in batch.openedEpisodes { try open(episode) }
        for episode in batch.endedEpisodes { try end(episode) }
        for (key, page) in batch.pages { try write(page, key) }
        for (key, instant) in batch.cooldowns { try write(cooldownSince: instant, key) }
        for healthCheck in batch.removed { try remove(healthCheck) }
        let outbox = Outbox(database)
        for notification in batch.notifications {
            try outbox.add(notification, key: notification.healthCheck.map { try key(of: $0) })
        }
        for id in batch.claimed { try outbox.claim(id) }
        for attempt in batch.attempts { try outbox.end(attempt) }
        for (id, due) in batch.postponed { try outbox.postpone(id, until: due) }
        for id in batch.cancelled { try outbox.cancel(id) }
        for retry in batch.retries { try outbox.retry(retry) }
        for change in batch.resources { try write(change) }
        for ping in batch.pings { try write(ping) }
        for (id, heartbeat) in batch.heartbeats { try write(heartbeat, of: id) }
        try late.write()
    }

    func key(of healthCheck: HealthCheckID) throws -> Int64 {
        if let key = known[healthCheck] ?? registered[healthCheck] { return key }
        let statement = try database.cachedStatement(sql: "SELECT key FROM health_check WHERE id = ?")
        guard let key = try Int64.fetchOne(statement, arguments: [healthCheck.text]) else {
            throw StoreError.unknownHealthCheck(healthCheck)
        }
        return key
    }

    func execute(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
        let statement = try database.cachedStatement(sql: sql)
        statement.setUncheckedArguments(StatementArguments(arguments))
        try statement.execute()
    }
}

extension BatchWriter {
    private mutating func register(_ healthCheck: HealthCheck, at: Timestamp) throws {
        try execute(
            """
            INSERT INTO health_check (id, system, check_id, revision, interval_us, enabled, registered_us)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, interval_us = excluded.interval_us,
                enabled = excluded.enabled, registered_us = excluded.registered_us, removed = 0
            """,
            [
                healthCheck.id.text, healthCheck.system.text, healthCheck.check.text,
                healthCheck.revision.text, healthCheck.policy.interval.microseconds, healthCheck.isEnabled,
                at.microseconds,
            ])
        registered[healthCheck.id] = try key(of: healthCheck.id)
    }

    private func write(_ heard: HeardPing) throws {
        try execute(
            "INSERT OR IGNORE INTO ping (health_check, at_us, packed) VALUES (?, ?, ?)",
            [key(of: heard.healthCheck), heard.at.microseconds, Blob(PackedPing(heard).bytes)])
    }

    private func write(_ heartbeat: Heartbeat, of healthCheck: HealthCheckID) throws {
        try execute(
            "INSERT OR REPLACE INTO heartbeat (health_check, packed) VALUES (?, ?)",
            [key(of: healthCheck), Blob(PackedHeartbeat(heartbeat).bytes)])
    }

    private func write(_ change: ResourceChange) throws {
        guard let resource = change.resource else {
            return try execute(
                "DELETE FROM resource WHERE kind = ? AND id = ?", [change.key.kind.rawValue, change.key.id])
        }
        try execute(
            "INSERT OR REPLACE INTO resource (kind, id, body, version) VALUES (?, ?, ?, ?)",
            [change.key.kind.rawValue, change.key.id, resource.body, resource.version])
    }

    /// What was believed of it is forgotten: when it comes back it is new.
    private func remove(_ healthCheck: HealthCheckID) throws {
        try write(Evaluation(), of: healthCheck)
        try write(serverIdentifier: nil, of: healthCheck)
        try execute("DELETE FROM heartbeat WHERE health_check = ?", [key(of: healthCheck)])
        try execute("DELETE FROM known_vitals WHERE health_check = ?", [key(of: healthCheck)])
        try execute("UPDATE health_check SET removed = 1 WHERE key = ?", [key(of: healthCheck)])
    }

    private func write(serverIdentifier: String?, of healthCheck: HealthCheckID) throws {
        try execute(
            "UPDATE health_check SET server_identifier = ? WHERE key = ?",
            [serverIdentifier, key(of: healthCheck)])
    }

    private func write(_ evaluation: Evaluation, of healthCheck: HealthCheckID) throws {
        try execute(
            """
            UPDATE health_check SET state = ?, since_us = ?, stale = ?, failures = ?, successes = ?,
                non_passes = ?, has_warn = ?, has_passed = ?, auth_failures = ?, recent = ?,
                episode = ?
            WHERE key = ?
            """,
            [
                evaluation.state.rawValue, evaluation.since?.microseconds, evaluation.isStale,
                evaluation.failures, evaluation.successes, evaluation.nonPasses, evaluation.hasWarn,
                evaluation.hasPassed, evaluation.authFailures, evaluation.recent.text,
                evaluation.episode?.text,
                key(of: healthCheck),
            ])
    }

    /// In the order of their keys, so that rows of one page are written together, and many with one
    /// statement.
    private mutating func write(_ runs: [Run], evidence: Set<RunKey>) throws {
        var rows: [RunRow] = []
        rows.reserveCapacity(runs.count)
        for run in runs {
            let key = try key(of: run.healthCheck)
            let row = RunRow(key: key, at: run.at, packed: PackedRun(run).bytes)
            if late.isLate(run.at, key) {
                try execute(RunRow.insert(1), row.arguments)
                if database.changesCount > 0 { late.add(Sample(run), key) }
            } else {
                rows.append(row)
            }
            if evidence.contains(RunKey(run.healthCheck, run.at)) {
                try execute(
                    "INSERT OR IGNORE INTO evidence (health_check, at_us, packed) VALUES (?, ?, ?)",
                    [key, run.at.microseconds, Blob(PackedEvidence(run.result).bytes)])
            }
        }
        rows.sort { ($0.key, $0.at) < ($1.key, $1.at) }
        var next = rows.startIndex
        while next < rows.endIndex {
            let count = rows.endIndex - next >= RunRow.many ? RunRow.many : 1
            let chunk = rows[next..<next + count]
            try execute(RunRow.insert(count), chunk.flatMap(\.arguments))
            next += count
        }
    }

    private mutating func write(_ miss: Miss) throws {
        let key = try key(of: miss.healthCheck)
        if late.isLate(miss.from, key) {
            late.add(miss, key, was: try RawReader(database, miss.healthCheck, key).miss(from: miss.from))
        }
        try execute(
            """
            INSERT OR REPLACE INTO miss (health_check, from_us, to_us, count, reason)
            VALUES (?, ?, ?, ?, ?)
            """,
            [key, miss.from.microseconds, miss.to.microseconds, miss.count, miss.reason.rawValue])
    }

    private func write(_ transition: Transition) throws {
        try execute(
            """
            INSERT OR IGNORE INTO transition (health_check, at_us, from_state, to_state) VALUES (?, ?, ?, ?)
            """,
            [
                key(of: transition.healthCheck), transition.at.microseconds, transition.from.rawValue,
                transition.to.rawValue,
            ])
    }

    private func open(_ episode: OpenedEpisode) throws {
        try execute(
            "INSERT OR IGNORE INTO episode (id, health_check, opened_at_us) VALUES (?, ?, ?)",
            [episode.id.text, key(of: episode.healthCheck), episode.at.microseconds])
    }

    private func end(_ episode: EndedEpisode) throws {
        try execute(
            "UPDATE episode SET ended_at_us = ?, reason = ? WHERE id = ? AND ended_at_us IS NULL",
            [episode.at.microseconds, episode.reason.rawValue, episode.id.text])
    }

    private func write(_ page: Page?, _ key: PageKey) throws {
        let healthCheck = try self.key(of: key.healthCheck)
        guard let page else {
            return try execute(
                "DELETE FROM page WHERE health_check = ? AND channel = ?", [healthCheck, key.channel.text])
        }
        try execute(
            """
            INSERT OR REPLACE INTO page (health_check, channel, episode, tells_recovery, told)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                healthCheck, key.channel.text, page.episode.text, page.tellsRecovery, page.told?.rawValue,
            ])
    }
    private func write(cooldownSince instant: Timestamp?, _ key: PageKey) throws {
        let healthCheck = try self.key(of: key.healthCheck)
        guard let instant else {
            return try execute(
                "DELETE FROM cooldown WHERE health_check = ? AND channel = ?",
                [healthCheck, key.channel.text])
        }
        try execute(
            "INSERT OR REPLACE INTO cooldown (health_check, channel, delivered_at_us) VALUES (?, ?, ?)",
            [healthCheck, key.channel.text, instant.microseconds])
    }
}
