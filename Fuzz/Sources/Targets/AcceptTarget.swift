import VitalsEngine

extension FuzzTarget {
    /// An `Accept` field of a request for metrics.
    static let accept = FuzzTarget(name: "accept", feed: AcceptTarget.feed)
}

private enum AcceptTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: bytes, as: UTF8.self)
        let format = MetricFormat(accept: text)
        let isNamed = text.lowercased().contains("application/openmetrics-text")
        try promise(format == .text || isNamed, "OpenMetrics for whoever did not ask for it")
    }
}
