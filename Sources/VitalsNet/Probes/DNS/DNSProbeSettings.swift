import VitalsEngine

/// What a DNS probe asks, whom, and what it wants to hear.
struct DNSProbeSettings: Sendable, Equatable {
    /// In normal form; the root is the empty text.
    var name: String
    var kind = DNSKind.a
    /// The server's name or address and its port; nothing: the machine's own servers.
    var server: Server?
    /// Whether TCP is used from the start. With UDP it is used for what a datagram has no room for.
    var usesTCP = false
    var expectation = DNSExpectation()
    /// By which kind of address the server is reached.
    var family = IPFamily.any

    struct Server: Sendable, Equatable {
        let host: String
        let port: Int

        static let defaultPort = 53
    }

    var question: DNSQuestion { DNSQuestion(name: name, kind: kind) }

    /// `db1.example.com A at 10.0.0.53:53`.
    var address: String {
        let asked = "\(name.isEmpty ? "." : name) \(kind.text)"
        return server == nil ? asked : "\(asked) at \(endpoint)"
    }

    var endpoint: Endpoint {
        server.map { .host($0.host, port: $0.port) } ?? .nameServers
    }

    /// Each part with its length, so that no two settings share a text.
    var identity: String {
        let parts =
            [
                "dns", name, kind.text, endpoint.description, usesTCP ? "tcp" : "udp", expectation.code.text,
                expectation.match.rawValue, family.rawValue,
            ] + expectation.records
        return parts.map { "\($0.utf8.count):\($0)" }.joined()
    }
}

extension DNSProbeSettings {
    /// Reads a name, or a URL (RFC 4501): `db1.example.com`, `dns:db1.example.com?type=MX`,
    /// `dns://10.0.0.53/db1.example.com?type=MX`.
    ///
    /// - Parameters:
    ///   - kind: what is asked for. Default: what the URL says, else `a`.
    ///   - server: `host`, `host:port`. Default: what the URL says, else the machine's own servers.
    init(
        parsing text: String, kind: DNSKind? = nil, server: String? = nil
    ) throws(TargetError) {
        var rest = text[...]
        var (written, type): (String?, DNSKind?) = (nil, nil)
        if rest.prefix(4).lowercased() == "dns:" {
            rest = rest.dropFirst(4)
            if let question = rest.firstIndex(of: "?") {
                type = try Self.type(rest[rest.index(after: question)...])
                rest = rest[..<question]
            }
            if rest.hasPrefix("//") {
                let server = rest.dropFirst(2).prefix { $0 != "/" }
                written = server.isEmpty ? nil : String(server)
                rest = rest.dropFirst(2 + server.count + 1)
            }
        }
        self.kind = kind ?? type ?? .a
        name = try DNSName.parse(String(rest), for: self.kind)
        do {
            self.server = try (server ?? written).map { text throws(TargetError) in try Self.server(text) }
        } catch {
            throw TargetError(error.message, field: server == nil ? nil : "server")
        }
    }

    private static func type(_ query: Substring) throws(TargetError) -> DNSKind {
        let pair = query.split(separator: "=", omittingEmptySubsequences: false)
        guard pair.count == 2, pair[0].lowercased() == "type", let kind = DNSKind(text: String(pair[1]))
        else { throw TargetError("expected ?type= and a kind of record, such as ?type=MX") }
        return kind
    }

    private static func server(_ text: String) throws(TargetError) -> Server {
        let isBareIPv6 = text.utf8.count { $0 == UInt8(ascii: ":") } > 1 && !text.hasPrefix("[")
        let (host, port) = try HostAndPort.parse(isBareIPv6 ? "[\(text)]" : text)
        return Server(host: host, port: port ?? Server.defaultPort)
    }
}
