import VitalsCore
import VitalsEngine

/// Whom an ICMP probe pings, and how.
struct EchoProbeSettings: Sendable, Equatable {
    /// A name or an address.
    var host: String
    /// Echo requests, from 1 on.
    var count = 3
    /// From one to the next; less where the deadline is near.
    var interval = Duration.milliseconds(200)
    /// Bytes after the header, from 16 on: that is what it takes to know our own.
    var payload = 56
    /// So many of a hundred may be lost; nothing: all but one.
    var maximumLoss: Int?
    /// By which kind of address it is reached.
    var family = IPFamily.any

    static let counts = 1...100
    static let payloads = 16...65_000

    /// - Parameter text: `db1.example.com`, `192.0.2.1`, `2001:db8::1`, with or without `icmp://` before it.
    init(parsing text: String) throws(TargetError) {
        let rest = text.lowercased().hasPrefix("icmp://") ? String(text.dropFirst(7)) : text
        if rest.utf8.contains(UInt8(ascii: ":")), let address = IPAddressText.normal(rest) {
            host = address
            return
        }
        let (host, port) = try HostAndPort.parse(rest)
        guard port == nil else { throw TargetError("a ping knows no port: expected a host alone") }
        self.host = host
    }

    /// Each part in a place of its own, so that no two settings share a text.
    var identity: String {
        let loss = maximumLoss.map { "\($0)" } ?? "-"
        return "icmp \(host) \(count) \(interval.microseconds) \(payload) \(loss) \(family.rawValue)"
    }
}
