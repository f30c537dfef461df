/// What one run alone can tell, as an exit status: nothing is known of an earlier pass.
package enum ProbeVerdict: Int32, Sendable, CaseIterable {
    case healthy = 0
    /// It serves, but not wholly.
    case degraded = 1
    case down = 2
    /// Nothing can be said, or something is ours to mend.
    case unknown = 3

    package init(_ fault: Fault?, isDatabase: Bool) {
        switch fault?.cause.causeClass(
            in: fault?.phase ?? .connect, isDatabase: isDatabase, hasPassed: false)
        {
        case nil: self = .healthy
        case .partial: self = .degraded
        case .target: self = .down
        case .config, .self: self = .unknown
        }
    }

    /// Of several targets the worst: what is down is worse than what is not known.
    package init(worst verdicts: [ProbeVerdict]) {
        let order: [ProbeVerdict] = [.down, .degraded, .unknown]
        self = order.first(where: verdicts.contains) ?? .healthy
    }

    /// - Parameter isCompatible: as tools have it that know only 0 and 1.
    package func exitStatus(isCompatible: Bool) -> Int32 {
        isCompatible && self == .down ? 1 : rawValue
    }
}
