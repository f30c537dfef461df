/// The name of an XML text's root and the texts of the elements right under it: as much of XML 1.0 as answers
/// of object stores have. Whatever could make little text stand for much (a document type, entities of its
/// own) is refused, and so is what is too deep.
struct XMLOutline: Sendable, Equatable {
    let root: String
    /// By their names, of several of one name the first.
    private(set) var texts: [String: String] = [:]

    /// Why a text is none.
    struct Refusal: Error, Equatable {
        let offset: Int
    }

    static let deepest = 16
    private static let mostTexts = 64

    /// - Throws: where it cannot go on.
    init(parsing bytes: [UInt8]) throws(Refusal) {
        var scanner = XMLScanner(bytes)
        var open: [String] = []
        var root: String?
        var texts: [String: String] = [:]
        var text: [UInt8] = []
        while let piece = try scanner.next() {
            switch piece {
            case .text(let bytes):
                // Of what stands deeper nothing is kept.
                if open.count == 2 { text += bytes }
                if open.isEmpty, bytes.contains(where: { !XMLScanner.isBlank($0) }) { throw scanner.refusal }
            case .start(let name, let isEmpty):
                guard root == nil || !open.isEmpty, open.count < Self.deepest else { throw scanner.refusal }
                root = root ?? name
                open.append(name)
                if open.count == 2 { text = [] }
                guard isEmpty else { continue }
                if open.count == 2, texts.count < Self.mostTexts, texts[name] == nil { texts[name] = "" }
                open.removeLast()
            case .end(let name):
                guard open.last == name else { throw scanner.refusal }
                if open.count == 2, texts.count < Self.mostTexts, texts[name] == nil {
                    texts[name] = String(decoding: text, as: UTF8.self)
                }
                open.removeLast()
            }
        }
        guard let root, open.isEmpty else { throw scanner.refusal }
        self.root = root
        self.texts = texts
    }

    subscript(name: String) -> String? { texts[name] }
}

/// Takes an XML text apart, piece after piece.
private struct XMLScanner {
    enum Piece {
        case text([UInt8])
        case start(String, isEmpty: Bool)
        case end(String)
    }

    private let bytes: [UInt8]
    private var index = 0
    private static let longestName = 128

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    var refusal: XMLOutline.Refusal { XMLOutline.Refusal(offset: index) }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...10).contains(byte) || byte == 13 }

    mutating func next() throws(XMLOutline.Refusal) -> Piece? {
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else { return .text(try text()) }
            if take("<?") {
                try skip(past: "?>")
            } else if take("<!--") {
                try skip(past: "-->")
            } else if take("<![CDATA[") {
                let start = index
                try skip(past: "]]>")
                return .text(Array(bytes[start..<index - 3]))
            } else if take("</") {
                let name = try name()
                skipBlanks()
                guard take(">") else { throw refusal }
                return .end(name)
            } else {
                index += 1
                return try start()
            }
        }
        return nil
    }

    private mutating func start() throws(XMLOutline.Refusal) -> Piece {
        let name = try name()
        while true {
            skipBlanks()
            if take("/>") { return .start(name, isEmpty: true) }
            if take(">") { return .start(name, isEmpty: false) }
            _ = try self.name()
            skipBlanks()
            guard take("=") else { throw refusal }
            skipBlanks()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'")
            else { throw refusal }
            let quote = bytes[index]
            guard let end = bytes[(index + 1)...].firstIndex(of: quote) else { throw refusal }
            index = end + 1
        }
    }

    /// Up to the next mark, what is escaped in its own form.
    private mutating func text() throws(XMLOutline.Refusal) -> [UInt8] {
        var text: [UInt8] = []
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
            if bytes[index] == UInt8(ascii: "&") {
                text += Array(String(try reference()).utf8)
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
        return text
    }

    private mutating func reference() throws(XMLOutline.Refusal) -> Character {
        let rest = bytes[index...].prefix(12)
        guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { throw refusal }
        let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
        let character: Character? =
            switch name {
            case "amp": "&"
            case "lt": "<"
            case "gt": ">"
            case "quot": "\""
            case "apos": "'"
            case _ where name.hasPrefix("#x"): Self.scalar(name.dropFirst(2), 16)
            case _ where name.hasPrefix("#"): Self.scalar(name.dropFirst(1), 10)
            default: nil
            }
        guard let character else { throw refusal }
        index = end + 1
        return character
    }

    private static func scalar(_ digits: Substring, _ radix: Int) -> Character? {
        guard digits.first != "+", digits.first != "-" else { return nil }
        guard let value = UInt32(digits, radix: radix), value > 0 else { return nil }
        return Unicode.Scalar(value).map { Character($0) }
    }

    private mutating func name() throws(XMLOutline.Refusal) -> String {
        let start = index
        while index < bytes.count, isOfName(bytes[index]) { index += 1 }
        guard (1...Self.longestName).contains(index - start) else { throw refusal }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private func isOfName(_ byte: UInt8) -> Bool {
        !Self.isBlank(byte) && byte > 32 && !"<>/=\"'&!?".utf8.contains(byte)
    }

    private mutating func skipBlanks() {
        while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
    }

    private mutating func take(_ mark: String) -> Bool {
        guard bytes[index...].starts(with: mark.utf8) else { return false }
        index += mark.utf8.count
        return true
    }

    private mutating func skip(past mark: String) throws(XMLOutline.Refusal) {
        let mark = Array(mark.utf8)
        while index + mark.count <= bytes.count {
            if bytes[index...].starts(with: mark) {
                index += mark.count
                return
            }
            index += 1
        }
        throw refusal
    }
}
