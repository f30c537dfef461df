import VitalsCore

extension MySQLVitals {
    /// How large the files of InnoDB are. What the tables say of themselves is not asked: for that the server
    /// opens each of them, and waits for whoever changes one.
    static let sizes = VitalQuestion(
        [
            VitalRule("size_bytes", unit: "B", "files of the database", every: hourly),
            VitalRule("server_size_bytes", unit: "B", "files of all databases", every: hourly),
            VitalRule(
                "size_growth_bytes_per_day", unit: "B", "by how much the database grows a day", every: hourly,
                source: .change(of: "size_bytes", per: .seconds(86_400))),
        ],
        remedy: process,
        form: { server in
            let table: String
            switch server.flavour {
            case .mysql where server.isAtLeast(8): table = "INNODB_TABLESPACES"
            case .mysql where !server.isAtLeast(5, 7): return .impossible("needs MySQL 5.7")
            default: table = "INNODB_SYS_TABLESPACES"
            }
            // A file's name has a hyphen of the database in hexadecimal.
            return .statement(
                """
                SELECT SUM(FILE_SIZE), SUM(IF(SUBSTRING_INDEX(NAME, '/', 1) \
                = REPLACE(DATABASE(), '-', '@002d'), FILE_SIZE, NULL)), DATABASE() \
                FROM information_schema.\(table)
                """)
        },
        read: { rows, _ in
            guard let row = rows.first, let all = row.number(0) else { return [] }
            let size = row.number(1)
            let reason =
                row.text(2) == nil ? "the target names no database" : "the database has no file of its own"
            return [
                Vital("server_size_bytes", all, unit: "B"),
                Vital("size_bytes", size, unit: "B", reason: size == nil ? reason : nil),
            ]
        })

    /// How much of the binary log is kept, where there is one.
    static let binaryLogs = VitalQuestion(
        binaryLogRules,
        then: { rows, _ in rows.first?.text(1) == "ON" ? keptLogs : nil },
        form: { _ in .statement("SHOW GLOBAL VARIABLES LIKE 'log_bin'") },
        read: { _, _ in [] })

    private static let binaryLogRules = [
        VitalRule("binary_logs", "files of the binary log that are kept", every: hourly),
        VitalRule("binary_logs_bytes", unit: "B", "size of the binary log that is kept", every: hourly),
    ]

    private static let keptLogs = VitalQuestion(
        binaryLogRules,
        form: { _ in .statement("SHOW BINARY LOGS") },
        read: { rows, _ in
            [
                Vital("binary_logs", Double(rows.count)),
                Vital("binary_logs_bytes", rows.reduce(0) { $0 + ($1.number(1) ?? 0) }, unit: "B"),
            ]
        }
    )
    .mended { server in
        let hasOwnRight = server.flavour == .mariadb && server.isAtLeast(10, 5, 2)
        return hasOwnRight ? "GRANT BINLOG MONITOR ON *.* TO CURRENT_USER" : replicationClient
    }
}
