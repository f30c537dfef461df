import NIOCore
import VitalsCore

/// Where the runs of one probe go, and within which bounds.
struct ProbeTarget: Sendable {
    let endpoint: Endpoint
    let tls: TLSSettings
    /// Whether TLS begins before the first byte of the protocol; otherwise the dialogue asks for it.
    let startsWithTLS: Bool
    /// Whether the dialogue is to be told of the whole chain, even of one that is not verified.
    let wantsChain: Bool
    /// Bytes taken from the peer in one run, above TLS; beyond it the run fails as `unexpected_reply`.
    let readLimit: Int

    let scrubber: Scrubber
    /// The address, if the host is one and no name.
    let literal: SocketAddress?
    /// As people write it: made here once rather than in every run.
    let literalText: String?
    let literalFact: FactValue?

    /// - Parameters:
    ///   - tls: default: none.
    ///   - wantsChain: default: of one that is verified.
    ///   - readLimit: default: 2 MiB.
    ///   - secrets: hidden in every text that leaves a run.
    init(
        _ endpoint: Endpoint, tls: TLSSettings = .disabled, startsWithTLS: Bool = false,
        wantsChain: Bool = false, readLimit: Int = 2 << 20, secrets: [Secret] = []
    ) {
        precondition(readLimit > 0)
        precondition(!startsWithTLS || tls.mode != .disable)
        self.endpoint = endpoint
        self.tls = tls
        self.startsWithTLS = startsWithTLS
        self.wantsChain = wantsChain
        self.readLimit = readLimit
        scrubber = Scrubber(secrets)
        literal = endpoint.literalAddress
        literalText = literal?.text
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
        case .host(let host, port: _): tls.serverName ?? host
        case .unixSocket: tls.serverName
        }
    }
}

/// What a connection is made to.
enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address; an IPv6 address stands without brackets.
    case host(String, port: Int)
    case unixSocket(path: String)

    /// `db1.example.com:5432`, `[::1]:5432` or the socket's path.
    var description: String {
        switch self {
        case .host(let host, let port):
            host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unixSocket(let path): path
        }
    }

    /// The address that needs no resolving.
    var literalAddress: SocketAddress? {
        switch self {
        case .host(let host, let port): try? SocketAddress(ipAddress: host, port: port)
        case .unixSocket(let path): try? SocketAddress(unixDomainSocketPath: path)
        }
    }
}
