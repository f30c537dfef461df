import VitalsCore

extension MySQLVitals {
    /// Whether this server follows others, and how far it is behind: one row for each that it follows, whose
    /// columns have other names from one version to the next.
    static let replication = VitalQuestion(
        [
            VitalRule("replication_channels", "servers that this one follows", every: quick),
            VitalRule(
                "replication_threads_stopped", "threads of the replication that do not run", every: quick,
                critical: 0, clear: 0.5),
            VitalRule(
                "replication_lag_seconds", unit: "s", "how far the server says it is behind", every: quick,
                warn: 30, critical: 300),
            heartbeatLag,
        ],
        then: { rows, _ in rows.isEmpty ? nil : heartbeatTable },
        form: { server in
            switch server.flavour {
            case .mariadb: .statement("SHOW ALL SLAVES STATUS")
            case _ where server.isAtLeast(8, 0, 22): .statement("SHOW REPLICA STATUS")
            default: .statement("SHOW SLAVE STATUS")
            }
        },
        readAnswer: { answer, _ in read(answer.rows.map { Channel($0, answer) }) }
    )
    .mended { server in
        let hasOwnRight = server.flavour == .mariadb && server.isAtLeast(10, 5, 2)
        return hasOwnRight ? "GRANT SLAVE MONITOR ON *.* TO CURRENT_USER" : replicationClient
    }

    /// What a replica says of one server that it follows.
    private struct Channel {
        let name: String
        let receiving: String
        let applying: String
        /// Nothing: it is not known, because something does not run.
        let behind: Double?
        let delay: Double
        let error: String

        init(_ row: [String?], _ answer: VitalQuestion.Answer) {
            func text(_ names: String...) -> String? {
                names.lazy.compactMap { answer.index(of: $0) }.first.flatMap { row.text($0) }
            }
            name = text("Channel_Name", "Connection_name") ?? ""
            receiving = text("Replica_IO_Running", "Slave_IO_Running") ?? "unknown"
            applying = text("Replica_SQL_Running", "Slave_SQL_Running") ?? "unknown"
            behind = text("Seconds_Behind_Source", "Seconds_Behind_Master").flatMap { Number.parse($0) }
            delay = text("SQL_Delay").flatMap { Number.parse($0) } ?? 0
            error = [text("Last_IO_Error"), text("Last_SQL_Error")].compactMap(\.self)
                .map(Self.withoutStatement).filter { !$0.isEmpty }.joined(separator: "; ")
        }

        /// The server's words end with the statement that failed, which may hold anything: data, a password.
        private static func withoutStatement(_ error: String) -> String {
            guard let statement = error.firstRange(of: " Query: '") else { return error }
            return String(error[..<statement.lowerBound])
        }

        var stopped: Int { [receiving, applying].count { $0 != "Yes" } }

        var sentence: String {
            let named = name.isEmpty ? "" : "\(name): "
            let why = error.isEmpty ? "" : "; \(error)"
            return "\(named)receiving: \(receiving), applying: \(applying)\(why)"
        }
    }

    private static func read(_ channels: [Channel]) -> [Vital] {
        let count = Vital("replication_channels", Double(channels.count))
        guard !channels.isEmpty else { return [count] }
        let broken = channels.filter { $0.stopped > 0 || $0.behind == nil }
        let detail = broken.isEmpty ? nil : broken.map(\.sentence).joined(separator: "; ")
        let stopped = channels.reduce(0) { $0 + $1.stopped }
        let lags = channels.compactMap { channel in channel.behind.map { max($0 - channel.delay, 0) } }
        let isKnown = lags.count == channels.count
        return [
            count, Vital("replication_threads_stopped", Double(stopped), detail: detail),
            Vital(
                "replication_lag_seconds", isKnown ? lags.max() : nil, unit: "s",
                reason: isKnown ? nil : detail),
        ]
    }

    // MARK: The heartbeat

    private static let heartbeatLag = VitalRule(
        "heartbeat_lag_seconds", unit: "s", "how old the newest heartbeat is that was replicated",
        every: quick, warn: 30, critical: 300)

    /// Whether a write probe keeps a row on the server followed, that we may read.
    private static let heartbeatTable = VitalQuestion(
        [heartbeatLag],
        then: { rows, _ in rows.first?.number(0) == 1 ? heartbeat : nil },
        form: { _ in
            .statement(
                """
                SELECT COUNT(*) FROM information_schema.TABLES \
                WHERE TABLE_SCHEMA = 'vitals' AND TABLE_NAME = 'heartbeat'
                """)
        },
        read: { _, _ in [] })

    private static let heartbeat = VitalQuestion(
        [heartbeatLag], remedy: "GRANT SELECT ON vitals.heartbeat TO CURRENT_USER",
        form: { _ in
            .statement(
                """
                SELECT TIMESTAMPDIFF(MICROSECOND, MAX(beat_at), NOW(6)) / 1000000 FROM vitals.heartbeat
                """)
        },
        read: { rows, _ in
            guard let age = rows.first?.number(0) else {
                return [
                    Vital(heartbeatLag.name, nil, unit: "s", reason: "no heartbeat was ever written")
                ]
            }
            return [Vital(heartbeatLag.name, max(age, 0), unit: "s")]
        })
}
