/// One value as somebody gave it, with each `${NAME}` replaced.
struct Given: Equatable {
    /// What is meant. If there are variables, no part of it may be shown.
    let text: String
    /// What was written, with `${NAME}` standing there still.
    let raw: String
    /// The names put in, each once.
    let variables: [String]

    init(text: String, raw: String, variables: [String]) {
        self.text = text
        self.raw = raw
        self.variables = variables
    }

    init(_ text: String) {
        self.init(text: text, raw: text, variables: [])
    }

    /// Whether what is meant is what was written, so that it may be shown.
    var isVerbatim: Bool { variables.isEmpty }

    /// What was written, for a message.
    var quoted: String { ShownText.quoted(raw) }
}
