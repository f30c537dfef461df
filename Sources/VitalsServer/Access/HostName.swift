/// A host as written in a `Host` header or an address to listen on, without its port.
struct HostName: Sendable, Equatable {
    /// Lower case; an IPv6 literal without its brackets.
    let text: String

    /// - Parameter authority: `name`, `name:port`, `[::1]`, `[::1]:port` or a bare IPv6 literal.
    init(_ authority: String) {
        let lower = authority.lowercased()
        if lower.first == "[" {
            text = String(lower.dropFirst().prefix { $0 != "]" })
        } else if lower.filter({ $0 == ":" }).count == 1 {
            text = String(lower.prefix { $0 != ":" })
        } else {
            text = lower
        }
    }

    /// Whether it is `localhost` or a loopback literal (127.0.0.0/8, ::1): a name that nobody else can own.
    var isLoopback: Bool {
        text == "localhost" || text == "::1" || text == "0:0:0:0:0:0:0:1" || isLoopbackIPv4
    }

    /// Strict dotted decimal, as browsers write it: anything else is a name, which somebody may own.
    private var isLoopbackIPv4: Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.first == "127" else { return false }
        return parts.allSatisfy { part in
            (1...3).contains(part.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && UInt8(part) != nil
        }
    }
}
