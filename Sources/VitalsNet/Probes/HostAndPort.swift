import NIOCore
import VitalsEngine

/// `host:port`, `[::1]:port`, with or without the port, as written in targets.
enum HostAndPort {
    /// - Returns: the host in lower case, without the brackets of an IPv6 address; the dot at the end of a
    ///   name that is whole stays.
    static func parse(_ text: String) throws(TargetError) -> (host: String, port: Int?) {
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: "]") else { throw TargetError("no ] after the IPv6 address") }
            let host = String(text[text.index(after: text.startIndex)..<end]).lowercased()
            guard host.utf8.contains(UInt8(ascii: ":")), (try? SocketAddress(ipAddress: host, port: 0)) != nil
            else {
                throw TargetError("“\(Printable.text(host))” is no IPv6 address")
            }
            let rest = text[text.index(after: end)...]
            guard !rest.isEmpty else { return (host, nil) }
            guard rest.first == ":" else { throw TargetError("expected : and a port after the IPv6 address") }
            return (host, try port(rest.dropFirst()))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2 else {
            throw TargetError("an IPv6 address must stand in brackets: [::1]:5432")
        }
        let name = HostName.normal(String(parts[0]))
        guard HostName.isValid(name) else { throw TargetError(Self.complaint(about: name)) }
        let isWhole = parts[0].hasSuffix(".") && (try? SocketAddress(ipAddress: name, port: 0)) == nil
        let host = isWhole ? name + "." : name
        return (host, parts.count == 2 ? try port(parts[1]) : nil)
    }

    private static func port(_ text: Substring) throws(TargetError) -> Int {
        guard text.utf8.count <= 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text),
            (1...65_535).contains(port)
        else { throw TargetError("the port must be a number from 1 to 65535") }
        return port
    }

    /// What is wrong with a host. The text itself may hold a part of a password that stands in the wrong
    /// place.
    private static func complaint(about host: String) -> String {
        if host.isEmpty { return "no host" }
        if !host.utf8.allSatisfy({ $0 < 0x80 }) {
            return "the host has letters outside ASCII: write it as xn--..."
        }
        return "the host is no name and no address"
    }
}
