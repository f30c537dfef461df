import NIOCore
import VitalsCore

/// Where the runs of one probe go, and within which bounds.
struct ProbeTarget: Sendable {
    let endpoint: Endpoint
    /// By what means the run begins; the dialogue may change it.
    let transport: Transport
    /// Which addresses of a name are tried.
    let family: IPFamily
    /// So long an address may take to connect before the next one is tried beside it.
    let headStart: Duration
    let tls: TLSSettings
    /// Whether TLS begins before the first byte of the protocol; otherwise the dialogue asks for it.
    let startsWithTLS: Bool
    /// Whether the dialogue is to be told of the whole chain, even of one that is not verified.
    let wantsChain: Bool
    /// Bytes taken from the peer in one run, above TLS; beyond it the run fails as `unexpected_reply`.
    var readLimit: Int

    /// What stands between the wire and TLS; nothing: TLS is on the wire as it is.
    var tlsFraming: TLSFraming?

    /// How long parts of a run may take within its deadline.
    var limits = PhaseLimits()

    /// What conditions will ask of a run; nothing is kept for them unless they do.
    var needs: ConditionNeeds = []

    let scrubber: Scrubber
    /// The address, if the host is one and no name.
    let literal: SocketAddress?
    /// As people write it: made here once rather than in every run.
    let literalText: String?
    let literalFact: FactValue?

    /// - Parameters:
    ///   - family: default: all there are.
    ///   - headStart: default: 250 ms (RFC 8305, 5).
    ///   - tls: default: none.
    ///   - wantsChain: default: of one that is verified.
    ///   - readLimit: default: 2 MiB.
    ///   - secrets: hidden in every text that leaves a run.
    init(
        _ endpoint: Endpoint, by transport: Transport = .stream, family: IPFamily = .any,
        headStart: Duration = .milliseconds(250), tls: TLSSettings = .disabled, startsWithTLS: Bool = false,
        wantsChain: Bool = false, readLimit: Int = 2 << 20, secrets: [Secret] = []
    ) {
        precondition(readLimit > 0)
        precondition(headStart > .zero)
        precondition(!startsWithTLS || tls.mode != .disable)
        self.endpoint = endpoint
        self.transport = transport
        self.family = family
        self.headStart = headStart
        self.tls = tls
        self.startsWithTLS = startsWithTLS
        self.wantsChain = wantsChain
        self.readLimit = readLimit
        scrubber = Scrubber(secrets)
        literal = endpoint.literalAddress
        literalText = literal.map(endpoint.text)
        literalFact = literal?.ipAddress.map { .list([$0]) }
    }

    /// The same server, by the address under which it was reached: a name may stand for several.
    func reached(at address: SocketAddress) -> ProbeTarget {
        guard let host = address.ipAddress, let port = address.port else { return self }
        var tls = tls
        tls.serverName = serverName
        return ProbeTarget(
            .host(host, port: port), tls: tls, startsWithTLS: startsWithTLS, readLimit: readLimit)
    }

    /// A text that leaves a run: without secrets, without control characters, and not too long. Secrets go
    /// first, while they are still what they were.
    func shown(_ text: String, bytes limit: Int) -> String {
        Printable.prefix(Printable.text(scrubber.scrub(text)), bytes: limit)
    }

    func shown(_ value: FactValue) -> FactValue {
        switch value {
        case .text(let text): .text(shown(text, bytes: Self.maximumFact))
        case .number: value
        case .list(let items): .list(items.map { shown($0, bytes: Self.maximumFact) })
        }
    }

    private static let maximumFact = 1_024

    /// The name that the certificate must be for: given by the settings, or the host.
    var serverName: String? {
        switch endpoint {
        case .host(let host, port: _): tls.serverName ?? HostName.normal(host)
        case .machine, .nameServers, .unixSocket: tls.serverName
        }
    }
}

/// How TLS lies on the wire where it does not lie there as it is.
enum TLSFraming: Sendable, Equatable {
    /// In packets of TDS until it is agreed on.
    case tds
}

/// By what means a target is talked to.
enum Transport: Sendable, Equatable {
    /// TCP, or a Unix socket.
    case stream
    /// UDP.
    case datagram
    /// ICMP, with as many bytes after the header of each message.
    case echo(payload: Int)
}

/// What a connection is made to.
enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address; an IPv6 address stands without brackets, a name that is whole may end in a dot.
    case host(String, port: Int)
    /// The same, where there are no ports.
    case machine(String)
    /// Those that our own names are looked up at.
    case nameServers
    case unixSocket(path: String)

    /// `db1.example.com:5432`, `[::1]:5432` or the socket's path.
    var description: String {
        switch self {
        case .host(let host, let port):
            host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .machine(let host): host
        case .nameServers: "the name servers of this machine"
        case .unixSocket(let path): path
        }
    }

    /// The address that needs no resolving.
    var literalAddress: SocketAddress? {
        switch self {
        case .host(let host, let port): try? SocketAddress(ipAddress: host, port: port)
        case .machine(let host): try? SocketAddress(ipAddress: host, port: 0)
        case .nameServers: nil
        case .unixSocket(let path): try? SocketAddress(unixDomainSocketPath: path)
        }
    }

    /// The name that has to be resolved, if it is no address, and the port then.
    var name: (text: String, port: Int)? {
        switch self {
        case .host(let host, let port): (host, port)
        case .machine(let host): (host, 0)
        case .nameServers, .unixSocket: nil
        }
    }

    /// One of its addresses as people write it.
    func text(of address: SocketAddress) -> String {
        if case .machine = self { address.ipAddress ?? "?" } else { address.text }
    }
}
