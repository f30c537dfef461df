import NIOCore

/// The names of a hosts file (hosts(5)), lower case.
struct HostsFile: Sendable, Equatable {
    private(set) var addresses: [String: [SocketAddress]] = [:]

    /// - Parameter text: lines of an address and its names; what cannot be read is passed over.
    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let first = fields.first,
                let address = try? SocketAddress(ipAddress: String(first), port: 0)
            else {
                continue
            }
            for name in fields.dropFirst() {
                addresses[HostName.normal(String(name)), default: []].append(address)
            }
        }
    }
}
