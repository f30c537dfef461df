import NIOCore
import VitalsTesting

@testable import VitalsNet

/// A real name server (NSD) with a zone that holds a record of each kind, one that is too long for a
/// datagram, and a zone that it cannot serve.
final class NSD: Sendable {
    let port: Int
    let address: SocketAddress
    private let server: RunningServer

    /// The text at `long.vitals.example`, far beyond the 512 bytes of a datagram (RFC 1035, 4.2.1).
    static let longTexts = (1...30).map { "\($0) " + String(repeating: "x", count: 100) }

    private static let zone = """
        $ORIGIN vitals.example.
        $TTL 300
        @       IN SOA   ns1 hostmaster 2024010101 7200 3600 1209600 60
        @       IN NS    ns1
        @       IN NS    ns2.vitals.example.
        @       IN MX    10 mail
        @       IN MX    20 mail2.example.org.
        @       IN TXT   "v=spf1 -all"
        @       IN CAA   0 issue "letsencrypt.org"
        @       IN CAA   128 iodef "mailto:a@vitals.example"
        ns1     IN A     127.0.0.1
        ns2     IN A     127.0.0.1
        mail    IN A     192.0.2.25
        db1     IN A     192.0.2.1
        db1     60 IN A  192.0.2.2
        db1     IN AAAA  2001:db8::1
        www     IN CNAME db1
        away    IN CNAME www.example.org.
        _sip._tcp IN SRV 10 60 5060 db1
        joined  IN TXT   "one, " "two"
        empty   IN A     192.0.2.9
        many    IN A     127.0.0.1
        \((1...60).map { "many IN A 127.0.1.\($0)" }.joined(separator: "\n"))
        \(longTexts.map { "long IN TXT \"\($0)\"" }.joined(separator: "\n"))
        """

    private static let reverse = """
        $ORIGIN 2.0.192.in-addr.arpa.
        $TTL 300
        @       IN SOA   ns1.vitals.example. hostmaster.vitals.example. 1 7200 3600 1209600 60
        @       IN NS    ns1.vitals.example.
        1       IN PTR   db1.vitals.example.
        """

    init() async throws {
        let directory = try TemporaryDirectory("vitals-nsd")
        port = try freePort()
        address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        try directory.write("vitals.example.zone", Self.zone + "\n")
        try directory.write("reverse.zone", Self.reverse + "\n")
        try directory.write(
            "nsd.conf",
            """
            server:
                ip-address: 127.0.0.1@\(port)
                username: ""
                chroot: ""
                zonesdir: "\(directory.path)"
                pidfile: ""
                xfrdfile: ""
                zonelistfile: "\(directory.file("zone.list"))"
                xfrdir: "\(directory.path)"
                database: ""
                server-count: 1
            remote-control:
                control-enable: no
            zone:
                name: vitals.example
                zonefile: vitals.example.zone
            zone:
                name: 2.0.192.in-addr.arpa
                zonefile: reverse.zone
            zone:
                name: broken.example
                zonefile: missing.zone
            """)
        server = try await RunningServer(
            ["nsd", "-d", "-c", directory.file("nsd.conf")], in: directory, listeningOn: port)
    }

    /// Settings for a resolver that asks this server, with this `resolv.conf`, and knows no hosts file.
    func settings(_ resolv: String, in directory: TemporaryDirectory) throws -> ResolverSettings {
        var settings = ScriptedNameServer.settings([address])
        settings.resolvPath = try directory.write("resolv.conf", resolv)
        return settings
    }
}
