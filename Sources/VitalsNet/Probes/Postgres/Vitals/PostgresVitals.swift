import VitalsCore

/// What is measured of a PostgreSQL server besides that it answers: one question a file.
enum PostgresVitals {
    static let questions: [VitalQuestion] = [
        sessions, locks, databases, replicas, standby,
        wraparound, horizon, archiver, slots, checkpoints, deadTuples,
        sizes, invalidIndexes, sequences, collations, capabilities,
    ]

    static let rules: [VitalRule] =
        questions.flatMap(\.rules) + [CertificateVital.rule]

    /// What changes from one minute to the next.
    static let quick = Duration.seconds(60)
    static let slow = Duration.seconds(300)
    static let hourly = Duration.seconds(3_600)
    static let rare = Duration.seconds(6 * 3_600)

    /// What `pg_stat_activity` shows, without the names of users and databases: in a session that is new, as
    /// ours always is, planning those joins takes more of the server than all the rest.
    static let activity = "pg_stat_get_activity(NULL)"

    static let monitor = "GRANT pg_monitor TO CURRENT_USER"

    /// Vitals that our user may not see, although the question itself is answered.
    static func unseen(_ names: [(String, unit: String)], _ server: DatabaseServer) -> [Vital] {
        names.map { name, unit in
            Vital(
                name, nil, unit: unit,
                reason: "other users' sessions are hidden from us; run: \(server.remedy(monitor))")
        }
    }

    /// Bounds for everything that is asked, in the very message that asks, which is one transaction: so they
    /// hold behind a pooler too, and for nobody else. Names are those of the catalogue, whatever else the
    /// database calls so.
    static func bounded(_ statement: String) -> String {
        """
        SET LOCAL transaction_read_only = on; SET LOCAL statement_timeout = '2s'; \
        SET LOCAL lock_timeout = '300ms'; SET LOCAL search_path = pg_catalog; \(statement)
        """
    }

    /// For a statement of somebody else's.
    static func readOnlyTransaction(within timeout: Duration) -> String {
        let milliseconds = max(timeout.microseconds / 1_000, 1)
        return """
            BEGIN READ ONLY; SET LOCAL statement_timeout = '\(milliseconds)ms'; \
            SET LOCAL lock_timeout = '300ms'
            """
    }
}
