package import VitalsCore

extension HeartbeatSchedule {
    /// With what is known of the heartbeat; without its addresses, since whoever knows them can ping.
    func json(_ heartbeat: Heartbeat?) -> JSON {
        var period: JSON = .null
        var cron: CronExpression?
        switch rhythm {
        case .every(let duration): period = JSON(seconds: duration)
        case .cron(let expression): cron = expression
        }
        return [
            "period_seconds": period,
            "cron": JSON(cron?.text),
            "timezone": JSON(cron?.zone.name),
            "grace_seconds": JSON(seconds: grace),
            "last_ping_at": JSON(heartbeat?.lastHeard),
            "last_start_at": JSON(heartbeat?.starts.last?.at),
            "last_end_at": JSON(heartbeat?.lastEnd?.at),
            "last_duration_ms": heartbeat?.lastEnd?.duration.map { JSON(milliseconds: $0) } ?? .null,
            "next_expected_at": JSON(heartbeat?.lastEnd.flatMap { expected(after: $0.at) }),
            "deadline_at": JSON(heartbeat?.deadline(self)),
        ]
    }
}

extension HeartbeatAddress {
    /// The paths at which its pings are heard.
    package var json: JSON {
        [
            "ping_path": .string("/ping/\(uuid.revealed)"),
            "push_path": .string("/api/push/\(token.revealed)"),
            "external_path": .string("/api/v1/endpoints/\(key)/external"),
            "token": .string(token.revealed),
        ]
    }
}

extension HeardPing {
    /// `{"at","kind","exit_status","run","duration_ms","dialect","client","agent","body"}`
    package var json: JSON {
        var status: Int?
        if case .failure(let found) = ping.kind { status = found }
        return [
            "at": JSON(at),
            "kind": .string(ping.kind.word),
            "exit_status": status.map { .integer(Int64($0)) } ?? .null,
            "run": JSON(ping.run),
            "duration_ms": ping.duration.map { JSON(milliseconds: $0) } ?? .null,
            "dialect": .string(dialect.rawValue),
            "client": .string(client),
            "agent": .string(agent),
            "body": .string(body),
        ]
    }
}

extension Ping.Kind {
    /// As the API has it.
    package static let words = ["start", "success", "fail", "log"]

    fileprivate var word: String {
        switch self {
        case .start: "start"
        case .success: "success"
        case .failure: "fail"
        case .log: "log"
        }
    }
}
