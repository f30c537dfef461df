/// The characters of a condition, up to where what is being read may go.
struct ConditionScanner {
    let scalars: [Unicode.Scalar]
    var position = 0
    var end: Int

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        end = scalars.count
    }

    var next: Unicode.Scalar? { position < end ? scalars[position] : nil }
    var isAtEnd: Bool { position >= end }
    /// From 1.
    var column: Int { position + 1 }

    func error(_ message: String, at column: Int? = nil) -> ConditionError {
        ConditionError(column: column ?? self.column, message: message)
    }

    /// What was written from here to there, without the blanks around it.
    func text(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    /// For a message: a few words from here.
    var found: String {
        isAtEnd ? "the end" : "`\(text(position..<end).trimmed.shown(upTo: 30))`"
    }

    func isBlank(at position: Int) -> Bool {
        position < end && (scalars[position] == " " || (0x09...0x0D).contains(scalars[position].value))
    }

    func afterBlanks(_ position: Int) -> Int {
        var position = position
        while isBlank(at: position) { position += 1 }
        return position
    }

    mutating func skipBlanks() {
        position = afterBlanks(position)
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Whether `word` stands here with an end, a blank or a parenthesis after it.
    func holds(word: String, at position: Int) -> Bool {
        guard let after = afterText(word, at: position) else { return false }
        return after >= end || isBlank(at: after) || scalars[after] == "("
    }

    /// Where it goes on after `text`, if that stands here.
    func afterText(_ text: String, at position: Int) -> Int? {
        let sought = Array(text.unicodeScalars)
        guard position + sought.count <= end,
            scalars[position..<position + sought.count].elementsEqual(sought)
        else { return nil }
        return position + sought.count
    }

    mutating func take(word: String) -> Bool {
        let start = afterBlanks(position)
        guard holds(word: word, at: start) else { return false }
        position = start + word.unicodeScalars.count
        return true
    }

    /// An operator with blanks around it; `position` is after the blanks before it.
    func comparison(at position: Int) -> Comparison? {
        guard position > 0, isBlank(at: position - 1) else { return nil }
        return Comparison.allCases.first { candidate in
            afterText(candidate.rawValue, at: position).map(isBlank) ?? false
        }
    }

    /// Whether what is written may end here: nothing follows that could belong to it.
    func isEnd(at position: Int) -> Bool {
        let next = afterBlanks(position)
        guard next < end, scalars[next] != ")" else { return true }
        guard next > position else { return false }
        return comparison(at: next) != nil || holds(word: "and", at: next) || holds(word: "or", at: next)
    }

    /// What stands in quotes here: `\"` is a quote and `\\` a backslash; before anything else a backslash is
    /// one.
    mutating func quoted() throws(ConditionError) -> String {
        let start = column
        position += 1
        var text = String.UnicodeScalarView()
        while let scalar = next {
            position += 1
            if scalar == "\"" { return String(text) }
            if scalar == "\\", let after = next, after == "\"" || after == "\\" {
                text.append(after)
                position += 1
            } else {
                text.append(scalar)
            }
        }
        throw error("a quote that is never closed", at: start)
    }

    /// Past the quotes that begin here, if they end.
    func afterQuotes(at position: Int) -> Int? {
        var copy = self
        copy.position = position
        guard copy.next == "\"", (try? copy.quoted()) != nil else { return nil }
        return copy.position
    }
}
