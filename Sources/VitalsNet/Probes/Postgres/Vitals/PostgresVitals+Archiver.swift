import VitalsCore

extension PostgresVitals {
    /// Whether the last attempt to archive failed, where there is an archive; and, where our user may look,
    /// how much write-ahead log there is. Looking without leave would leave an error in the server's log.
    static let archiver = VitalQuestion(
        [
            VitalRule(
                "wal_archive_failing", "whether the last attempt to archive failed", every: slow, critical: 0,
                clear: 0.5)
        ] + logRules,
        then: { rows, _ in
            guard let row = rows.first, row.text(4) == "t" else { return nil }
            return log(withArchive: row.text(0) == "t" && row.text(3) == "t")
        },
        form: { _ in
            .statement(
                """
                SELECT current_setting('archive_mode') <> 'off', \
                coalesce(last_failed_time > last_archived_time, last_failed_time IS NOT NULL), \
                concat(last_failed_wal, ' last, ', failed_count, ' failures in all'), \
                has_function_privilege('pg_ls_archive_statusdir()', 'EXECUTE'), \
                has_function_privilege('pg_ls_waldir()', 'EXECUTE') FROM pg_stat_archiver
                """)
        },
        read: { rows, server in
            guard let row = rows.first else { return [] }
            let hasArchive = row.text(0) == "t"
            let isFailing = row.text(1) == "t"
            let failing = Vital("wal_archive_failing", isFailing ? 1 : 0)
            let archive = isFailing ? failing.explained(by: row.text(2) ?? "") : failing
            let reason = "the write-ahead log is hidden from us; run: \(server.remedy(monitor))"
            let hidden = logRules.filter { rule in
                rule.name == "wal_archive_backlog" ? hasArchive && row.text(3) != "t" : row.text(4) != "t"
            }
            return (hasArchive ? [archive] : [])
                + hidden.map { Vital($0.name, nil, unit: $0.unit, reason: reason) }
        })

    private static let logRules = [
        VitalRule(
            "wal_archive_backlog", "segments that wait to be archived", every: slow, warn: 10, critical: 15),
        VitalRule("wal_bytes", unit: "B", "write-ahead log on disk", every: slow),
        VitalRule(
            "wal_size_percent", unit: "%", "write-ahead log on disk, of what the settings let it grow to",
            every: slow, warn: 150, critical: 300),
    ]

    private static func log(withArchive hasArchive: Bool) -> VitalQuestion {
        VitalQuestion(
            logRules.filter { hasArchive || $0.name != "wal_archive_backlog" },
            form: { server in
                let segment = "pg_size_bytes(current_setting('wal_segment_size'))"
                let kept =
                    server.isAtLeast(13)
                    ? "pg_size_bytes(current_setting('wal_keep_size'))"
                    : "current_setting('wal_keep_segments')::bigint * \(segment)"
                let backlog =
                    hasArchive
                    ? "(SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready')" : "NULL"
                return .statement(
                    """
                    SELECT sum(size), 100.0 * sum(size) / greatest(\
                    pg_size_bytes(current_setting('max_wal_size')) + \(kept), 1), \(backlog) \
                    FROM pg_ls_waldir()
                    """)
            },
            read: { rows, _ in
                guard let row = rows.first else { return [] }
                let log = [
                    Vital("wal_bytes", row.number(0), unit: "B"),
                    Vital("wal_size_percent", row.number(1), unit: "%"),
                ]
                return log + (hasArchive ? [Vital("wal_archive_backlog", row.number(2))] : [])
            })
    }
}
