import Glibc
import VitalsEngine

/// Names as they are asked for: also those that are no host's.
enum DNSName {
    /// The name in normal form (lower case, no dot at the end); the root, written `.`, is the empty text.
    ///
    /// - Parameter kind: for `ptr`, an address stands for the name that belongs to it.
    static func parse(_ text: String, for kind: DNSKind) throws(TargetError) -> String {
        if kind == .ptr, let name = reverse(text) { return name }
        guard !text.isEmpty else { throw TargetError("no name to ask for") }
        let name = HostName.normal(text)
        guard !name.isEmpty else { return "" }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy({ (1...63).contains($0.count) }),
            name.utf8.allSatisfy(isAllowed)
        else { throw TargetError("“\(Printable.text(text))” is no name that can be asked for") }
        return name
    }

    /// Whatever is seen, but what a zone file would take for something else.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\"")
    }

    /// `1.2.0.192.in-addr.arpa` of an address (RFC 1035, 3.5; RFC 3596, 2.5); nothing if it is none.
    private static func reverse(_ address: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, address, &bytes) == 1 {
            return bytes.prefix(4).reversed().map { "\($0)" }.joined(separator: ".") + ".in-addr.arpa"
        }
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return nil }
        let digits = bytes.reversed().flatMap { [$0 & 15, $0 >> 4] }
        return digits.map { String($0, radix: 16) }.joined(separator: ".") + ".ip6.arpa"
    }
}
