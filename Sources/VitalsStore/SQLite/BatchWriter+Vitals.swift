import GRDB
import VitalsCore
import VitalsEngine

extension BatchWriter {
    func write(_ vitals: KnownVitals, of healthCheck: HealthCheckID) throws {
        try execute(
            "INSERT OR REPLACE INTO known_vitals (health_check, packed) VALUES (?, ?)",
            [key(of: healthCheck), Blob(PackedKnownVitals(vitals).bytes)])
    }

    /// What the runs measured; one that measured nothing has no row.
    func write(vitals runs: [Run]) throws {
        var names: [String: Int64] = [:]
        for run in runs {
            var values: [(Int64, Double)] = []
            for vital in run.result.vitals {
                guard let value = vital.value else { continue }
                let name = try names[vital.name] ?? key(ofVital: vital.name)
                names[vital.name] = name
                values.append((name, value))
            }
            guard !values.isEmpty else { continue }
            try execute(
                "INSERT OR IGNORE INTO vital (health_check, at_us, packed) VALUES (?, ?, ?)",
                [key(of: run.healthCheck), run.at.microseconds, Blob(PackedVitals(values).bytes)])
        }
    }

    private func key(ofVital name: String) throws -> Int64 {
        try execute("INSERT OR IGNORE INTO vital_name (name) VALUES (?)", [name])
        let statement = try database.cachedStatement(sql: "SELECT key FROM vital_name WHERE name = ?")
        return try Int64.fetchOne(statement, arguments: [name]) ?? 0
    }
}
