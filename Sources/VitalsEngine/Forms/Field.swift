/// One setting of a kind of check or of channel: what may be written for it, and what it means. Of these the
/// configuration is read, the JSON Schema is written and forms on pages are made.
package struct Field: Sendable, Equatable {
    /// As in the configuration and in JSON, `snake_case`.
    package let name: String
    package let type: FieldType
    package let isRequired: Bool
    /// Never shown again once it is given.
    package let isSecret: Bool
    /// What holds when it is not written, as it would be written; nothing: there is none.
    package let usual: String?
    /// The environment variable that stands in where nothing is written: in a file or on the command line,
    /// never for what is asked for by the API. Only of a text.
    package let variable: String?
    /// One sentence for people, without a full stop.
    package let summary: String

    package init(
        _ name: String, _ type: FieldType, isRequired: Bool = false, isSecret: Bool = false,
        usual: String? = nil, variable: String? = nil, _ summary: String
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.isSecret = isSecret
        self.usual = usual
        self.variable = variable
        self.summary = summary
    }
}

/// What a setting is.
package indirect enum FieldType: Sendable, Equatable {
    /// One line of at most so many bytes.
    case text(upTo: Int)
    /// Lines of text, at most so many bytes together.
    case lines(upTo: Int)
    /// A target as its kind writes it (a URL, a DSN, host:port); read by the kind itself.
    case target
    /// An `http` or `https` URL that is called.
    case url
    /// What messages are signed with.
    case signingSecret
    case flag
    case integer(ClosedRange<Int>)
    case duration(ClosedRange<Duration>)
    /// One of these words.
    case choice([String])
    /// A list of at most so many; a single one may stand without brackets.
    case list(FieldType, upTo: Int)
    /// Names that are free, each with a text.
    case pairs(upTo: Int)
    case object([Field])
    /// Yes or no, or the settings of a yes; none of them is required.
    case option([Field])
}
