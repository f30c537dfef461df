import Glibc

/// Checks URLs that Vitals shows or calls. Its complaints never repeat one: many hold a token.
enum WebAddress {
    private static let maximumLength = 2_048

    /// A link on a page: whatever a browser may open without running it.
    static func link(_ given: Given) throws(Complaint) -> String {
        let text = given.text
        let isMail = text.lowercased().hasPrefix("mailto:") && text.contains("@")
        guard isPlain(text), isMail || authority(of: text)?.isEmpty == false else {
            throw Complaint(
                "is not a link; write a URL, as in https://wiki.example.com/orders (also http, mailto)")
        }
        return text
    }

    /// What messages are posted to.
    static func webhook(_ given: Given) throws(Complaint) -> String {
        let text = given.text
        guard isPlain(text), let authority = authority(of: text) else {
            throw Complaint("is not a URL to post to; write one, as in https://hooks.example.com/vitals")
        }
        guard !authority.contains("@") else {
            throw Complaint(
                "holds a user name; a webhook is called without (its `secret` signs what is sent)")
        }
        guard !text.contains("#") else {
            throw Complaint("holds a fragment (#…), which is never sent; leave it out, or write %23")
        }
        guard isHostAndPort(authority) else {
            throw Complaint(
                "has no host, or a port that cannot be; write it as in https://hooks.example.com/vitals")
        }
        return text
    }

    /// Under which people reach this server, without a slash at its end.
    static func own(_ given: Given) throws(Complaint) -> String {
        var text = given.text
        guard isPlain(text), let authority = authority(of: text), isHostAndPort(authority),
            !text.contains("?"), !text.contains("#")
        else {
            throw Complaint(
                "is not the address of a server; write one, as in https://status.example.com/vitals")
        }
        while text.last == "/" { text.removeLast() }
        return text
    }

    /// Printable ASCII without spaces.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= maximumLength && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Between `//` and the path; nothing for other schemes than http and https.
    private static func authority(of text: String) -> Substring? {
        for scheme in ["https://", "http://"] where text.lowercased().hasPrefix(scheme) {
            return text.dropFirst(scheme.count).prefix { !["/", "?", "#"].contains($0) }
        }
        return nil
    }

    /// As the network reads it, so that what is taken here can be called.
    private static func isHostAndPort(_ authority: Substring) -> Bool {
        var host = authority
        let end = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[end...].lastIndex(of: ":") {
            let port = authority[authority.index(after: colon)...]
            guard port.utf8.count <= 5, port.utf8.allSatisfy(ASCII.isDigit),
                (1...65_535).contains(Int(port) ?? 0)
            else { return false }
            host = authority[..<colon]
        }
        guard host.hasPrefix("["), host.hasSuffix("]") else { return isName(host) }
        var address = in6_addr()
        return inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1
    }

    private static func isName(_ host: Substring) -> Bool {
        let name = host.hasSuffix(".") ? host.dropLast() : host
        return name.utf8.count <= 253
            && name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
                (1...63).contains($0.count)
                    && $0.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "-_".utf8.contains($0) }
            }
    }
}
