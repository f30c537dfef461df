import VitalsCore

extension FuzzTarget {
    /// A cron expression as written.
    static let cron = FuzzTarget(name: "cron", feed: CronTarget.feed)
}

private enum CronTarget {
    /// Clocks that are put forward and back by turns, each hundred days.
    private static let zone = TimeZoneRules("Fuzz/Zone") { ($0 / 8_640_000) % 2 == 0 ? 3_600 : 7_200 }

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let expression: CronExpression
        do {
            expression = try CronExpression(String(decoding: bytes, as: UTF8.self), in: zone)
        } catch {
            try promise(!error.message.isEmpty, "no message")
            return
        }
        var now = Timestamp(microseconds: 1_795_255_200_000_001)
        for _ in 0..<20 {
            guard let next = expression.next(after: now) else { return }
            try promise(next > now, "\(next.iso8601) is not after \(now.iso8601)")
            try promise(next.microseconds % 1_000_000 == 0, "\(next.iso8601) is no whole second")
            now = next
        }
    }
}
