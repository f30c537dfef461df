import GRDB
import VitalsCore
import VitalsEngine

/// Reads episodes, newest first.
struct EpisodeReader {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// - Parameter keys: of all health checks.
    func fetch(_ query: PastEpisode.Query, _ keys: [HealthCheckID: Int64]) throws -> [PastEpisode] {
        var conditions = ["true"]
        var arguments: StatementArguments = []
        if let healthCheck = query.healthCheck {
            guard let key = keys[healthCheck] else { return [] }
            conditions.append("episode.health_check = ?")
            arguments += [key]
        }
        if let isOpen = query.isOpen {
            conditions.append("ended_at_us IS \(isOpen ? "" : "NOT ")NULL")
        }
        if let place = query.after {
            let at = place.at.microseconds
            conditions.append("opened_at_us <= ? AND (opened_at_us < ? OR episode.id > ?)")
            arguments += [at, at, place.id.text]
        }
        arguments += [min(max(query.limit, 1), 10_000)]
        let rows = try Row.fetchCursor(
            try database.cachedStatement(
                sql: """
                    SELECT episode.*, health_check.id AS health_check_id
                    FROM episode JOIN health_check ON key = health_check
                    WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY opened_at_us DESC, episode.id LIMIT ?
                    """), arguments: arguments)
        var episodes: [PastEpisode] = []
        while let row = try rows.next() { episodes.append(try episode(row)) }
        return episodes
    }

    private func episode(_ row: Row) throws -> PastEpisode {
        let id = EpisodeID(row["id"])
        let opened = OpenedEpisode(
            id: id, healthCheck: HealthCheckID(row["health_check_id"]),
            at: row.requiredInstant("opened_at_us"))
        let ended = try row.instant("ended_at_us").map {
            EndedEpisode(id: id, at: $0, reason: try row.word("reason"))
        }
        let fault = try StoredFault(database: database).fetch(
            of: opened.healthCheck, row["health_check"], at: opened.at)
        return PastEpisode(opened, ended: ended, fault: fault)
    }
}
