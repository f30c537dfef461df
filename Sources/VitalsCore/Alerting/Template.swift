/// A body of one's own: a text in which `{{system.name}}` stands for what the message says there. It has no
/// other language: whatever is put in is written so that it stays a text where it is put.
package struct Template: Sendable, Equatable {
    /// What the text around is, by its content type.
    package enum Escaping: Sendable, Equatable, CaseIterable {
        /// Between quotes of JSON.
        case json
        /// In a form or a URL.
        case percent
        /// In XML or HTML.
        case markup
        /// As it is.
        case none

        /// - Parameter contentType: `application/json; charset=utf-8`.
        package init(contentType: String) {
            let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
            self =
                if type == "application/json" || type.hasSuffix("+json") {
                    .json
                } else if type == "application/x-www-form-urlencoded" {
                    .percent
                } else if type.hasSuffix("/xml") || type.hasSuffix("+xml") || type == "text/html" {
                    .markup
                } else {
                    .none
                }
        }
    }

    private enum Piece: Sendable, Equatable {
        case text(String)
        case field(MessageField)
    }

    private let pieces: [Piece]

    /// Reads a template, once.
    package init(parsing text: String) throws(TemplateError) {
        var pieces: [Piece] = []
        var rest = Array(text.utf8)[...]
        while let start = Self.place(of: Self.opening, in: rest) {
            if start > rest.startIndex { pieces.append(.text(Self.text(rest[..<start]))) }
            let inner = rest[(start + 2)...]
            guard let end = Self.place(of: Self.closing, in: inner) else { throw .unclosed }
            let name = Self.text(inner[..<end]).filter { $0 != " " }
            guard let field = MessageField(rawValue: name) else { throw .unknown(name) }
            pieces.append(.field(field))
            rest = inner[(end + 2)...]
        }
        if !rest.isEmpty { pieces.append(.text(Self.text(rest))) }
        self.pieces = pieces
    }

    /// The text with everything put in.
    package func render(_ message: Message, _ escaping: Escaping) -> String {
        let words = MessageText(message)
        var output = ""
        for piece in pieces {
            switch piece {
            case .text(let text): output += text
            case .field(let field): output += escaping.apply(to: field.value(of: message, words))
            }
        }
        return output
    }

    private static let opening = UInt8(ascii: "{")
    private static let closing = UInt8(ascii: "}")

    /// Of the first two in a row.
    private static func place(of brace: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            if bytes[index] == brace, bytes[index + 1] == brace { return index }
            index += 1
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Why a text is no template.
package enum TemplateError: Error, Equatable {
    /// `{{` without `}}` after it.
    case unclosed
    /// No message has a field of this name.
    case unknown(String)
}

extension Template.Escaping {
    fileprivate func apply(to text: String) -> String {
        switch self {
        case .none:
            return text
        case .json:
            // Without the quotes, which the template has.
            return String(JSON.string(text).text.dropFirst().dropLast())
        case .percent:
            return Self.percentEncoded(text)
        case .markup:
            var output = ""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "&": output += "&amp;"
                case "<": output += "&lt;"
                case ">": output += "&gt;"
                case "\"": output += "&quot;"
                case "'": output += "&#39;"
                case "\t", "\n", "\r": output.unicodeScalars.append(scalar)
                // No XML may hold it in any form.
                case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": output += "\u{FFFD}"
                default: output.unicodeScalars.append(scalar)
                }
            }
            return output
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.append(byte)
            default:
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
