import GRDB
import VitalsCore

/// A row of `run` as it is written.
struct RunRow {
    let key: Int64
    let at: Timestamp
    let packed: [UInt8]

    /// Rows that one statement inserts when there are enough of them.
    static let many = 20

    /// 2029-01-01T00:00:00Z, from which the table counts: see `Migration0001`.
    static let origin: Int64 = 1_861_920_000_000_000

    var arguments: [(any DatabaseValueConvertible)?] { [key, Self.column(at), Blob(packed)] }

    /// An insert of so many rows; what is there already stays.
    static func insert(_ count: Int) -> String {
        count == many ? insertMany : insertOne
    }

    static func column(_ at: Timestamp) -> Int64 {
        at.microseconds &- origin
    }

    static func at(column: Int64) -> Timestamp {
        Timestamp(microseconds: column &+ origin)
    }

    private static let insertOne =
        "INSERT OR IGNORE INTO run (health_check, since_2029_us, packed) VALUES (?, ?, ?)"
    private static let insertMany = insertOne + String(repeating: ", (?, ?, ?)", count: many - 1)
}
