/// A file is one reading, a function one screen.
struct SizeRule: Rule {
    let name = "size"

    static let longestFile = 400
    static let longestFunction = 70
    static let longestLine = 110

    func findings(in file: SourceFile) -> [(line: Int, message: String)] {
        var found: [(line: Int, message: String)] = []
        let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
        if count > Self.longestFile {
            found.append((0, "\(count) lines; a file has at most \(Self.longestFile): split it by concern"))
        }
        for (index, line) in file.lines.enumerated() where line.count > Self.longestLine {
            found.append((index + 1, "\(line.count) columns; a line has at most \(Self.longestLine)"))
        }
        for body in FunctionBody.all(in: file) where body.length > Self.longestFunction {
            found.append(
                (body.line, "\(body.length) lines; a function has at most \(Self.longestFunction)"))
        }
        return found
    }
}

/// The body of a function, an initializer or a computed property.
struct FunctionBody: Equatable {
    /// Where its brace opens, counted from 1.
    let line: Int
    /// Lines with code between its braces; blank lines and comments do not count.
    let length: Int

    static func all(in file: SourceFile) -> [FunctionBody] {
        var found: [FunctionBody] = []
        var open: [(line: Int, isFunction: Bool)] = []
        var header: [Substring] = []
        var parentheses = 0
        for (index, line) in file.code.enumerated() {
            var rest = line.startIndex
            for position in line.utf8.indices {
                switch line.utf8[position] {
                case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
                case UInt8(ascii: "{"):
                    header.append(line[rest..<position])
                    open.append((index, parentheses == 0 && header.contains(where: declaresFunction)))
                    if parentheses == 0 { (header, rest) = ([], position) }
                case UInt8(ascii: "}"):
                    if let last = open.popLast(), last.isFunction {
                        let inside = file.code[min(last.line + 1, index)..<index]
                        let length = inside.count { !$0.allSatisfy(\.isWhitespace) }
                        found.append(FunctionBody(line: last.line + 1, length: length))
                    }
                    if parentheses == 0 { (header, rest) = ([], position) }
                default: break
                }
            }
            header.append(line[rest...])
        }
        return found
    }

    /// Whether a line of the text between the last brace and this one declares what the brace opens as a
    /// function.
    private static func declaresFunction(_ line: Substring) -> Bool {
        let line = String(line)
        return ["func", "init", "deinit", "subscript"].contains { line.holds(word: $0) }
            || (line.contains(":") && !line.contains("=") && line.holds(word: "var"))
    }
}
