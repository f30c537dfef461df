import VitalsCore

/// What became of one database's runs since the process's start, beyond their outcomes.
struct DatabaseCounts: Sendable, Equatable {
    struct Failure: Sendable, Hashable {
        /// As metrics have them.
        let kind: String
        let phase: String

        /// Whatever there is no series for any more.
        static let other = Failure(kind: "other", phase: "other")
    }

    /// How long runs took that told something of the target.
    private(set) var durations = Histogram(Self.bounds)
    /// In the order in which they were first seen.
    private(set) var failures: [(failure: Failure, count: Int)] = []
    /// Runs that failed before there was a session to ask anything in.
    private(set) var connectionErrors = 0

    /// Kinds beyond these are counted together, so that what a target does never makes more series.
    static let mostFailures = 6
    private static let bounds: [Duration] = [5, 25, 100, 500, 1_000, 5_000].map { .milliseconds($0) }

    mutating func add(_ run: Run) {
        if run.outcome != .inconclusive { durations.add(run.result.latency) }
        guard let fault = run.result.fault else { return }
        count(Failure(kind: fault.cause.rawValue, phase: fault.phase.rawValue))
        if run.outcome == .fail, fault.phase.order <= Phase.session.order { connectionErrors += 1 }
    }

    private mutating func count(_ failure: Failure) {
        let isKnown = failures.contains { $0.failure == failure }
        let counted = isKnown || failures.count < Self.mostFailures - 1 ? failure : .other
        if let index = failures.firstIndex(where: { $0.failure == counted }) {
            failures[index].count += 1
        } else {
            failures.append((counted, 1))
        }
    }

    static func == (left: DatabaseCounts, right: DatabaseCounts) -> Bool {
        left.durations == right.durations && left.connectionErrors == right.connectionErrors
            && left.failures.elementsEqual(right.failures, by: ==)
    }
}
