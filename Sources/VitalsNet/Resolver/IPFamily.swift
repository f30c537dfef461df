import NIOCore

/// The kinds of address that a target may be reached by.
enum IPFamily: String, Sendable, CaseIterable {
    /// IPv4 and IPv6.
    case any
    case ip4, ip6

    /// The records that hold such addresses.
    var kinds: [DNSKind] {
        switch self {
        case .any: [.a, .aaaa]
        case .ip4: [.a]
        case .ip6: [.aaaa]
        }
    }

    func contains(_ address: SocketAddress) -> Bool {
        switch (self, address) {
        case (.any, _), (.ip4, .v4), (.ip6, .v6), (_, .unixDomainSocket): true
        case (.ip4, .v6), (.ip6, .v4): false
        }
    }

    /// For a message: `IPv4 address`.
    var noun: String {
        switch self {
        case .any: "address"
        case .ip4: "IPv4 address"
        case .ip6: "IPv6 address"
        }
    }
}
