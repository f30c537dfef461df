import GRDB
import VitalsCore
import VitalsEngine

/// Reads what a node begins with. Of each history only the ends are looked up, never a whole table.
struct StateReader {
    let database: Database

    /// Runs of other triggers that are passed over in the search for the last scheduled one.
    private static let mostPassedOver = 10_000

    init(_ database: Database) {
        self.database = database
    }

    func load() throws -> StoredState {
        var state = StoredState()
        let rows = try Row.fetchCursor(database, sql: Self.healthChecks)
        while let row = try rows.next() {
            let newest = [
                row.runInstant("run_at"), row.instant("miss_to"), row.instant("transition_at"),
                row.instant("ping_at"), row.instant("registered_us"), state.newest,
            ]
            state.newest = newest.compactMap(\.self).max()
            guard row["removed"] == false else { continue }
            let id = HealthCheckID(row["id"])
            state.healthChecks[id] = try healthCheck(id, row)
        }
        state.pages = try pages()
        state.cooldowns = try cooldowns()
        state.notifications = try Outbox(database).pending()
        return state
    }

    func resources() throws -> [StoredResource] {
        try Row.fetchAll(database, sql: "SELECT * FROM resource ORDER BY kind, id").map { row in
            StoredResource(
                key: ResourceKey(try row.word("kind"), row["id"]), body: row["body"], version: row["version"])
        }
    }

    func extent() throws -> StoreExtent {
        let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let free = try Int64.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        let size = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let oldestRun = try oldest("since_2029_us", in: "run").map(RunRow.at(column:))
        return StoreExtent(
            bytes: (pages - free) * size, oldestRun: oldestRun,
            oldestHour: try oldest("start_us", in: Tier.hour.rawValue).map(Timestamp.init(microseconds:)),
            oldestDay: try oldest("start_us", in: Tier.day.rawValue).map(Timestamp.init(microseconds:)))
    }

    private func oldest(_ column: String, in table: String) throws -> Int64? {
        try Int64.fetchOne(
            database,
            sql:
                "SELECT min((SELECT min(\(column)) FROM \(table) WHERE health_check = key)) FROM health_check"
        )
    }

    private static let healthChecks = """
        SELECT health_check.*,
            run.since_2029_us AS run_at, run.packed AS run_packed,
            evidence.at_us AS evidence_at, evidence.packed AS evidence_packed,
            miss.from_us AS miss_from, miss.to_us AS miss_to, miss.count AS miss_count,
            miss.reason AS miss_reason,
            (SELECT max(at_us) FROM transition WHERE transition.health_check = key) AS transition_at,
            (SELECT max(at_us) FROM ping WHERE ping.health_check = key) AS ping_at,
            heartbeat.packed AS heartbeat_packed, known_vitals.packed AS vitals_packed
        FROM health_check
            LEFT JOIN heartbeat ON heartbeat.health_check = key
            LEFT JOIN known_vitals ON known_vitals.health_check = key
            LEFT JOIN run ON run.health_check = key AND run.since_2029_us =
                (SELECT max(since_2029_us) FROM run WHERE health_check = key)
            LEFT JOIN evidence ON evidence.health_check = key AND evidence.at_us =
                (SELECT max(at_us) FROM evidence WHERE health_check = key)
            LEFT JOIN miss ON miss.health_check = key AND miss.from_us =
                (SELECT max(from_us) FROM miss WHERE health_check = key)
        """

    private func healthCheck(_ id: HealthCheckID, _ row: Row) throws -> StoredHealthCheck {
        let miss = try lastMiss(id, row)
        let run = try lastRun(id, row)
        let slots = [miss?.to, try run.flatMap { try lastScheduled($0, key: row["key"]) }]
        return StoredHealthCheck(
            evaluation: try evaluation(row), revision: Revision(row["revision"]),
            interval: .microseconds(row["interval_us"] as Int64), isEnabled: row["enabled"],
            registeredAt: row.requiredInstant("registered_us"), lastRun: run,
            lastSlot: slots.compactMap(\.self).max(), lastMiss: miss, heartbeat: try heartbeat(id, row),
            vitals: try vitals(id, row), serverIdentifier: row["server_identifier"])
    }

    private func vitals(_ id: HealthCheckID, _ row: Row) throws -> KnownVitals {
        guard let packed = row["vitals_packed"] as Blob? else { return KnownVitals() }
        do {
            return try PackedKnownVitals(bytes: packed.bytes).known
        } catch {
            throw StoreError.corrupt("the vitals of \(id) cannot be read")
        }
    }

    private func heartbeat(_ id: HealthCheckID, _ row: Row) throws -> Heartbeat? {
        guard let packed = row["heartbeat_packed"] as Blob? else { return nil }
        do {
            return try PackedHeartbeat(bytes: packed.bytes).heartbeat
        } catch {
            throw StoreError.corrupt("what was heard of \(id) cannot be read")
        }
    }

    private func evaluation(_ row: Row) throws -> Evaluation {
        Evaluation(
            state: try row.word("state"), since: row.instant("since_us"), isStale: row["stale"],
            failures: row["failures"], successes: row["successes"], nonPasses: row["non_passes"],
            hasWarn: row["has_warn"], hasPassed: row["has_passed"], authFailures: row["auth_failures"],
            recent: try recent(row), episode: row.identifier("episode"))
    }

    private func recent(_ row: Row) throws -> RecentRuns {
        let text: String = row["recent"]
        guard let recent = RecentRuns(text) else { throw StoreError.corrupt("'\(text)' is no recent") }
        return recent
    }

    private func lastMiss(_ id: HealthCheckID, _ row: Row) throws -> Miss? {
        guard let from = row.instant("miss_from") else { return nil }
        return try Miss(
            of: id, stored: from, to: row.requiredInstant("miss_to"), count: row["miss_count"],
            reason: row.word("miss_reason"))
    }

    private func lastRun(_ id: HealthCheckID, _ row: Row) throws -> Run? {
        guard let at = row.runInstant("run_at") else { return nil }
        let evidence = try row.instant("evidence_at").map {
            try StoredEvidence(at: $0, row["evidence_packed"] as Blob)
        }
        return try Run(of: id, at: at, stored: row["run_packed"], evidence)
    }

    /// The newest scheduled run's `at`.
    private func lastScheduled(_ last: Run, key: Int64) throws -> Timestamp? {
        guard last.trigger != .scheduled else { return last.at }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT since_2029_us, packed FROM run WHERE health_check = ? AND since_2029_us < ?
                ORDER BY since_2029_us DESC LIMIT \(Self.mostPassedOver)
                """,
            arguments: [key, RunRow.column(last.at)])
        while let row = try rows.next() {
            let at = RunRow.at(column: row[0])
            guard try PackedRun(row[1], of: last.healthCheck, at: at).trigger != .scheduled else { return at }
        }
        return nil
    }

    private func pages() throws -> [StoredPage] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, channel, page.episode, tells_recovery, told
                FROM page JOIN health_check ON key = health_check ORDER BY id, channel
                """)
        var pages: [StoredPage] = []
        while let row = try rows.next() {
            let page = Page(
                episode: EpisodeID(row["episode"]), tellsRecovery: row["tells_recovery"],
                told: try row.optionalWord("told"))
            pages.append(
                StoredPage(
                    healthCheck: HealthCheckID(row["id"]), channel: ChannelID(row["channel"]), page: page))
        }
        return pages
    }
}

extension StateReader {
    fileprivate func cooldowns() throws -> [PageKey: Timestamp] {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT id, channel, delivered_at_us FROM cooldown JOIN health_check ON key = health_check")
        var cooldowns: [PageKey: Timestamp] = [:]
        while let row = try rows.next() {
            let key = PageKey(HealthCheckID(row["id"]), ChannelID(row["channel"]))
            cooldowns[key] = row.requiredInstant("delivered_at_us")
        }
        return cooldowns
    }
}

extension Row {
    fileprivate func runInstant(_ column: String) -> Timestamp? {
        (self[column] as Int64?).map(RunRow.at(column:))
    }
}
