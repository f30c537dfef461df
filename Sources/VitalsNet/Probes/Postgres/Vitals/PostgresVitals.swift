import VitalsCore

/// What is measured of a PostgreSQL server besides that it answers: one question a file.
enum PostgresVitals {
    static let questions: [VitalQuestion] = [connections]

    static let rules: [VitalRule] = questions.flatMap(\.rules)

    /// Bounds for everything that is asked, in the very message that asks, which is one transaction: so they
    /// hold behind a pooler too, and for nobody else.
    static func bounded(_ statement: String) -> String {
        """
        SET LOCAL transaction_read_only = on; SET LOCAL statement_timeout = '2s'; \
        SET LOCAL lock_timeout = '300ms'; \(statement)
        """
    }
}
