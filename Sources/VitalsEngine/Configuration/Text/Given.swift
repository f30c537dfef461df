/// One value as somebody gave it, with each `${NAME}` replaced.
struct Given: Equatable {
    /// What is meant. If there are variables, no part of it may be shown.
    let text: String
    /// What was written, with `${NAME}` standing there still.
    let raw: String
    /// The names put in, each once.
    let variables: [String]
    /// Where their values stand, as offsets into the UTF-8 of `text`.
    let places: [Range<Int>]

    init(text: String, raw: String, variables: [String], places: [Range<Int>]) {
        self.text = text
        self.raw = raw
        self.variables = variables
        self.places = places
    }

    init(_ text: String) {
        self.init(text: text, raw: text, variables: [], places: [])
    }

    /// Whether what is meant is what was written, so that it may be shown.
    var isVerbatim: Bool { variables.isEmpty }

    /// What was written, for a message.
    var quoted: String { ShownText.quoted(raw) }
}
