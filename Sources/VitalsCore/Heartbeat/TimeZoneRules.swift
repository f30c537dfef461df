/// What the clocks on the wall of a place show. The rules come from outside.
package struct TimeZoneRules: Sendable, Equatable {
    /// As in the time zone database: `Europe/Berlin`.
    package let name: String
    /// Seconds east of UTC at an instant, which is given in seconds since the Unix epoch.
    let offset: @Sendable (Int64) -> Int64

    /// - Parameter offset: less than a day in either direction; the same for the same instant.
    package init(_ name: String, offset: @escaping @Sendable (Int64) -> Int64) {
        self.name = name
        self.offset = offset
    }

    package static let utc = TimeZoneRules("UTC") { _ in 0 }

    package static func == (left: TimeZoneRules, right: TimeZoneRules) -> Bool { left.name == right.name }

    private static let day: Int64 = 86_400

    /// What the wall shows, in seconds as if it were UTC.
    func local(_ instant: Int64) -> Int64 { instant + offset(instant) }

    /// When the wall shows this. What it shows twice is the first of them; what it never shows, because
    /// clocks are put forward, is the instant at which they are.
    func instant(showing local: Int64) -> Int64 {
        let before = local - offset(local - Self.day)
        let after = local - offset(local + Self.day)
        let shown = [before, after].filter { self.local($0) == local }.min()
        if let shown { return shown }
        // Clocks are put forward between the two: the first instant at which they show more.
        var low = min(before, after)
        var high = max(before, after)
        while low < high {
            let middle = low + (high - low) / 2
            if self.local(middle) > local { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
