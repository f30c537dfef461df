extension ConditionParser {
    /// `[NAME]` and its path.
    mutating func subject() throws(ConditionError) -> Subject {
        let column = scanner.column
        let name = try subjectName()
        var path: [Subject.Step] = []
        while let step = try step() { path.append(step) }
        let subject = Subject(name: name, path: path)
        try ConditionRules.check(subject, at: column)
        return subject
    }

    private mutating func subjectName() throws(ConditionError) -> Subject.Name {
        let start = scanner.column
        let rest = scanner.scalars[(scanner.position + 1)..<scanner.end]
        let word = rest.prefix { Character($0).isLetter || $0 == "_" || $0 == "-" }
        let written = String(String.UnicodeScalarView(word))
        guard !word.isEmpty, rest.dropFirst(word.count).first == "]" else {
            throw scanner.error(
                "found \(scanner.found), expected a name like [STATUS]; "
                    + "a text that begins with `[` stands in quotes"
            )
        }
        scanner.position += word.count + 2
        let upper = written.uppercased()
        if let name = Subject.Name(rawValue: upper) { return name }
        if let reason = Subject.Name.unanswered[upper] {
            throw scanner.error("[\(upper)] is not known here: \(reason)", at: start)
        }
        let names = Subject.Name.allCases.map(\.rawValue)
        let nearest = NearestName.to(written, among: names)
        let meant =
            nearest.map { "did you mean [\($0)]?" }
            ?? "there are \(names.map { "[\($0)]" }.joined(separator: ", "))"
        throw scanner.error("unknown name [\(written.shown(upTo: 30))]; \(meant)", at: start)
    }

    private mutating func step() throws(ConditionError) -> Subject.Step? {
        if scanner.take("[") { return try bracketed() }
        guard scanner.take(".") else { return nil }
        if scanner.take("[") { return try bracketed() }
        let start = scanner.position
        while let next = scanner.next, !".[)".unicodeScalars.contains(next),
            !scanner.isBlank(at: scanner.position)
        {
            if "=<>!".unicodeScalars.contains(next) {
                throw scanner.error(
                    "`\(next)` in a name; operators need blanks around them, "
                        + "and a name with it stands in [\"...\"]"
                )
            }
            scanner.position += 1
        }
        guard scanner.position > start else {
            throw scanner.error("found \(scanner.found), expected a name after the dot")
        }
        return .name(scanner.text(start..<scanner.position))
    }

    /// `[0]` or `["a name"]`, after its bracket.
    private mutating func bracketed() throws(ConditionError) -> Subject.Step {
        let start = scanner.column
        let step: Subject.Step
        if scanner.next == "\"" {
            step = .name(try scanner.quoted())
        } else {
            let digits = scanner.scalars[scanner.position..<scanner.end].prefix { ("0"..."9").contains($0) }
            guard digits.count <= 9, let index = Int(String(String.UnicodeScalarView(digits))) else {
                throw scanner.error("found \(scanner.found), expected a number from 0, or a name in quotes")
            }
            scanner.position += digits.count
            step = .index(index)
        }
        guard scanner.take("]") else { throw scanner.error("`[` without a `]` after it", at: start - 1) }
        return step
    }
}
