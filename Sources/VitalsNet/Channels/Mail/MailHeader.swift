import FoundationEssentials
import VitalsCore

/// One header of a mail, as it goes over the wire (RFC 5322, 2.2; RFC 2047). Whatever text it is made of, it
/// is one header: only printable ASCII passes, and line ends are only those that fold it.
struct MailHeader: Sendable, Equatable {
    /// With the line end that closes it.
    let text: String

    /// A text of people's: plain where it may be, else in encoded words.
    init(_ name: StaticString, text value: String) {
        let value = Self.cleaned(value)
        let isPlain =
            value.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !value.contains("=?")
            && "\(name): ".utf8.count + value.utf8.count <= Self.lineLength && value == Self.trimmed(value)
        guard !isPlain else {
            text = "\(name): \(value)\r\n"
            return
        }
        let words = Self.encodedWords(value, firstIndent: "\(name): ".utf8.count)
        text = "\(name): \(words.joined(separator: "\r\n "))\r\n"
    }

    /// Mailboxes, one a line.
    init(_ name: StaticString, _ mailboxes: [Mailbox]) {
        let shown = mailboxes.map { box -> String in
            guard let person = box.name.map(Self.cleaned) else { return box.address.text }
            let isPhrase =
                person.utf8.count < Self.lineLength / 2 && person.utf8.allSatisfy(Self.isLetterOrDigit)
            let words = Self.encodedWords(person, firstIndent: "\(name): ".utf8.count)
            return "\(isPhrase ? person : words.joined(separator: "\r\n ")) <\(box.address.text)>"
        }
        text = "\(name): \(shown.joined(separator: ",\r\n "))\r\n"
    }

    /// What a program wrote for programs: anything but letters, digits and a few marks is left out.
    init(_ name: StaticString, token value: String) {
        let marks = "<>@.-_+/;=:, ".utf8
        let kept = value.utf8.filter { Self.isLetterOrDigit($0) || marks.contains($0) }
        text = "\(name): \(String(decoding: kept, as: UTF8.self))\r\n"
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// As people would set it in a terminal of old; a line with an encoded word may have 76 (RFC 2047, 2).
    private static let lineLength = 76
    /// `=?UTF-8?B?` and `?=`.
    private static let wordFrame = 12
    private static let longest = 512

    /// One line without control characters, and no longer than anybody would read.
    private static func cleaned(_ value: String) -> String {
        Printable.prefix(Printable.text(value), bytes: longest)
    }

    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    /// Each with whole characters of Unicode only (RFC 2047, 5).
    private static func encodedWords(_ value: String, firstIndent: Int) -> [String] {
        var words: [String] = []
        var chunk: [UInt8] = []
        var room = bytes(inLineOf: lineLength - firstIndent)
        for scalar in value.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if chunk.count + bytes.count > room {
                words.append(word(chunk))
                chunk = []
                room = Self.bytes(inLineOf: lineLength - 1)
            }
            chunk += bytes
        }
        return words + [word(chunk)]
    }

    /// How many bytes fit when each three of them become four.
    private static func bytes(inLineOf length: Int) -> Int {
        max(4, (length - wordFrame) / 4 * 3)
    }

    private static func word(_ bytes: [UInt8]) -> String {
        "=?UTF-8?B?\(Data(bytes).base64EncodedString())?="
    }
}
