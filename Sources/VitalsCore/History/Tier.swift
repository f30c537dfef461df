/// In which pieces the past is kept when single runs are not any more. They are those of UTC: no zone and no
/// clock that is put back plays a part.
package enum Tier: String, Sendable, CaseIterable {
    case hour, day

    package var length: Duration {
        switch self {
        case .hour: .seconds(3_600)
        case .day: .seconds(86_400)
        }
    }

    /// The beginning of the piece in which `instant` lies.
    package func start(of instant: Timestamp) -> Timestamp {
        let (length, microseconds) = (length.microseconds, instant.microseconds)
        let past = microseconds % length
        return Timestamp(microseconds: microseconds - (past < 0 ? past + length : past))
    }

    /// The beginning of the first piece that does not begin before `instant`.
    package func firstStart(notBefore instant: Timestamp) -> Timestamp {
        let start = start(of: instant)
        return start == instant ? start : start + length
    }
}
