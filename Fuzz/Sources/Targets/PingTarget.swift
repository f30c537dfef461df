import VitalsCore

extension FuzzTarget {
    /// What is said along with a ping: seven lines, as the three dialects have them.
    static let ping = FuzzTarget(name: "ping", feed: PingTarget.feed)
    /// A file of the time zone database.
    static let zone = FuzzTarget(name: "zone", feed: ZoneTarget.feed)
}

private enum PingTarget {
    private static let begin = Timestamp(microseconds: 1_795_255_200_000_000)

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        func line(_ index: Int) -> String? {
            guard index < lines.count, lines[index] != "-" else { return nil }
            return lines[index]
        }
        var pings = [Ping(kumaStatus: line(4), ping: line(5))]
        if let ping = try? Ping(healthchecks: line(0), run: line(1)) { pings.append(ping) }
        if let ping = try? Ping(gatusSuccess: line(2), duration: line(3)) { pings.append(ping) }
        let schedule = HeartbeatSchedule(.every(.seconds(600)), grace: .seconds(60))
        var heartbeat = Heartbeat(listeningSince: begin)
        for (index, ping) in pings.enumerated() {
            if let duration = ping.duration {
                try promise(duration >= .zero && duration <= .seconds(3 * 86_400), "it took \(duration)")
            }
            if let run = ping.run { try promise(UUIDText.canonical(run) == run, "\(run) is no UUID") }
            let now = begin + .seconds(index * 30)
            heartbeat.apply(ping, at: now)
            try promise(heartbeat.lastHeard == now, "it was not heard")
            let isFailure = if case .failure = heartbeat.lastEnd?.kind { true } else { false }
            try promise(!isFailure || heartbeat.fault(schedule, at: now) != nil, "a failure is no fault")
        }
    }
}

private enum ZoneTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let file: TimeZoneFile
        do {
            file = try TimeZoneFile(parsing: bytes)
        } catch {
            try promise(!error.message.isEmpty, "no message")
            return
        }
        let rules = TimeZoneRules("Fuzz/Zone", file)
        guard let cron = try? CronExpression("30 2 * * *", in: rules) else { return }
        for instant in [Int64(-5_000_000_000), 0, 1_795_255_200, 9_000_000_000] {
            let now = Timestamp(microseconds: instant * 1_000_000)
            guard let next = cron.next(after: now) else { continue }
            try promise(next > now, "\(next.iso8601) is not after \(now.iso8601)")
        }
    }
}
