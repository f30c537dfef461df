import VitalsCore

extension ConfigurationReading {
    private static let rowKeys = ["failure", "success", "warn", "degraded"]
    private static let windowKeys = ["size", "unhealthy", "degraded"]
    private static let windowCounts = 1...Thresholds.Window.largest

    /// How runs are judged where a check says nothing else: the numbers of both ways, as a check may choose
    /// the other one and inherit them one by one.
    struct DefaultThresholds {
        var rows = Thresholds.Rows()
        var window = Thresholds.Window()
        var isWindow = false
    }

    /// `thresholds`, with what it does not say put in.
    struct ReadThresholds {
        fileprivate var values: DefaultThresholds

        var effective: Thresholds { values.isWindow ? .window(values.window) : .rows(values.rows) }

        /// As defaults for others; what the environment says wins.
        func asDefaults(failure: Int?, success: Int?) -> DefaultThresholds {
            var defaults = values
            defaults.rows = Thresholds.Rows(
                failure: failure ?? values.rows.failure, success: success ?? values.rows.success,
                warn: values.rows.warn, degraded: values.rows.degraded)
            return defaults
        }
    }

    /// Rows or a window; with neither written, as the defaults have it.
    mutating func writtenThresholds(_ value: Value?, defaults: DefaultThresholds) -> ReadThresholds {
        let section = section(value, keys: Self.rowKeys + ["window"])
        var values = defaults
        let isRows = section?.entries.contains { Self.rowKeys.contains($0.key) } ?? false
        if isRows { values.isWindow = false }
        values.rows = rows(section, defaults: defaults.rows)
        guard let written = section?["window"] else { return ReadThresholds(values: values) }
        if isRows {
            let place = place(at: written.keyPosition, path: written.path)
            let keys = ShownText.list(Self.rowKeys)
            report(place, "beside runs in a row (\(keys)); a check is judged by one of the two")
        } else if written.node.isEmpty {
            report(written, "has no value; write { size: 10, unhealthy: 7, degraded: 3 }")
        }
        values.isWindow = true
        values.window = window(written, defaults: defaults.window)
        return ReadThresholds(values: values)
    }

    private mutating func rows(_ section: Section?, defaults: Thresholds.Rows) -> Thresholds.Rows {
        let failure = integer(section?["failure"], in: Self.counts)
        let success = integer(section?["success"], in: Self.counts)
        let warn = integer(section?["warn"], in: Self.counts)
        // Inner nothing: `none`.
        let degraded: Int?? = parsed(section?["degraded"]) { given throws(Complaint) in
            given.text == "none" ? nil : try PlainText.integer(given, in: Self.counts)
        }
        return Thresholds.Rows(
            failure: failure ?? defaults.failure, success: success ?? defaults.success,
            warn: warn ?? defaults.warn, degraded: degraded ?? defaults.degraded)
    }

    private mutating func window(_ value: Value, defaults: Thresholds.Window) -> Thresholds.Window {
        let section = section(value, keys: Self.windowKeys)
        let size = integer(section?["size"], in: Self.windowCounts) ?? defaults.size
        let unhealthy = integer(section?["unhealthy"], in: Self.windowCounts) ?? defaults.unhealthy
        let degraded = integer(section?["degraded"], in: Self.windowCounts) ?? defaults.degraded
        for (key, count) in [("unhealthy", unhealthy), ("degraded", degraded)] where count > size {
            let place = section?[key] ?? section?["size"] ?? value
            report(
                place, "`\(key)` (\(count)) is more than the window's `size` (\(size)); it could never come")
        }
        return Thresholds.Window(
            size: size, unhealthy: min(unhealthy, size), degraded: min(degraded, size))
    }
}
