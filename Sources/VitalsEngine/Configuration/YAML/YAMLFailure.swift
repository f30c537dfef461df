/// Why a text is no YAML, or YAML of a kind that no configuration needs.
struct YAMLFailure: Error, Equatable {
    /// Nothing if the place is not known.
    let position: TextPosition?
    let message: String

    init(_ message: String, at position: TextPosition?) {
        self.position = position
        self.message = message
    }
}
