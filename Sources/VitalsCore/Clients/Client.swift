/// Who asks, and what they asked for, as far as that can be believed.
package struct Client: Sendable, Equatable {
    /// Nothing: not known, as on a Unix socket.
    package let address: IPAddress?
    /// `http` or `https`, where a trusted proxy said so.
    package let scheme: String?
    /// Host and port in lower case, where a trusted proxy said so.
    package let host: String?

    package init(address: IPAddress? = nil, scheme: String? = nil, host: String? = nil) {
        self.address = address
        self.scheme = scheme
        self.host = host
    }

    /// Who is counted as one client: a household of IPv6 has a whole network of 64 bits.
    package var counted: IPAddress? { address.map { $0.bytes.count == 4 ? $0 : $0.prefix(64) } }
}

/// The header fields by which proxies tell for whom they ask; each in the order in which it came.
package struct ForwardingFields: Sendable, Equatable {
    /// `Forwarded` (RFC 7239).
    package var forwarded: [String]
    /// `X-Forwarded-For`
    package var addresses: [String]
    /// `X-Forwarded-Proto`
    package var schemes: [String]
    /// `X-Forwarded-Host`
    package var hosts: [String]

    package init(
        forwarded: [String] = [], addresses: [String] = [], schemes: [String] = [], hosts: [String] = []
    ) {
        self.forwarded = forwarded
        self.addresses = addresses
        self.schemes = schemes
        self.hosts = hosts
    }
}

/// The proxies that are believed when they say for whom they ask. Anybody may write these fields, so only
/// what a believed proxy wrote counts: from the nearest outwards, up to the first address that is none of
/// them.
package struct TrustedProxies: Sendable, Equatable {
    private let networks: [IPNetwork]

    /// More than anybody has between two machines; what is further out is not looked at.
    private static let mostHops = 100

    package init(_ networks: [IPNetwork]) {
        self.networks = networks
    }

    /// - Parameter peer: the other end of the connection.
    package func client(from peer: IPAddress?, _ fields: ForwardingFields) -> Client {
        guard let peer, isTrusted(peer) else { return Client(address: peer) }
        let standard = ForwardedField.hops(in: fields.forwarded)
        let common = Self.hops(in: fields)
        let clients = [standard, common].filter { !$0.isEmpty }.map { walk($0, from: peer) }
        guard let first = clients.first else { return Client(address: peer) }
        // A proxy that writes one of the two passes on what a stranger wrote into the other.
        guard clients.allSatisfy({ $0.address == first.address }) else { return Client(address: peer) }
        return Client(
            address: first.address, scheme: Self.same(clients.compactMap(\.scheme)),
            host: Self.same(clients.compactMap(\.host)))
    }

    /// Whoever is asked next is believed, because all before were.
    private func walk(_ hops: [ForwardedHop], from peer: IPAddress) -> Client {
        var client = Client(address: peer)
        for hop in hops.suffix(Self.mostHops).reversed() {
            client = Client(
                address: hop.address ?? client.address, scheme: hop.scheme ?? client.scheme,
                host: hop.host ?? client.host)
            guard let address = hop.address, isTrusted(address) else { break }
        }
        return client
    }

    private func isTrusted(_ address: IPAddress) -> Bool {
        networks.contains { $0.contains(address) }
    }

    private static func hops(in fields: ForwardingFields) -> [ForwardedHop] {
        let addresses = list(fields.addresses)
        let schemes = list(fields.schemes)
        let hosts = list(fields.hosts)
        guard !addresses.isEmpty else {
            guard !schemes.isEmpty || !hosts.isEmpty else { return [] }
            return [ForwardedHop(address: nil, scheme: schemes.last, host: hosts.last)]
        }
        return addresses.enumerated().map { index, text in
            // Where each proxy adds its own they belong together; else the nearest wrote the only one.
            ForwardedHop(
                address: ForwardedHop.address(text),
                scheme: schemes.count == addresses.count ? schemes[index] : schemes.last,
                host: hosts.count == addresses.count ? hosts[index] : hosts.last)
        }
    }

    private static func list(_ fields: [String]) -> [String] {
        fields.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { String($0).trimmed }
    }

    private static func same(_ words: [String]) -> String? {
        words.allSatisfy { $0 == words[0] } ? words.first : nil
    }
}
