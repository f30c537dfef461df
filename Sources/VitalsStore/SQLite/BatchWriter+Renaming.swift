import GRDB
import VitalsCore
import VitalsEngine

extension BatchWriter {
    /// Rows know a health check by its key, so that all that is known goes along. What a removed one of the
    /// new name left behind is not mixed with it, but for what is only ever listed.
    mutating func rename(_ former: HealthCheckID, to id: HealthCheckID) throws {
        guard let key = known[former], try !isRemoved(key) else { return }
        if let stale = known[id] {
            guard try isRemoved(stale) else { return }
            try clear(stale, for: key)
        }
        let parts = id.text.split(separator: ".", maxSplits: 1).map(String.init)
        try execute(
            "UPDATE health_check SET id = ?, system = ?, check_id = ? WHERE key = ?",
            [id.text, parts.first, parts.last, key])
        known[former] = nil
        known[id] = key
    }

    private func isRemoved(_ key: Int64) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT removed FROM health_check WHERE key = ?")
        return try Bool.fetchOne(statement, arguments: [key]) ?? true
    }

    private func clear(_ stale: Int64, for key: Int64) throws {
        for table in ["episode", "notification", "transition"] {
            try execute(
                "UPDATE OR IGNORE \(table) SET health_check = ? WHERE health_check = ?", [key, stale])
        }
        let emptied = [
            "run", "evidence", "miss", "transition", "page", "cooldown", "hour", "day", "heartbeat", "ping",
            "known_vitals", "vital",
        ]
        for table in emptied { try execute("DELETE FROM \(table) WHERE health_check = ?", [stale]) }
        try execute("DELETE FROM health_check WHERE key = ?", [stale])
    }
}
