import VitalsCore

/// How long certificates must still be good for.
struct CertificateDays: Sendable, Equatable {
    /// Fewer days than this are a warning.
    let warn: Int
    /// Fewer days than this are a failure; not more than `warn`.
    let fail: Int

    static let usual = CertificateDays(warn: 21, fail: 7)

    /// What is to be said of a chain, of which the one that ends first counts; nothing if all of it lasts.
    func complaint(about peer: TLSPeer) -> (cause: Cause, message: String)? {
        guard let first = peer.chain.min(by: { $0.notAfter < $1.notAfter }) else { return nil }
        let days = first.daysLeft(at: peer.metAt)
        guard let cause = cause(of: days) else { return nil }
        let isOwn = first.der == peer.certificate?.der
        let which = isOwn ? "the certificate" : "the certificate \(first.subject) of the chain"
        let limit = cause == .vital ? "warn_days is \(warn)" : "fail_days is \(fail)"
        return (cause, "\(which) \(Self.text(days)), and \(limit)")
    }

    /// What so many days are; nothing if they are enough.
    func cause(of days: Int) -> Cause? {
        if days < fail { return .tlsCertExpired }
        return days < warn ? .vital : nil
    }

    private static func text(_ days: Int) -> String {
        switch days {
        case ..<0: "ended \(count(-days)) ago"
        case 0: "ends in less than a day"
        default: "ends in \(count(days))"
        }
    }

    private static func count(_ days: Int) -> String {
        days == 1 ? "1 day" : "\(days) days"
    }
}
