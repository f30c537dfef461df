import Synchronization
import VitalsCore
import VitalsEngine

/// Requests since the process's start, by route, method and class of status. There are only so many of
/// each: whatever strangers ask for is one route.
final class RequestCounts: Sendable {
    struct Key: Hashable, Comparable, Sendable {
        let route: String
        let method: String
        /// `2xx`
        let status: String

        static func < (left: Key, right: Key) -> Bool {
            (left.route, left.method, left.status) < (right.route, right.method, right.status)
        }
    }

    private struct Counts {
        var answered: [Key: Int] = [:]
        var durations: [String: Histogram] = [:]
    }

    /// The route of what is not known, and the method.
    static let other = "other"

    /// A method as it is counted.
    static func known(_ method: String) -> String { methods.contains(method) ? method : other }

    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private static let bounds: [Duration] = [5, 25, 100, 500, 2_500].map { .milliseconds($0) }

    private let counts = Mutex(Counts())

    /// - Parameters:
    ///   - route: as it was declared; nothing: none is.
    ///   - duration: until the answer began.
    func add(route: String?, method: String, status: Int, duration: Duration) {
        let route = route ?? Self.other
        let key = Key(route: route, method: Self.known(method), status: "\(status / 100)xx")
        counts.withLock { counts in
            counts.answered[key, default: 0] += 1
            counts.durations[route, default: Histogram(Self.bounds)].add(duration)
        }
    }

    func write(to writer: inout MetricWriter) {
        let counts = counts.withLock(\.self)
        guard !counts.answered.isEmpty else { return }
        writer.begin(MetricFamily("vitals_http_requests", .counter, "Requests that were answered."))
        for (key, count) in counts.answered.sorted(by: { $0.key < $1.key }) {
            writer.add(
                MetricLabels(("route", key.route), ("method", key.method), ("status", key.status)), nil,
                MetricValue(count))
        }
        writer.begin(
            MetricFamily(
                "vitals_http_request_duration_seconds", .histogram, unit: "seconds",
                "How long until an answer began."))
        for (route, histogram) in counts.durations.sorted(by: { $0.key < $1.key }) {
            writer.add(MetricLabels(("route", route)), histogram)
        }
    }
}
