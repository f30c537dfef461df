/// Where certificates or a key are to be had, as PEM.
enum PEMSource: Sendable, Hashable {
    /// Read when it is needed, and again from time to time.
    case file(String)
    case text(String)

    /// What holds the mark of PEM is the text itself, anything else a path.
    init(_ written: String) {
        self = written.contains("-----BEGIN ") ? .text(written) : .file(written)
    }

    /// As it was written; may be a secret.
    var written: String {
        switch self {
        case .file(let path): path
        case .text(let text): text
        }
    }

    /// For messages: never the text itself.
    var shown: String {
        switch self {
        case .file(let path): path
        case .text: "the settings"
        }
    }
}
