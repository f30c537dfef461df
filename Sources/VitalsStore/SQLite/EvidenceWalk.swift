import GRDB
import VitalsCore

/// Goes back through the evidence of one health check, beside its runs.
final class EvidenceWalk {
    private let rows: RowCursor
    private var current: StoredEvidence?

    init(_ database: Database, _ key: Int64, before: Timestamp) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT at_us, packed FROM evidence WHERE health_check = ? AND at_us < ? ORDER BY at_us DESC"
        )
        rows = try Row.fetchCursor(statement, arguments: [key, before.microseconds])
    }

    /// The newest evidence at or before `at`, which never goes forward from one call to the next.
    func newest(notAfter at: Timestamp) throws -> StoredEvidence? {
        if let current, current.at <= at { return current }
        while let row = try rows.next() {
            let found = Timestamp(microseconds: row[0])
            guard found <= at else { continue }
            current = try StoredEvidence(at: found, row[1])
            return current
        }
        current = nil
        return nil
    }
}
