import Yams

/// Refuses texts whose aliases would cost the parser itself too much.
///
/// The parser shares an anchored value between its aliases, so that even a "billion laughs" is small until
/// it is walked (which `YAMLComposer` bounds). But it hashes keys, and frees nested values recursively: a
/// key that is or holds an alias, or a long chain of anchors, must be found before it is parsed. So the
/// text is parsed once with every `*` replaced by a character that means nothing, and judged by the tree
/// without aliases that this gives.
enum AliasGuard {
    private static let neutral: Unicode.Scalar = "\u{2217}"

    static func check(_ text: String) throws(YAMLFailure) {
        guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else { return }
        var neutralised = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            neutralised.append(scalar == "*" ? neutral : scalar)
        }
        let failure: YAMLFailure?
        do {
            let parser = try Parser(yaml: String(neutralised), resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else { return }
            var anchors = 0
            failure = Self.failure(in: root, depth: 0, anchors: &anchors)
            // Nodes refer to their anchors weakly: the parser holds them.
            withExtendedLifetime(parser) {}
        } catch {
            throw YAMLFailure(error, in: text)
        }
        if let failure { throw failure }
    }

    private static func failure(in node: Yams.Node, depth: Int, anchors: inout Int) -> YAMLFailure? {
        let position = TextPosition(node.mark)
        anchors += node.anchor == nil ? 0 : 1
        guard anchors <= YAMLComposer.maximumAnchors else {
            return YAMLFailure("holds more than \(YAMLComposer.maximumAnchors) anchors", at: position)
        }
        guard depth < YAMLComposer.maximumDepth else {
            return YAMLFailure("is nested deeper than \(YAMLComposer.maximumDepth) levels", at: position)
        }
        switch node {
        case .scalar, .alias:
            return nil
        case .sequence(let sequence):
            for item in sequence {
                if let failure = failure(in: item, depth: depth + 1, anchors: &anchors) { return failure }
            }
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard case .scalar(let scalar) = key, scalar.string.unicodeScalars.first != neutral else {
                    return YAMLFailure("a key must be text", at: TextPosition(key.mark))
                }
                anchors += scalar.anchor == nil ? 0 : 1
                if let failure = failure(in: value, depth: depth + 1, anchors: &anchors) { return failure }
            }
        }
        return nil
    }
}
