import Yams

/// Makes a tree with positions of a YAML text. Bounds what aliases can make of a small file.
struct YAMLComposer {
    static let maximumDepth = 32
    /// Values and keys, each counted as often as aliases repeat it.
    static let maximumNodes = 1_000_000
    static let maximumAnchors = 100

    private let file: Int
    private var nodes = 0

    private init(file: Int) {
        self.file = file
    }

    /// The one document in `text`; nothing if there is none.
    ///
    /// - Parameter file: for the positions.
    static func compose(_ text: String, file: Int = 0) throws(YAMLFailure) -> YAMLNode? {
        try AliasGuard.check(text)
        guard let root = try parse(text) else { return nil }
        var composer = YAMLComposer(file: file)
        return try composer.node(root, depth: 0)
    }

    private static func parse(_ text: String) throws(YAMLFailure) -> Yams.Node? {
        do {
            // Without rules every scalar stays text: `off`, `1_000` and dates mean what their place says.
            return try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            throw YAMLFailure(error, in: text)
        }
    }

    private mutating func node(_ node: Yams.Node, depth: Int) throws(YAMLFailure) -> YAMLNode {
        let position = TextPosition(node.mark, file: file)
        nodes += 1
        guard nodes <= Self.maximumNodes else {
            throw YAMLFailure("holds more than \(Self.maximumNodes) values, aliases counted", at: position)
        }
        guard depth < Self.maximumDepth else {
            throw YAMLFailure("is nested deeper than \(Self.maximumDepth) levels", at: position)
        }
        switch node {
        case .scalar(let scalar):
            try refuse(tag: scalar.tag, unless: .str, at: position)
            let isPlain = scalar.style == .plain
            return YAMLNode(position: position, content: .scalar(scalar.string, isPlain: isPlain))
        case .sequence(let sequence):
            try refuse(tag: sequence.tag, unless: .seq, at: position)
            var items: [YAMLNode] = []
            for item in sequence {
                items.append(try self.node(item, depth: depth + 1))
            }
            return YAMLNode(position: position, content: .sequence(items))
        case .mapping(let mapping):
            try refuse(tag: mapping.tag, unless: .map, at: position)
            let entries = try entries(of: mapping, depth: depth)
            return YAMLNode(position: position, content: .mapping(entries))
        case .alias:
            // The parser has put the anchored value in its place already.
            throw YAMLFailure("holds an alias without an anchor", at: position)
        }
    }

    /// What is written itself, and after it what `<<` brings and what was not written.
    private mutating func entries(
        of mapping: Yams.Node.Mapping, depth: Int
    ) throws(YAMLFailure) -> [YAMLNode.Entry] {
        var own: [YAMLNode.Entry] = []
        var merged: [YAMLNode.Entry] = []
        for (key, value) in mapping {
            let position = TextPosition(key.mark, file: file)
            guard case .scalar(let scalar) = key else {
                throw YAMLFailure("a key must be text", at: position)
            }
            try refuse(tag: scalar.tag, unless: .str, at: position)
            let value = try node(value, depth: depth + 1)
            if scalar.string == "<<", scalar.style == .plain {
                merged = try mergedEntries(of: value)
            } else {
                own.append(YAMLNode.Entry(key: scalar.string, keyPosition: position, value: value))
            }
        }
        guard !merged.isEmpty else { return own }
        var keys = Set(own.map(\.key))
        return own + merged.filter { keys.insert($0.key).inserted }
    }

    private func mergedEntries(of node: YAMLNode) throws(YAMLFailure) -> [YAMLNode.Entry] {
        switch node.content {
        case .mapping(let entries):
            return entries
        case .sequence(let items):
            var all: [YAMLNode.Entry] = []
            for item in items {
                guard case .mapping(let entries) = item.content else {
                    throw YAMLFailure("only keys and values can be merged by <<", at: item.position)
                }
                all += entries
            }
            return all
        case .scalar:
            throw YAMLFailure("only keys and values can be merged by <<", at: node.position)
        }
    }

    /// A tag would promise something (`!secret`, `!include`) that nobody keeps.
    private func refuse(
        tag: Tag, unless expected: Tag.Name, at position: TextPosition
    ) throws(YAMLFailure) {
        let name = tag.rawValue
        guard ["", Tag.Name.nonSpecific.rawValue, expected.rawValue].contains(name) else {
            throw YAMLFailure(
                "the tag \(ShownText.quoted(name)) is not understood; leave it out", at: position)
        }
    }
}
