/// A value of a configuration that is imported, and the way to it.
struct ImportSource {
    let node: YAMLNode
    /// `endpoints[0].client.timeout`; empty for the outermost.
    let path: String
    /// Of its key, if it has one.
    let position: TextPosition

    init(_ node: YAMLNode, path: String = "", at position: TextPosition? = nil) {
        self.node = node
        self.path = path
        self.position = position ?? node.position
    }

    subscript(key: String) -> ImportSource? { entries.first { $0.key == key }?.source }

    /// Its keys and values; none if it is something else.
    var entries: [(key: String, source: ImportSource)] {
        guard case .mapping(let entries) = node.content else { return [] }
        return entries.map { entry in
            let path = ShownText.path(path, key: ImportVariables.shown(entry.key))
            return (entry.key, ImportSource(entry.value, path: path, at: entry.keyPosition))
        }
    }

    /// Its items; none if it is something else.
    var items: [ImportSource] {
        guard case .sequence(let items) = node.content else { return [] }
        return items.enumerated().map { ImportSource($0.element, path: "\(path)[\($0.offset)]") }
    }

    var children: [ImportSource] { entries.map(\.source) + items }

    /// A single value; nothing if it is empty or something else. Variables stand in it as `ImportVariables`
    /// marks them.
    var text: String? {
        guard case .scalar(let text, _) = node.content, !node.isEmpty else { return nil }
        return text
    }

    /// Whether nothing is written: no value, no key, no item.
    var isEmpty: Bool {
        switch node.content {
        case .scalar(let text, _): node.isEmpty || text.isEmpty
        case .sequence(let items): items.isEmpty
        case .mapping(let entries): entries.isEmpty
        }
    }

    func forEachBelow(_ body: (ImportSource) -> Void) {
        for child in children {
            body(child)
            child.forEachBelow(body)
        }
    }
}
