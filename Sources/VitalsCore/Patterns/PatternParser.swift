/// Reads a regular expression.
struct PatternParser {
    private struct Flags {
        var foldsCase = false
        var isAcrossLines = false
        var isByLine = false
    }

    /// Groups inside each other.
    private static let deepest = 50
    /// Of one `{m,n}`.
    private static let mostRepetitions = 1_000

    private var scanner: PatternScanner
    private var flags = Flags()
    private var depth = 0

    init(_ text: String) throws(PatternError) {
        scanner = PatternScanner(text)
        guard scanner.count <= Pattern.longestText else {
            throw scanner.error("a pattern has at most \(Pattern.longestText) characters")
        }
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try choice()
        guard scanner.next == nil else { throw scanner.error("`)` without a `(` before it") }
        return node
    }

    private mutating func choice() throws(PatternError) -> PatternNode {
        var branches = [try sequence()]
        while scanner.take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = scanner.next, next != "|", next != ")" {
            guard let atom = try atom() else { continue }
            nodes.append(try repeated(atom))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    /// Nothing for what only sets flags.
    private mutating func atom() throws(PatternError) -> PatternNode? {
        guard let next = scanner.next else { return nil }
        switch next {
        case "(": return try group()
        case "[":
            scanner.advance()
            var set = try scanner.set()
            set.foldsCase = flags.foldsCase
            return .characters(set)
        case "*", "+", "?": throw scanner.error("nothing before `\(next)` that it could repeat")
        case "\\": return try escape()
        default: break
        }
        scanner.advance()
        switch next {
        case "^": return .assertion(flags.isByLine ? .lineStart : .textStart)
        case "$": return .assertion(flags.isByLine ? .lineEnd : .textEnd)
        case ".": return .characters(.any(isAcrossLines: flags.isAcrossLines))
        default: return literal(next)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        var one = PatternClass.one(scalar)
        one.foldsCase = flags.foldsCase
        return .characters(one)
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        let assertions: [Unicode.Scalar: PatternAssertion] = [
            "A": .textStart, "z": .textEnd, "b": .wordEdge, "B": .noWordEdge,
        ]
        if let letter = scanner.afterNext, let assertion = assertions[letter] {
            scanner.advance()
            scanner.advance()
            return .assertion(assertion)
        }
        switch try scanner.escape() {
        case .character(let scalar): return literal(scalar)
        case .set(var set):
            set.foldsCase = flags.foldsCase
            return .characters(set)
        }
    }
}

extension PatternParser {
    private mutating func group() throws(PatternError) -> PatternNode? {
        let before = flags
        let opening = scanner
        scanner.advance()
        if scanner.take("?"), try !readsOpening() { return nil }
        depth += 1
        guard depth <= Self.deepest else {
            throw scanner.error("groups stand at most \(Self.deepest) deep in each other")
        }
        let node = try choice()
        guard scanner.take(")") else { throw opening.error("`(` without a `)` after it") }
        depth -= 1
        flags = before
        return node
    }

    /// What stands after `(?`: flags, `:`, or a name, which nothing is done with.
    ///
    /// - Returns: whether a group follows; `(?i)` holds to the end of the group around it.
    private mutating func readsOpening() throws(PatternError) -> Bool {
        let isNamed = scanner.take("P") ? scanner.next == "<" : scanner.next == "<"
        if isNamed {
            scanner.advance()
            let name = scanner.takeWord()
            guard !name.isEmpty, scanner.take(">") else {
                throw scanner.error("only `(?:`, `(?i)`, `(?s)`, `(?m)` and `(?<name>` are known after `(?`")
            }
            return true
        }
        var isOn = true
        while let next = scanner.next {
            switch next {
            case "i": flags.foldsCase = isOn
            case "s": flags.isAcrossLines = isOn
            case "m": flags.isByLine = isOn
            case "-" where isOn: isOn = false
            case ":", ")":
                scanner.advance()
                return next == ":"
            default:
                throw scanner.error("only `(?:`, `(?i)`, `(?s)`, `(?m)` and `(?<name>` are known after `(?`")
            }
            scanner.advance()
        }
        throw scanner.error("`(?` without a `)` after it")
    }

    private mutating func repeated(_ node: PatternNode) throws(PatternError) -> PatternNode {
        guard let (least, most) = try repetition() else { return node }
        let isLazy = scanner.take("?")
        let second = scanner
        if try repetition() != nil {
            throw second.error("a repetition of a repetition; put the first one into a group")
        }
        return .repeated(node, atLeast: least, atMost: most, isLazy: isLazy)
    }

    /// What is no repetition is a brace.
    private mutating func repetition() throws(PatternError) -> (least: Int, most: Int?)? {
        if scanner.take("*") { return (0, nil) }
        if scanner.take("+") { return (1, nil) }
        if scanner.take("?") { return (0, 1) }
        let start = scanner
        guard scanner.take("{"), let least = scanner.takeNumber() else {
            scanner = start
            return nil
        }
        var most: Int? = least
        if scanner.take(",") { most = scanner.takeNumber() }
        guard scanner.take("}") else {
            scanner = start
            return nil
        }
        guard max(least, most ?? 0) <= Self.mostRepetitions, least <= most ?? least else {
            throw start.error("`{m,n}` takes numbers up to \(Self.mostRepetitions), the smaller one first")
        }
        return (least, most)
    }
}
