/// A piece of a YAML text and where it stands. Aliases and merge keys are already resolved.
struct YAMLNode: Sendable {
    let position: TextPosition
    let content: Content

    enum Content: Sendable {
        /// - Parameter isPlain: whether it was written without quotes, so that `~` or nothing means no value.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let key: String
        let keyPosition: TextPosition
        let value: YAMLNode
    }

    /// Whether nothing was written: `key:`, `key: ~` or `key: null`.
    var isEmpty: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null"].contains(text)
    }
}
