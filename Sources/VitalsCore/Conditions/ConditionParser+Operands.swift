extension ConditionParser {
    private static let functions = ["len", "has", "pat", "any", "matches"]

    /// One side of a comparison.
    mutating func operand(isInChoice: Bool = false) throws(ConditionError) -> Operand {
        scanner.skipBlanks()
        let start = scanner.position
        let content = try content(isInChoice: isInChoice)
        return Operand(
            content: content, text: scanner.text(start..<scanner.position).trimmed, column: start + 1)
    }

    private mutating func content(isInChoice: Bool) throws(ConditionError) -> Operand.Content {
        guard let next = scanner.next else { throw scanner.error("found the end, expected a value") }
        if next == "[" {
            let subject = try self.subject()
            try ConditionRules.checkStandsAlone(subject, at: scanner.column)
            return .subject(subject)
        }
        // Quotes inside a longer text are a part of it.
        if next == "\"", let after = scanner.afterQuotes(at: scanner.position),
            isInChoice ? scanner.afterBlanks(after) >= scanner.end : scanner.isEnd(at: after)
        {
            return .literal(Literal(try scanner.quoted(), isQuoted: true))
        }
        for name in Self.functions {
            guard let argument = scanner.afterText("\(name)(", at: scanner.position) else { continue }
            return try function(name, at: argument, isInChoice: isInChoice)
        }
        return try literal(isInChoice: isInChoice)
    }

    private mutating func literal(isInChoice: Bool) throws(ConditionError) -> Operand.Content {
        try refuseUnknownFunction()
        let start = scanner.position
        if isInChoice {
            scanner.position = scanner.end
        } else {
            var depth = 0
            while let scalar = scanner.next {
                if scalar == "(" { depth += 1 }
                if scalar == ")" {
                    if depth == 0, groups > 0 { break }
                    depth -= 1
                }
                if scanner.isBlank(at: scanner.position), isLiteralOver() { break }
                scanner.position += 1
            }
        }
        let text = scanner.text(start..<scanner.position).trimmed
        guard !text.isEmpty else { throw scanner.error("found \(scanner.found), expected a value") }
        return .literal(Literal(text))
    }

    private func isLiteralOver() -> Bool {
        let next = scanner.afterBlanks(scanner.position)
        guard next < scanner.end else { return true }
        return scanner.comparison(at: next) != nil || scanner.holds(word: "and", at: next)
            || scanner.holds(word: "or", at: next)
    }

    /// `length([BODY])` is no text that anybody means.
    private func refuseUnknownFunction() throws(ConditionError) {
        let rest = scanner.scalars[scanner.position..<scanner.end]
        let word = rest.prefix { Character($0).isLetter }
        guard !word.isEmpty, rest.dropFirst(word.count).starts(with: "([".unicodeScalars) else { return }
        let name = String(String.UnicodeScalarView(word))
        let nearest = NearestName.to(name, among: Self.functions)
        let meant = nearest.map { "did you mean `\($0)`?" } ?? "there are len, has, pat, any and matches"
        throw scanner.error("unknown function `\(name.shown(upTo: 30))`; \(meant)")
    }
}

extension ConditionParser {
    private mutating func function(
        _ name: String, at start: Int, isInChoice: Bool
    ) throws(ConditionError) -> Operand.Content {
        let opening = scanner.column
        scanner.position = start
        if name == "len" || name == "has" { return try function(ofSubject: name) }
        guard let end = argumentEnd(isInChoice: isInChoice) else {
            throw scanner.error("`\(name)(` without a `)` after it", at: opening)
        }
        defer { scanner.position = end + 1 }
        if name == "any" {
            guard !isInChoice else { throw scanner.error("`any` stands in no other `any`", at: opening) }
            return .any(try choices(upTo: end))
        }
        let column = scanner.column
        let text = try argument(upTo: end)
        if name == "pat" { return .glob(Glob(text)) }
        do throws(PatternError) {
            return .pattern(try Pattern(parsing: text))
        } catch {
            throw scanner.error("in matches(), character \(error.column): \(error.message)", at: column)
        }
    }

    private mutating func function(ofSubject name: String) throws(ConditionError) -> Operand.Content {
        scanner.skipBlanks()
        guard scanner.next == "[" else {
            throw scanner.error("found \(scanner.found), expected what \(name)() asks for, like [BODY].name")
        }
        let column = scanner.column
        let subject = try self.subject()
        scanner.skipBlanks()
        guard scanner.take(")") else { throw scanner.error("found \(scanner.found), expected `)`") }
        guard name == "len" else { return .presence(subject) }
        try ConditionRules.checkHasLength(subject, at: column)
        return .length(subject)
    }

    /// The parenthesis that ends an argument. Those inside it are balanced; failing that, it is the last one.
    private func argumentEnd(isInChoice: Bool) -> Int? {
        var depth = 0
        var position = scanner.position
        while position < scanner.end {
            let scalar = scanner.scalars[position]
            let opensItem = position == scanner.afterBlanks(scanner.position) || isAfterComma(position)
            if opensItem, let after = scanner.afterQuotes(at: position) {
                position = after
                continue
            }
            if scalar == "\\" { position += 1 }
            if scalar == "(" { depth += 1 }
            if scalar == ")" {
                let isEnd = isInChoice ? position == scanner.end - 1 : scanner.isEnd(at: position + 1)
                if depth == 0, isEnd { return position }
                depth = max(0, depth - 1)
            }
            position += 1
        }
        let last = scanner.scalars[..<scanner.end].lastIndex { $0 != " " }
        return last.flatMap { scanner.scalars[$0] == ")" && $0 >= scanner.position ? $0 : nil }
    }

    private func isAfterComma(_ position: Int) -> Bool {
        var before = position - 1
        while before > scanner.position, scanner.isBlank(at: before) { before -= 1 }
        return before >= scanner.position && scanner.scalars[before] == ","
    }

    /// As it stands, or what stands in quotes.
    private mutating func argument(upTo end: Int) throws(ConditionError) -> String {
        let start = scanner.afterBlanks(scanner.position)
        if let after = scanner.afterQuotes(at: start), scanner.afterBlanks(after) == end {
            scanner.position = start
            return try scanner.quoted()
        }
        return scanner.text(scanner.position..<end)
    }

    /// What stands between commas, of which those in quotes and parentheses are no ends.
    private mutating func choices(upTo end: Int) throws(ConditionError) -> [Operand] {
        let whole = scanner.end
        defer { scanner.end = whole }
        var choices: [Operand] = []
        repeat {
            scanner.end = end
            scanner.end = choiceEnd()
            let column = scanner.column
            choices.append(try operand(isInChoice: true))
            scanner.skipBlanks()
            guard scanner.isAtEnd else {
                throw scanner.error("found \(scanner.found), expected `,` or `)`", at: column)
            }
            scanner.position += 1
        } while scanner.position <= end
        return choices
    }

    private func choiceEnd() -> Int {
        var position = scanner.afterBlanks(scanner.position)
        position = scanner.afterQuotes(at: position) ?? position
        var depth = 0
        while position < scanner.end {
            let scalar = scanner.scalars[position]
            if scalar == ",", depth == 0 { break }
            if scalar == "(" { depth += 1 }
            if scalar == ")" { depth = max(0, depth - 1) }
            position += 1
        }
        return position
    }
}
