import NIOCore
import VitalsCore

/// What a name stands for.
enum Resolution: Equatable {
    case addresses(ResolvedAddresses)
    /// `dns_nxdomain` or `dns_failure`, and why.
    case failure(Cause, message: String)
}

/// The addresses of a name in the order in which they are tried: both kinds by turns, so that a kind which
/// does not work holds up nothing for long (RFC 8305, 4), IPv4 first, for that is the one which works
/// everywhere; within a kind as the server has them, which may mean something by it.
struct ResolvedAddresses: Equatable {
    /// With port 0.
    let addresses: [SocketAddress]
    /// The same as texts.
    let texts: [String]

    /// A name of more addresses than this is cut.
    static let maximumCount = 16

    init(_ all: [SocketAddress]) {
        guard all.count > 1 else {
            addresses = all
            texts = all.map { $0.ipAddress ?? "?" }
            return
        }
        var seen: Set<SocketAddress> = []
        let distinct = all.filter { seen.insert($0).inserted }
        let first = distinct.filter { $0.protocol == .inet }
        let second = distinct.filter { $0.protocol != .inet }
        let both = min(first.count, second.count)
        let sorted =
            zip(first, second).flatMap { [$0, $1] } + first.dropFirst(both) + second.dropFirst(both)
        addresses = Array(sorted.prefix(Self.maximumCount))
        texts = addresses.map { $0.ipAddress ?? "?" }
    }
}
