import VitalsCore

extension FuzzTarget {
    /// The fields by which proxies tell for whom they ask: the peer on the first line, then `F`, `A`, `S` or
    /// `H` and a field on each.
    static let forwarded = FuzzTarget(name: "forwarded", feed: ForwardedTarget.feed)
}

private enum ForwardedTarget {
    private static let trusted = ["10.0.0.0/8", "fd00::/8", "::1"].compactMap { IPNetwork($0) }

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        let peer = lines.first.flatMap { IPAddress($0) }
        var fields = ForwardingFields()
        for line in lines.dropFirst() {
            let text = String(line.dropFirst())
            switch line.first {
            case "F": fields.forwarded.append(text)
            case "A": fields.addresses.append(text)
            case "S": fields.schemes.append(text)
            case "H": fields.hosts.append(text)
            default: break
            }
        }
        let client = TrustedProxies(trusted).client(from: peer, fields)
        try promise((client.address == nil) == (peer == nil), "a client without a peer, or none with one")
        try promise(
            TrustedProxies([]).client(from: peer, fields) == Client(address: peer), "a stranger is believed")
        if let peer, !trusted.contains(where: { $0.contains(peer) }) {
            try promise(client == Client(address: peer), "who is no proxy is believed")
        }
        try promise([nil, "http", "https"].contains(client.scheme), "a scheme that is none")
        try promise(
            client.host?.utf8.allSatisfy { (0x21..<0x7F).contains($0) } != false, "a host that is none")
        if let address = client.address {
            try promise(IPAddress(address.description) == address, "an address that does not read back")
        }
    }
}
