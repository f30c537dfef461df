import VitalsCore

extension PostgresVitals {
    /// What is kept for followers that may never come back.
    static let slots = VitalQuestion(
        [
            VitalRule("slots", "replication slots", every: slow),
            VitalRule(
                "slots_inactive", "replication slots that nobody uses", every: slow, warn: 0, clear: 0.5),
            VitalRule(
                "slot_retained_bytes", unit: "B", "write-ahead log kept for a replication slot", every: slow,
                warn: 5_368_709_120, critical: 21_474_836_480),
            VitalRule(
                "slots_unreserved", "replication slots that are about to be lost", every: slow, warn: 0,
                clear: 0.5),
            VitalRule("slots_lost", "replication slots that are lost", every: slow, critical: 0, clear: 0.5),
        ],
        explain: { vitals, _ in
            let isWorth = vitals.contains { vital in
                vital.name == "slots_inactive" && (vital.value ?? 0) > 0
                    || vital.name == "slot_retained_bytes" && (vital.value ?? 0) > 1_073_741_824
            }
            return isWorth ? named : nil
        },
        form: { server in
            let state = server.isAtLeast(13) ? "wal_status" : "NULL::text"
            return .statement(
                """
                SELECT count(*), count(*) FILTER (WHERE NOT active), max(\(retained)), \
                count(*) FILTER (WHERE \(state) = 'unreserved'), count(*) FILTER (WHERE \(state) = 'lost') \
                FROM pg_replication_slots
                """)
        },
        read: { rows, server in
            guard let row = rows.first else { return [] }
            let kept = row.number(2).map { [Vital("slot_retained_bytes", max($0, 0), unit: "B")] } ?? []
            let states =
                server.isAtLeast(13)
                ? [Vital("slots_unreserved", row.number(3)), Vital("slots_lost", row.number(4))] : []
            return [Vital("slots", row.number(0)), Vital("slots_inactive", row.number(1))] + kept + states
        })

    private static let retained = """
        pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() \
        ELSE pg_current_wal_lsn() END, restart_lsn)
        """

    private static let named = VitalQuestion.Explanation(
        vital: "slots_inactive",
        statement: """
            SELECT slot_name, active, \(retained) FROM pg_replication_slots \
            ORDER BY active, 3 DESC NULLS LAST LIMIT 20
            """
    ) { rows in
        rows.map { row in
            let state = row.text(1) == "t" ? "active" : "inactive"
            return "\(row.text(0) ?? "?"): \(state), keeps \(row.text(2) ?? "0") B"
        }
        .joined(separator: "; ")
    }
}
