/// What a target shows to others says what it is: every type at the top of a file, every function, every
/// function that a protocol asks for. Properties and nested types may let their names speak; what carries
/// out a protocol is described there.
struct DocumentationRule: Rule {
    let name = "documentation"

    /// Functions that a protocol asks for; whatever carries them out needs no words of its own.
    let requirements: Set<String>

    /// Asked for by protocols of the standard library and of our dependencies.
    static let known: Set<String> = [
        "run", "hash", "encode", "validate", "next", "makeAsyncIterator", "sleep", "handlerAdded",
        "handlerRemoved", "channelActive", "channelInactive", "channelRead", "channelReadComplete",
        "userInboundEventTriggered", "errorCaught", "write", "handleScheduledCallback", "enqueue",
    ]

    init(sources: [SourceFile]) {
        requirements = Self.known.union(sources.flatMap(Self.requirements).map(\.name))
    }

    func findings(in file: SourceFile) -> [(line: Int, message: String)] {
        guard !file.isTest else { return [] }
        let missing =
            Self.requirements(in: file).map { (line: $0.line, name: $0.name) }
            + declarations(in: file)
        return missing.filter { !isDocumented(line: $0.line, in: file) }
            .map { ($0.line, "\($0.name) needs a doc comment: what it is, its units, its limits") }
    }

    /// The functions inside the protocols of a file.
    private static func requirements(in file: SourceFile) -> [(line: Int, name: String)] {
        var found: [(line: Int, name: String)] = []
        var depth = 0
        var protocolDepth: Int?
        for (index, line) in file.code.enumerated() {
            if protocolDepth == nil, line.holds(word: "protocol"), line.contains("{") {
                protocolDepth = depth
            }
            if let begin = protocolDepth, depth == begin + 1, let name = functionName(in: line) {
                found.append((index + 1, name))
            }
            depth += line.count { $0 == "{" } - line.count { $0 == "}" }
            if let begin = protocolDepth, depth <= begin { protocolDepth = nil }
        }
        return found
    }

    private func declarations(in file: SourceFile) -> [(line: Int, name: String)] {
        file.code.enumerated().compactMap { index, line in
            guard line.holds(word: "package"), !line.holds(word: "import") else { return nil }
            if let name = Self.functionName(in: line) {
                let isOperator = !(name.first?.isPartOfName ?? false)
                return isOperator || requirements.contains(name) ? nil : (index + 1, name)
            }
            let words = line.split(whereSeparator: { !$0.isPartOfName }).map(String.init)
            guard !line.hasPrefix(" "), let kind = words.firstIndex(where: Self.types.contains) else {
                return nil
            }
            return kind + 1 < words.count ? (index + 1, words[kind + 1]) : nil
        }
    }

    private static func functionName(in line: String) -> String? {
        let words = line.split(separator: " ")
        guard let keyword = words.firstIndex(of: "func"), keyword + 1 < words.count else { return nil }
        return String(words[keyword + 1].prefix { $0 != "(" && $0 != "<" || $0 == words[keyword + 1].first })
    }

    private func isDocumented(line: Int, in file: SourceFile) -> Bool {
        var above = line - 2
        while above >= 0, file.code[above].drop(while: \.isWhitespace).hasPrefix("@") { above -= 1 }
        return above >= 0 && file.comments[above].hasPrefix("///")
    }

    private static let types: Set<String> = ["struct", "class", "enum", "actor", "protocol"]
}
