/// The state of a database in the words of its metrics.
package enum DatabaseStatus: String, Sendable, CaseIterable {
    case up, degraded, down
    /// What keeps us from looking is ours to mend: a password, a name, a certificate.
    case misconfigured
    case unknown

    /// - Parameters:
    ///   - evaluation: as it may be shown now.
    ///   - fault: of the last run; nothing: it passed, or there is none.
    package init(_ evaluation: Evaluation, lastFault fault: Fault?) {
        switch evaluation.state {
        case .healthy: self = .up
        case .degraded: self = .degraded
        case .unhealthy: self = .down
        case .unknown:
            let causeClass = fault?.cause.causeClass(
                in: fault?.phase ?? .connect, isDatabase: true, hasPassed: evaluation.hasPassed)
            self = causeClass == .config && !evaluation.isStale ? .misconfigured : .unknown
        }
    }

    /// Whether it serves, be it only in part: what is not known does not.
    package var isUp: Bool { self == .up || self == .degraded }
}

extension State {
    /// How well a service is, in halves; nothing: nobody knows.
    package var halves: Int? {
        switch self {
        case .healthy: 2
        case .degraded: 1
        case .unhealthy: 0
        case .unknown: nil
        }
    }
}
