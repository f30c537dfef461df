import NIOCore

/// The name servers of a `resolv.conf` (resolv.conf(5)). Search lists are not followed: a target's name is
/// whole.
struct ResolvFile: Sendable, Equatable {
    /// At most three, as in glibc; the local one if none is named.
    private(set) var servers: [SocketAddress] = []
    /// From the last question to giving up.
    private(set) var timeout: TimeAmount = .seconds(5)
    /// How often each server is asked.
    private(set) var attempts = 2

    private static let maximumServers = 3

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.prefix { $0 != "#" && $0 != ";" }.split(whereSeparator: \.isWhitespace).map(
                String.init)
            switch fields.first {
            case "nameserver":
                guard servers.count < Self.maximumServers, fields.count > 1,
                    let address = try? SocketAddress(ipAddress: fields[1], port: 53)
                else { continue }
                servers.append(address)
            case "options":
                fields.dropFirst().forEach { apply($0) }
            default:
                continue
            }
        }
        if servers.isEmpty, let local = try? SocketAddress(ipAddress: "127.0.0.1", port: 53) {
            servers = [local]
        }
    }

    private mutating func apply(_ option: String) {
        let parts = option.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[1]), number > 0 else { return }
        switch parts[0] {
        case "timeout": timeout = .seconds(Int64(min(number, 30)))
        case "attempts": attempts = min(number, 5)
        default: return
        }
    }
}
