import VitalsCore

extension SQLServerVitals {
    /// Databases that do not serve: of those that our user may see.
    static let databases = VitalQuestion(
        databaseRules,
        explain: { vitals, _ in vitals.contains { ($0.value ?? 0) > 0 } ? notOnline : nil },
        form: ofServers(
            """
            SELECT COUNT(CASE WHEN state IN (3, 4, 5) THEN 1 END), \
            COUNT(CASE WHEN state IN (1, 2, 6) THEN 1 END) FROM sys.databases
            """),
        read: { rows, _ in
            zip(databaseRules, rows.first ?? []).map { rule, text in
                Vital(rule.name, text.flatMap { Number.parse($0) })
            }
        })

    private static let databaseRules = [
        VitalRule(
            "databases_damaged", "databases that are suspect, in an emergency, or wait for their recovery",
            every: quick, critical: 0, clear: 0.5),
        VitalRule(
            "databases_offline", "databases that are restoring, recovering or offline", every: quick, warn: 0,
            clear: 0.5),
    ]

    private static let notOnline = VitalQuestion.Explanation(
        vital: "databases_damaged",
        statement: "SELECT TOP (5) name, state_desc FROM sys.databases WHERE state <> 0 ORDER BY state DESC"
    ) { rows in
        rows.map { "\($0.text(0) ?? "?") is \($0.text(1) ?? "?")" }.joined(separator: "; ")
    }

    /// How full the log of the database is, and what keeps it from being cut off.
    static let log = VitalQuestion(
        [
            VitalRule(
                "log_used_percent", unit: "%", "log of the database in use, of its files", every: quick,
                warn: 80, critical: 95),
            VitalRule("log_bytes", unit: "B", "log of the database", every: quick),
        ],
        form: { server in
            guard server.flavour == .azuresql || server.isAtLeast(11) else {
                return .impossible("needs SQL Server 2012")
            }
            return .statement(
                """
                SELECT used_log_space_in_percent, total_log_size_in_bytes, (SELECT log_reuse_wait_desc \
                FROM sys.databases WHERE name = DB_NAME()) FROM sys.dm_db_log_space_usage
                """)
        },
        read: { rows, _ in
            guard let row = rows.first else { return [] }
            let wait = row.text(2).flatMap { $0 == "NOTHING" ? nil : "it is kept for: \($0)" }
            return [
                Vital("log_used_percent", row.number(0), unit: "%", detail: wait),
                Vital("log_bytes", row.number(1), unit: "B"),
            ]
        }
    )
    .mended(by: databaseStateRight)

    static let storage = VitalQuestion(
        [
            VitalRule("size_bytes", unit: "B", "data files of the database", every: slow),
            VitalRule(
                "size_growth_bytes_per_day", unit: "B", "by how much the database grows a day", every: slow,
                source: .change(of: "size_bytes", per: .seconds(86_400))),
        ],
        form: { _ in
            .statement("SELECT SUM(CONVERT(bigint, size)) * 8192 FROM sys.database_files WHERE type <> 1")
        },
        read: { rows, _ in rows.first.map { [Vital("size_bytes", $0.number(0), unit: "B")] } ?? [] })

    /// What is left on the volumes on which the files of the database lie: of the fullest.
    static let volumes = VitalQuestion(
        [
            VitalRule(
                "disk_free_percent", unit: "%", "free on the fullest volume of the database", every: slow,
                bad: .low, warn: 5, critical: 2)
        ],
        form: ofServers(
            """
            SELECT TOP (1) 100.0 * v.available_bytes / NULLIF(v.total_bytes, 0), v.volume_mount_point \
            FROM sys.database_files AS f CROSS APPLY sys.dm_os_volume_stats(DB_ID(), f.file_id) AS v \
            ORDER BY 1
            """),
        read: { rows, _ in
            guard let row = rows.first else { return [] }
            return [Vital("disk_free_percent", row.number(0), unit: "%", detail: row.text(1))]
        }
    )
    .mended(by: stateRight)

    /// Pages that could not be read as they had been written (823, 824), and are not mended yet.
    static let suspectPages = VitalQuestion(
        [
            VitalRule(
                "suspect_pages", "damaged pages that are not mended", every: slow, critical: 0, clear: 0.5)
        ],
        form: ofServers("SELECT COUNT(*) FROM msdb.dbo.suspect_pages WHERE event_type IN (1, 2, 3)"),
        read: { rows, _ in rows.first.map { [Vital("suspect_pages", $0.number(0))] } ?? [] }
    )
    .mended { _ in "USE msdb; GRANT SELECT ON dbo.suspect_pages TO CURRENT_USER" }

    /// How old the last backups of the database are, as this server knows of them; where there was none, as
    /// old as the database. The log's where it is kept until it is saved.
    static let backups = VitalQuestion(
        [
            VitalRule(
                "full_backup_age_seconds", unit: "s", "since the last full backup of the database",
                every: slow, warn: 93_600, critical: 180_000),
            VitalRule(
                "log_backup_age_seconds", unit: "s", "since the last backup of the log", every: slow,
                warn: 3_600, critical: 14_400),
        ],
        form: ofServers(
            """
            SELECT d.recovery_model_desc, DATEDIFF(second, ISNULL(MAX(CASE b.type WHEN 'D' \
            THEN b.backup_finish_date END), d.create_date), GETDATE()), \
            DATEDIFF(second, ISNULL(MAX(CASE b.type WHEN 'L' \
            THEN b.backup_finish_date END), d.create_date), GETDATE()) \
            FROM sys.databases AS d LEFT JOIN msdb.dbo.backupset AS b ON b.database_name = d.name \
            WHERE d.name = DB_NAME() AND d.name <> N'tempdb' \
            GROUP BY d.recovery_model_desc, d.create_date
            """),
        read: { rows, _ in
            guard let row = rows.first else { return [] }
            let full = Vital("full_backup_age_seconds", row.number(1), unit: "s")
            guard row.text(0) != "SIMPLE" else { return [full] }
            return [full, Vital("log_backup_age_seconds", row.number(2), unit: "s")]
        }
    )
    .mended { _ in "USE msdb; GRANT SELECT ON dbo.backupset TO CURRENT_USER" }
}
