/// A Swift file as the rules see it: every line once as code (comments and the insides of strings blanked)
/// and once as comment (all else dropped).
struct SourceFile: Sendable {
    /// From the root of the repository: `Sources/VitalsCore/Model/Run.swift`.
    let path: String
    let lines: [String]
    let code: [String]
    let comments: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var reader = SourceReader(text)
        reader.read()
        code = reader.code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        comments = reader.comments.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    var isTest: Bool { path.hasPrefix("Tests/") }

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

/// Tells code from comments and strings, character by character; keeps every line where it was.
private struct SourceReader {
    private enum Mode { case code, lineComment, blockComment, string }

    private(set) var code = ""
    private(set) var comments = ""
    private let text: [Character]
    private var position = 0
    private var mode = Mode.code
    /// How the string that is being read ends: `"`, `"""`, `"#`, ...
    private var stringEnd = ""
    private var blockDepth = 0

    init(_ text: String) {
        self.text = Array(text)
    }

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

    private func starts(with expected: String, at offset: Int = 0) -> Bool {
        let from = position + offset
        return from + expected.count <= text.count
            && text[from..<from + expected.count].elementsEqual(expected)
    }

    private mutating func take(_ count: Int = 1, code isCode: Bool, comment isComment: Bool = false) {
        for _ in 0..<count where position < text.count {
            let character = text[position]
            let isBreak = character == "\n"
            code.append(isBreak || isCode ? character : " ")
            if isBreak || isComment { comments.append(character) }
            position += 1
        }
    }

    private mutating func readCode() {
        let hashes = text[position...].prefix { $0 == "#" }.count
        if starts(with: "//") {
            mode = .lineComment
        } else if starts(with: "/*") {
            mode = .blockComment
            blockDepth = 1
            take(2, code: false, comment: true)
        } else if starts(with: "\"\"\"", at: hashes) {
            beginString(quotes: "\"\"\"", hashes: hashes)
        } else if starts(with: "\"", at: hashes) {
            beginString(quotes: "\"", hashes: hashes)
        } else {
            take(max(1, hashes), code: true)
        }
    }

    private mutating func beginString(quotes: String, hashes: Int) {
        stringEnd = quotes + String(repeating: "#", count: hashes)
        mode = .string
        take(hashes + quotes.count, code: true)
    }

    private mutating func readLineComment() {
        if text[position] == "\n" { mode = .code }
        take(code: false, comment: true)
    }

    private mutating func readBlockComment() {
        if starts(with: "*/") {
            blockDepth -= 1
            if blockDepth == 0 { mode = .code }
            take(2, code: false, comment: true)
        } else if starts(with: "/*") {
            blockDepth += 1
            take(2, code: false, comment: true)
        } else {
            take(code: false, comment: true)
        }
    }

    /// Interpolated code counts as part of the string: it is short, and no rule needs to see it.
    private mutating func readString() {
        if starts(with: stringEnd) {
            mode = .code
            take(stringEnd.count, code: true)
        } else if starts(with: "\\("), !stringEnd.hasSuffix("#") {
            skipInterpolation()
        } else if starts(with: "\\"), !stringEnd.hasSuffix("#") {
            take(2, code: false)
        } else if text[position] == "\n", stringEnd.count < 3 {
            mode = .code
            take(code: true)
        } else {
            take(code: false)
        }
    }

    private mutating func skipInterpolation() {
        var depth = 0
        repeat {
            if text[position] == "(" { depth += 1 }
            if text[position] == ")" { depth -= 1 }
            take(code: false)
        } while depth > 0 && position < text.count || text[position - 1] == "\\"
    }
}
