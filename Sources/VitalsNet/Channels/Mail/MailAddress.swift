import NIOCore
import VitalsEngine

/// An address of mail (RFC 5321, 4.1.2: a dot-string at a domain), checked once: nothing in it can end a
/// command or a header.
struct MailAddress: Sendable, Hashable {
    let local: String
    /// A host name, or an address in brackets.
    let domain: String

    /// `local@domain`.
    var text: String { "\(local)@\(domain)" }

    private static let longestLocal = 64
    private static let longest = 254

    /// - Throws: what is wrong with it, the address shown.
    init(parsing text: String) throws(TargetError) {
        guard let at = text.lastIndex(of: "@") else {
            throw Self.error(text, "has no @")
        }
        local = String(text[..<at])
        domain = String(text[text.index(after: at)...])
        guard text.utf8.count <= Self.longest, local.utf8.count <= Self.longestLocal else {
            throw Self.error(text, "is too long")
        }
        let atoms = local.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isAtomText) }) else {
            throw Self.error(text, "holds before the @ what no plain address holds")
        }
        guard Self.isDomain(domain) else {
            throw Self.error(text, "has no host name after the @")
        }
    }

    private static func isDomain(_ domain: String) -> Bool {
        guard domain.hasPrefix("["), domain.hasSuffix("]") else { return HostName.isValid(domain) }
        let literal = String(domain.dropFirst().dropLast())
        let address = literal.hasPrefix("IPv6:") ? String(literal.dropFirst(5)) : literal
        guard let parsed = try? SocketAddress(ipAddress: address, port: 0) else { return false }
        return (parsed.protocol == .inet6) == literal.hasPrefix("IPv6:")
            && address.utf8.allSatisfy {
                isAtomText($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            }
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
        }
    }

    private static func error(_ text: String, _ what: String) -> TargetError {
        TargetError("“\(Printable.prefix(Printable.text(text), bytes: 80))” is no mail address: it \(what)")
    }
}

/// An address and whom it belongs to, as in a header.
struct Mailbox: Sendable, Hashable {
    let address: MailAddress
    /// What people call it; nothing: only the address is shown.
    let name: String?

    /// - Parameter text: `a@b.example`, `Ann <a@b.example>` or `"Ann" <a@b.example>`.
    init(parsing text: String) throws(TargetError) {
        guard text.hasSuffix(">"), let start = text.lastIndex(of: "<") else {
            address = try MailAddress(parsing: text)
            name = nil
            return
        }
        address = try MailAddress(parsing: String(text[text.index(after: start)...].dropLast()))
        let before = Self.trimmed(text[..<start])
        let isQuoted = before.count > 1 && before.hasPrefix("\"") && before.hasSuffix("\"")
        let name = isQuoted ? Self.trimmed(before.dropFirst().dropLast()) : before
        self.name = name.isEmpty ? nil : String(name)
    }

    /// The mailboxes of a text, parted by commas, semicolons and line ends; empty parts are nothing.
    static func list(_ text: String) throws(TargetError) -> [Mailbox] {
        var boxes: [Mailbox] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0.isNewline }) {
            let part = trimmed(part)
            if !part.isEmpty { boxes.append(try Mailbox(parsing: String(part))) }
        }
        return boxes
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
