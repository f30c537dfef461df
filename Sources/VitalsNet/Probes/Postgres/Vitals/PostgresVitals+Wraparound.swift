import VitalsCore

extension PostgresVitals {
    /// How far transaction ids have run away from the oldest that still counts: at the limit the server takes
    /// no more writes. Databases that nobody may enter count as well.
    static let wraparound = VitalQuestion(
        [
            VitalRule(
                "xid_age", "transactions since the oldest that is not frozen", every: slow, warn: 1e9,
                critical: 1.5e9),
            VitalRule("xid_limit", "the age at which no more transactions are given out", every: slow),
            VitalRule(
                "multixact_age", "multixacts since the oldest that is not frozen", every: slow, warn: 1e9,
                critical: 1.5e9),
        ],
        explain: { vitals, _ in
            vitals.contains { ($0.value ?? 0) > 5e8 && $0.name == "xid_age" } ? oldest : nil
        },
        form: { _ in
            .statement("SELECT max(age(datfrozenxid)), max(mxid_age(datminmxid)) FROM pg_database")
        },
        read: { rows, server in
            guard let row = rows.first else { return [] }
            // So many before the end it stops: 3 million, 1 million before 14.
            let limit = 2_147_483_648 - (server.isAtLeast(14) ? 3_000_000 : 1_000_000.0)
            return [
                Vital("xid_age", row.number(0)), Vital("xid_limit", limit),
                Vital("multixact_age", row.number(1)),
            ]
        })

    private static let oldest = VitalQuestion.Explanation(
        vital: "xid_age",
        statement: "SELECT datname, age(datfrozenxid) FROM pg_database ORDER BY 2 DESC LIMIT 5"
    ) { rows in
        rows.map { "\($0.text(0) ?? "?"): \($0.text(1) ?? "?")" }.joined(separator: ", ")
    }

    /// What keeps vacuum from removing what is dead: a transaction, a slot, a prepared transaction.
    static let horizon = VitalQuestion(
        [
            VitalRule(
                "xmin_age", "transactions since the oldest that something still looks back to", every: slow,
                warn: 50_000_000, critical: 200_000_000),
            VitalRule("prepared_transactions", "transactions prepared and not ended", every: slow),
            VitalRule(
                "prepared_transaction_seconds", unit: "s", "the oldest prepared transaction", every: slow,
                warn: 300, critical: 3_600),
        ],
        remedy: monitor, explain: { vitals, _ in holder(vitals) },
        form: { _ in
            .statement(
                """
                SELECT pg_has_role('pg_read_all_stats', 'USAGE'), \
                (SELECT max(age) FROM (\(holders)) AS held), \
                count(*), extract(epoch FROM max(clock_timestamp() - prepared)) \
                FROM pg_prepared_xact()
                """)
        },
        read: { rows, server in
            guard let row = rows.first else { return [] }
            let prepared = [
                Vital("prepared_transactions", row.number(2)),
                Vital("prepared_transaction_seconds", row.number(3) ?? 0, unit: "s"),
            ]
            guard row.text(0) == "t" else { return prepared + unseen([("xmin_age", unit: "")], server) }
            return prepared + [Vital("xmin_age", row.number(1) ?? 0)]
        })

    private static let holders = """
        SELECT greatest(age(xmin), age(catalog_xmin)) AS age, 'slot ' || slot_name AS name \
        FROM pg_get_replication_slots() UNION ALL \
        SELECT age(transaction), 'prepared transaction ' || gid FROM pg_prepared_xact() UNION ALL \
        SELECT greatest(age(backend_xmin), age(backend_xid)), concat_ws(' ', 'process', pid, \
        pg_get_userbyid(usesysid), application_name) FROM \(activity) WHERE pid <> pg_backend_pid()
        """

    private static func holder(_ vitals: [Vital]) -> VitalQuestion.Explanation? {
        guard vitals.contains(where: { $0.name == "xmin_age" && ($0.value ?? 0) > 10_000_000 }) else {
            return nil
        }
        return VitalQuestion.Explanation(
            vital: "xmin_age",
            statement: "SELECT name, age FROM (\(holders)) AS held ORDER BY 2 DESC NULLS LAST LIMIT 3"
        ) { rows in
            rows.map { "\($0.text(0) ?? "?"): \($0.text(1) ?? "?")" }.joined(separator: ", ")
        }
    }
}
