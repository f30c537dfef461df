package import VitalsCore

extension HistoryPoints {
    /// `{"from","to","points":[...],"uptime_ratio":{"24h","7d","30d"}}`
    ///
    /// - Parameter uptime: where nothing is known, null.
    package func json(uptime: [UptimeWindow: Double]) -> JSON {
        [
            "from": JSON(points.first?.from),
            "to": JSON(points.last?.to),
            "points": .array(points.map(\.json)),
            "uptime_ratio": JSON(
                members: UptimeWindow.allCases.map { window in
                    (window.rawValue, uptime[window].map { .number($0) } ?? .null)
                }),
        ]
    }
}

extension HistoryPoints.Point {
    /// `at` is its middle, where it is drawn.
    fileprivate var json: JSON {
        [
            "at": JSON(from + (to - from) / 2),
            "from": JSON(from),
            "to": JSON(to),
            "counts": [
                "pass": .integer(tally.pass),
                "warn": .integer(tally.warn),
                "fail": .integer(tally.fail),
                "inconclusive": .integer(tally.inconclusive),
                "missed": .integer(tally.missed),
            ],
            "latency_ms": tally.latencies?.json ?? .null,
        ]
    }
}

extension VitalPoints.Point {
    /// `{"at","from","to","count","minimum","mean","maximum","last"}`; null where nothing was measured.
    package var json: JSON {
        let isGap = count == 0
        return [
            "at": JSON(from + (to - from) / 2), "from": JSON(from), "to": JSON(to),
            "count": .integer(Int64(count)), "minimum": isGap ? .null : .number(minimum),
            "mean": mean.map { .number($0) } ?? .null, "maximum": isGap ? .null : .number(maximum),
            "last": isGap ? .null : .number(last),
        ]
    }
}

extension Latencies {
    fileprivate var json: JSON {
        [
            "min": JSON(milliseconds: min),
            "median": JSON(milliseconds: quantile(0.5)),
            "p95": JSON(milliseconds: quantile(0.95)),
            "max": JSON(milliseconds: max),
        ]
    }
}

extension PastEpisode {
    /// With what its first run found, while that is kept.
    package var json: JSON {
        [
            "id": .string(opened.id.text),
            "health_check": .string(opened.healthCheck.text),
            "opened_at": JSON(opened.at),
            "ended_at": JSON(ended?.at),
            "reason": JSON(ended?.reason.rawValue),
            "cause": JSON(fault?.cause.rawValue),
            "phase": JSON(fault?.phase.rawValue),
            "message": JSON(fault?.message),
        ]
    }
}

extension PastTransition {
    /// As in the stream.
    package var json: JSON {
        [
            "health_check": .string(transition.healthCheck.text),
            "from": .string(transition.from.rawValue),
            "to": .string(transition.to.rawValue),
            "at": JSON(transition.at),
            "cause": JSON(fault?.cause.rawValue),
            "phase": JSON(fault?.phase.rawValue),
            "message": JSON(fault?.message),
        ]
    }
}
