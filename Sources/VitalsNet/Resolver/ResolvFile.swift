import NIOCore

/// What a `resolv.conf` says (resolv.conf(5)), in so far as it concerns us.
struct ResolvFile: Sendable, Equatable {
    /// At most three, as in glibc; the local one if none is named.
    private(set) var servers: [SocketAddress] = []
    /// The domains in which a name is looked for that is not whole, in their order; lower case.
    private(set) var search: [String] = []
    /// Names with fewer dots are looked for in those domains first.
    private(set) var dots = 1
    /// From the last question to giving up.
    private(set) var timeout: TimeAmount = .seconds(5)
    /// How often each server is asked.
    private(set) var attempts = 2
    /// Whether the servers are asked by turns, rather than the first one first.
    private(set) var isRotating = false

    private static let maximumServers = 3
    private static let maximumDomains = 16

    /// - Parameter hostName: the machine's own; what follows its first dot is the domain if the file names
    ///   none.
    init(_ text: String, hostName: String = "") {
        var domains: [String]?
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.prefix { $0 != "#" && $0 != ";" }.split(whereSeparator: \.isWhitespace).map(
                String.init)
            switch fields.first {
            case "nameserver":
                guard servers.count < Self.maximumServers, fields.count > 1,
                    let address = try? SocketAddress(ipAddress: fields[1], port: 53)
                else { continue }
                servers.append(address)
            // The last one of both counts.
            case "search": domains = Array(fields.dropFirst())
            case "domain": domains = Array(fields.dropFirst().prefix(1))
            case "options":
                fields.dropFirst().forEach { apply($0) }
            default:
                continue
            }
        }
        if servers.isEmpty, let local = try? SocketAddress(ipAddress: "127.0.0.1", port: 53) {
            servers = [local]
        }
        let own = hostName.firstIndex(of: ".").map { String(hostName[hostName.index(after: $0)...]) }
        search = (domains ?? [own].compactMap(\.self)).map(HostName.normal).filter(HostName.isValid)
        search = Array(search.prefix(Self.maximumDomains))
    }

    private mutating func apply(_ option: String) {
        if option == "rotate" { isRotating = true }
        let parts = option.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[1]), number >= 0 else { return }
        switch parts[0] {
        case "ndots": dots = min(number, 15)
        case "timeout": timeout = .seconds(Int64(min(max(number, 1), 30)))
        case "attempts": attempts = min(max(number, 1), 5)
        default: return
        }
    }

    /// The names to ask for when one looks for `name`, in their order.
    ///
    /// - Parameters:
    ///   - name: in normal form.
    ///   - isWhole: whether it was written with a dot at its end, and is no part of another.
    func candidates(for name: String, isWhole: Bool) -> [String] {
        guard !isWhole, !search.isEmpty else { return [name] }
        let within = search.map { "\(name).\($0)" }.filter(HostName.isValid)
        let count = name.utf8.count { $0 == UInt8(ascii: ".") }
        return count >= dots ? [name] + within : within + [name]
    }
}
