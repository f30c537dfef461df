/// A Swift file as the rules see it: every line once as code (comments and the insides of strings blanked)
/// and once as comment (all else dropped).
struct SourceFile: Sendable {
    /// From the root of the repository: `Sources/VitalsCore/Model/Run.swift`.
    let path: String
    let lines: [String]
    let code: [String]
    let comments: [String]

    private let text: String

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var reader = SourceReader(text)
        reader.read()
        code = reader.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        comments = reader.comments.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether a word stands anywhere in it, in code, comment or string.
    func mentions(_ word: String) -> Bool { text.mentions(word) }

    var isTest: Bool { path.hasPrefix("Tests/") || path.hasPrefix("Fuzz/") }

    /// The target it belongs to: the folder under `Sources` or `Tests`.
    var target: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    /// The file's name without folder and ending.
    var name: String {
        String(path.split(separator: "/").last ?? "").replacing(".swift", with: "")
    }
}

/// Tells code from comments and strings, byte by byte; keeps every line where it was.
private struct SourceReader {
    private enum Mode { case code, lineComment, blockComment, string }

    private(set) var codeBytes: [UInt8] = []
    private(set) var commentBytes: [UInt8] = []
    private let text: [UInt8]
    private var position = 0
    private var mode = Mode.code
    /// How the string that is being read ends: `"`, `"""`, `"#`, ...
    private var stringEnd: [UInt8] = []
    private var blockDepth = 0

    private static let quotes = Array("\"\"\"".utf8)
    private static let lineComment = Array("//".utf8)
    private static let blockBegin = Array("/*".utf8)
    private static let blockEnd = Array("*/".utf8)
    private static let interpolation = Array("\\(".utf8)
    private static let lineBreak = UInt8(ascii: "\n")

    init(_ text: String) {
        self.text = Array(text.utf8)
    }

    var code: String { String(decoding: codeBytes, as: UTF8.self) }
    var comments: String { String(decoding: commentBytes, as: UTF8.self) }

    mutating func read() {
        while position < text.count {
            switch mode {
            case .code: readCode()
            case .lineComment: readLineComment()
            case .blockComment: readBlockComment()
            case .string: readString()
            }
        }
    }

    private func starts(with expected: [UInt8], at offset: Int = 0) -> Bool {
        let from = position + offset
        guard from + expected.count <= text.count else { return false }
        for (index, byte) in expected.enumerated() where text[from + index] != byte { return false }
        return true
    }

    private mutating func take(_ count: Int = 1, code isCode: Bool, comment isComment: Bool = false) {
        for _ in 0..<count where position < text.count {
            let byte = text[position]
            codeBytes.append(byte == Self.lineBreak || isCode ? byte : UInt8(ascii: " "))
            if byte == Self.lineBreak || isComment { commentBytes.append(byte) }
            position += 1
        }
    }

    private mutating func readCode() {
        var hashes = 0
        while position + hashes < text.count, text[position + hashes] == UInt8(ascii: "#") { hashes += 1 }
        if starts(with: Self.lineComment) {
            mode = .lineComment
        } else if starts(with: Self.blockBegin) {
            mode = .blockComment
            blockDepth = 1
            take(2, code: false, comment: true)
        } else if starts(with: Self.quotes, at: hashes) {
            beginString(quotes: Self.quotes, hashes: hashes)
        } else if starts(with: [UInt8(ascii: "\"")], at: hashes) {
            beginString(quotes: [UInt8(ascii: "\"")], hashes: hashes)
        } else {
            take(max(1, hashes), code: true)
        }
    }

    private mutating func beginString(quotes: [UInt8], hashes: Int) {
        stringEnd = quotes + Array(repeating: UInt8(ascii: "#"), count: hashes)
        mode = .string
        take(hashes + quotes.count, code: true)
    }

    private mutating func readLineComment() {
        if text[position] == Self.lineBreak { mode = .code }
        take(code: false, comment: true)
    }

    private mutating func readBlockComment() {
        if starts(with: Self.blockEnd) {
            blockDepth -= 1
            if blockDepth == 0 { mode = .code }
            take(2, code: false, comment: true)
        } else if starts(with: Self.blockBegin) {
            blockDepth += 1
            take(2, code: false, comment: true)
        } else {
            take(code: false, comment: true)
        }
    }

    /// Interpolated code counts as part of the string: it is short, and no rule needs to see it.
    private mutating func readString() {
        let isRaw = stringEnd.last == UInt8(ascii: "#")
        if starts(with: stringEnd) {
            mode = .code
            take(stringEnd.count, code: true)
        } else if !isRaw, starts(with: Self.interpolation) {
            skipInterpolation()
        } else if !isRaw, text[position] == UInt8(ascii: "\\") {
            take(2, code: false)
        } else if text[position] == Self.lineBreak, stringEnd.count < 3 {
            mode = .code
            take(code: true)
        } else {
            take(code: false)
        }
    }

    private mutating func skipInterpolation() {
        take(1, code: false)
        var depth = 0
        repeat {
            if text[position] == UInt8(ascii: "(") { depth += 1 }
            if text[position] == UInt8(ascii: ")") { depth -= 1 }
            take(code: false)
        } while depth > 0 && position < text.count
    }
}
