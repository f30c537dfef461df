import NIOCore
import VitalsCore

/// What a name stands for.
enum Resolution: Equatable {
    case addresses(ResolvedAddresses)
    /// `dns_nxdomain` or `dns_failure`, and why.
    case failure(Cause, message: String)
}

/// The addresses of a name, IPv4 first: where both are to be had, that is the one which works everywhere.
struct ResolvedAddresses: Equatable {
    /// With port 0.
    let addresses: [SocketAddress]
    /// The same as texts.
    let texts: [String]

    /// A name of more addresses than this is cut.
    static let maximumCount = 16

    init(_ all: [SocketAddress]) {
        var seen: Set<SocketAddress> = []
        let distinct = all.filter { seen.insert($0).inserted }
        let sorted = distinct.filter { $0.protocol == .inet } + distinct.filter { $0.protocol != .inet }
        addresses = Array(sorted.prefix(Self.maximumCount))
        texts = addresses.map { $0.ipAddress ?? "?" }
    }
}
