import VitalsEngine

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

    /// Whether it is this machine: a name that nobody else can own.
    var isLoopback: Bool { Loopback.contains(text) }
}
