import VitalsCore

extension PostgresVitals {
    /// Indexes that cost and help nobody: their making was broken off.
    static let invalidIndexes = VitalQuestion(
        [VitalRule("invalid_indexes", "indexes that are not valid", every: rare, warn: 0, clear: 0.5)],
        form: { _ in
            .statement(
                """
                SELECT count(*) OVER (), indexrelid::regclass FROM pg_index WHERE NOT indisvalid \
                AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS made \
                WHERE made.index_relid = indexrelid) LIMIT 5
                """)
        },
        read: { rows, _ in
            guard let count = rows.first?.number(0) else { return [Vital("invalid_indexes", 0)] }
            let names = rows.compactMap { $0.text(1) }.joined(separator: ", ")
            return [Vital("invalid_indexes", count).explained(by: names)]
        })

    /// Sequences that will give out no more numbers; those that begin again do not count.
    static let sequences = VitalQuestion(
        [
            VitalRule(
                "sequence_used_percent", unit: "%", "numbers given out, of the sequence nearest to its end",
                every: rare, warn: 85, critical: 95)
        ],
        form: { _ in
            .statement(
                """
                WITH seen AS (SELECT *, has_sequence_privilege(quote_ident(schemaname) || '.' || \
                quote_ident(sequencename), 'USAGE, SELECT') AS is_seen FROM pg_sequences WHERE NOT cycle) \
                SELECT hidden, place, used, name FROM (SELECT count(*) AS hidden, \
                min(quote_ident(schemaname)) AS place FROM seen WHERE NOT is_seen) AS unseen \
                LEFT JOIN (SELECT 100.0 * (CASE WHEN increment_by > 0 THEN last_value::numeric - min_value \
                ELSE max_value::numeric - last_value END + 1) / (max_value::numeric - min_value + 1) \
                AS used, \
                schemaname || '.' || sequencename AS name FROM seen WHERE last_value IS NOT NULL \
                ORDER BY 1 DESC LIMIT 1) AS nearest ON true
                """)
        },
        read: { rows, server in
            guard let row = rows.first, let hidden = row.number(0) else { return [] }
            let used = row.number(2)
            let nearest = Vital("sequence_used_percent", used ?? 0, unit: "%")
            guard hidden > 0 else { return [row.text(3).map { nearest.explained(by: $0) } ?? nearest] }
            let grant = "GRANT SELECT ON ALL SEQUENCES IN SCHEMA \(row.text(1) ?? "public") TO CURRENT_USER"
            let reason = "\(Int(hidden)) sequences are hidden from us; run: \(server.remedy(grant))"
            guard used != nil else {
                return [Vital("sequence_used_percent", nil, unit: "%", reason: reason)]
            }
            return [nearest.explained(by: "\(row.text(3) ?? "?"); \(reason)")]
        })

    /// Databases whose indexes on texts may be sorted otherwise than the system sorts now.
    static let collations = VitalQuestion(
        [
            VitalRule(
                "collation_drift", "databases sorted by another version of the collation", every: rare,
                warn: 0, clear: 0.5)
        ],
        form: { server in
            guard server.isAtLeast(15) else { return .impossible("needs PostgreSQL 15") }
            return .statement(
                """
                SELECT count(*) OVER (), datname FROM pg_database WHERE datcollversion \
                IS DISTINCT FROM pg_database_collation_actual_version(oid) LIMIT 5
                """)
        },
        read: { rows, _ in
            guard let count = rows.first?.number(0) else { return [Vital("collation_drift", 0)] }
            let names = rows.compactMap { $0.text(1) }.joined(separator: ", ")
            return [Vital("collation_drift", count).explained(by: names)]
        })
}
