/// What a vital is, how often it is measured, and from where on it is bad.
package struct VitalRule: Sendable, Equatable {
    /// As in JSON and, after `db_`, in metrics: `connections_used_percent`.
    package let name: String
    /// `s`, `%`, `B`, `c` (a counter), `days`; empty: it is counted.
    package let unit: String
    /// What it is, for people, without a full stop: `connections in use, of those that users may open`.
    package let summary: String
    /// Which slots measure it.
    package let every: Duration
    package let source: Source
    /// Which way is bad.
    package let bad: FactShape.Direction
    /// Beyond these it degrades; nothing: it is only shown.
    package let warn: Double?
    package let critical: Double?
    /// On the far side of it, it is well again; in between it stays what it was.
    package let clear: Double?

    /// Where its value comes from.
    package enum Source: Sendable, Equatable {
        /// It is measured as it is.
        case measured
        /// It is the first column of the first row that this statement of its author's own returns.
        case query(String)
        /// By how much a counter grew, per so long, from one measuring of it to the next.
        case rate(of: String, per: Duration)
        /// By how much something changed that may shrink as well, per so long.
        case change(of: String, per: Duration)
        /// So many percent of what some counters grew by together is due to one of them; not known where
        /// they grew by less than `atLeast`, which says nothing.
        case share(of: String, in: [String], atLeast: Double)

        /// Whether the target is asked for it, rather than that it follows from others.
        package var isAsked: Bool {
            switch self {
            case .measured, .query: true
            case .rate, .change, .share: false
            }
        }
    }

    /// - Parameter clear: where nothing is given, a quarter of the way back from the first edge: for 80, 60.
    package init(
        _ name: String, unit: String = "", _ summary: String, every: Duration, source: Source = .measured,
        bad: FactShape.Direction = .high, warn: Double? = nil, critical: Double? = nil, clear: Double? = nil
    ) {
        self.name = name
        self.unit = unit
        self.summary = summary
        self.every = every
        self.source = source
        self.bad = bad
        self.warn = warn
        self.critical = critical
        self.clear = clear ?? (warn ?? critical).map { Self.clear(from: $0, bad: bad, isShare: unit == "%") }
    }

    private static func clear(from edge: Double, bad: FactShape.Direction, isShare: Bool) -> Double {
        let far = edge + (bad == .high ? -1 : 1) * edge.magnitude / 4
        // A share never gets beyond a hundred.
        return isShare && bad == .low ? min(far, (100 + edge) / 2) : far
    }

    /// The same, with edges of somebody's own.
    package func with(warn: Double?, critical: Double?, clear: Double?, every: Duration? = nil) -> VitalRule {
        VitalRule(
            name, unit: unit, summary, every: every ?? self.every, source: source, bad: bad, warn: warn,
            critical: critical, clear: clear)
    }

    /// The first edge as plugins write it: `80`, or `21:` where low values are bad.
    package var warnRange: String? { warn.map(range) }
    package var criticalRange: String? { critical.map(range) }

    private func range(_ edge: Double) -> String {
        switch bad {
        case .high where edge < 0: "~:\(Number.text(edge))"
        case .high: Number.text(edge)
        case .low: "\(Number.text(edge)):"
        }
    }

    /// Whether it is the check's author who asks for it.
    package var isOwn: Bool {
        if case .query = source { true } else { false }
    }

    /// What is counted to know it, if it follows from counters.
    package var counters: [String] {
        switch source {
        case .measured, .query: []
        case .rate(let counter, _), .change(let counter, _): [counter]
        case .share(let counter, let whole, _): whole.contains(counter) ? whole : [counter] + whole
        }
    }
}
