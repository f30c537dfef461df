/// Where the server listens, as written: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, `:8080`.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A name or a literal, IPv6 without brackets.
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// No host stands for every IPv4 interface.
    init(_ given: Given) throws(Complaint) {
        let example = "write host:port, as in 127.0.0.1:8080 or [::1]:8080"
        guard let colon = given.text.lastIndex(of: ":") else {
            throw Complaint("\(given.quoted) has no port; \(example)")
        }
        let written = given.text[..<colon]
        let digits = given.text[given.text.index(after: colon)...]
        guard Self.isNumber(digits), let port = Int(digits), port <= 65_535 else {
            throw Complaint("\(given.quoted) has no port from 0 to 65535; \(example)")
        }
        guard let host = Self.host(written) else {
            throw Complaint("\(given.quoted) has no host that can be listened on; \(example)")
        }
        self.init(host: host, port: port)
    }

    /// Reads one given on the command line.
    ///
    /// - Throws: what was found and what was meant.
    package static func argument(_ text: String, of flag: String) throws(TargetError) -> ListenAddress {
        do {
            return try ListenAddress(Given(text))
        } catch {
            throw TargetError("\(flag): \(error.message)")
        }
    }

    private static func host(_ written: Substring) -> String? {
        if written.isEmpty { return "0.0.0.0" }
        if written.hasPrefix("["), written.hasSuffix("]") {
            let inner = written.dropFirst().dropLast()
            return isIPv6(inner) ? String(inner) : nil
        }
        let isName = written.utf8.allSatisfy {
            ASCII.isLetter($0) || ASCII.isDigit($0) || "-.".utf8.contains($0)
        }
        guard isName, written.utf8.count <= 253, written.first != ".", written.first != "-" else {
            return nil
        }
        let isNumeric = written.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: ".") }
        return !isNumeric || isIPv4(written) ? written.lowercased() : nil
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { isNumber($0) && Int($0) ?? 256 < 256 }
    }

    /// Its letters only; the system has the last word.
    private static func isIPv6(_ text: Substring) -> Bool {
        let isHexadecimal = text.utf8.allSatisfy { byte in
            ASCII.isDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
        }
        return isHexadecimal && text.utf8.count <= 45
            && text.split(separator: ":", omittingEmptySubsequences: false).count > 2
    }

    private static func isNumber(_ text: Substring) -> Bool {
        (1...5).contains(text.utf8.count) && text.utf8.allSatisfy(ASCII.isDigit)
    }
}
