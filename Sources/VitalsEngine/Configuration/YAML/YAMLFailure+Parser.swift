import Yams

extension YAMLFailure {
    /// What the parser found wrong in `text`. Its messages never quote the text, which may hold secrets.
    init(_ error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let position = TextPosition(mark)
            let line = Self.line(position.line, of: text)
            let isTab = line.unicodeScalars.dropFirst(position.column - 1).first == "\t"
            let scope = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
            let said = "not valid YAML: \(problem)\(scope)"
            self.init(isTab ? "a tab stands here; indent with spaces" : said, at: position)
        case .reader(let problem, let offset, _, _):
            self.init("not valid YAML: \(problem)", at: offset.map { Self.position(of: $0, in: text) })
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(duplicate: keys.first ?? "", first: TextPosition(context.mark), in: text)
        default:
            self.init("not valid YAML", at: nil)
        }
    }

    /// The parser tells where the key stands first; a block of keys has the second in the same column
    /// further down.
    private init(duplicate key: String, first: TextPosition, in text: String) {
        let name = ShownText.quoted(key)
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let indent = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indent)
            let isKey = ["\(key):", "\"\(key)\":", "'\(key)':"].contains { rest.hasPrefix($0) }
            if number > first.line, indent == first.column - 1, isKey {
                let second = TextPosition(line: number, column: first.column)
                self.init("the key \(name) is already on line \(first.line); keep one of them", at: second)
                return
            }
        }
        self.init("the key \(name) is written twice; keep one of them", at: first)
    }

    private static func line(_ number: Int, of text: String) -> Substring {
        let lines = text.split(
            maxSplits: number, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return number >= 1 && number <= lines.count ? lines[number - 1] : ""
    }

    /// - Parameter offset: in characters.
    private static func position(of offset: Int, in text: String) -> TextPosition {
        var line = 1
        var column = 1
        for character in text.prefix(offset) {
            column = character.isNewline ? 1 : column + character.unicodeScalars.count
            line += character.isNewline ? 1 : 0
        }
        return TextPosition(line: line, column: column)
    }
}

extension TextPosition {
    /// Values that were parsed always have a mark.
    init(_ mark: Mark?, file: Int = 0) {
        self.init(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}
