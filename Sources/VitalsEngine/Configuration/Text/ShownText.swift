/// How what a person wrote is shown to her again: short, on one line, and without a password.
enum ShownText {
    /// Unicode scalars.
    private static let maximumLength = 80
    /// What follows these may be a secret.
    private static let openings = ["://", "whsec_"]

    /// In quotation marks.
    static func quoted(_ text: String) -> String {
        "\"\(escaped(cut(text)))\""
    }

    /// `systems[0]` and `checks` give `systems[0].checks`; a key that is no plain word stands in brackets.
    static func path(_ parent: String, key: String) -> String {
        let isWord = (1...64).contains(key.utf8.count) && key.utf8.allSatisfy(isWordByte)
        guard isWord else { return "\(parent)[\(quoted(key))]" }
        return parent.isEmpty ? key : "\(parent).\(key)"
    }

    /// `` `a`, `b` and `c` ``
    static func list(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
    }

    private static func cut(_ text: String) -> String {
        var end = text.endIndex
        for opening in openings {
            if let range = text.firstRange(of: opening), range.upperBound < end {
                end = range.upperBound
            }
        }
        let kept = text[..<end].unicodeScalars.prefix(maximumLength)
        let isWhole = kept.endIndex == text.unicodeScalars.endIndex
        return String(kept) + (isWhole ? "" : "…")
    }

    private static func escaped(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": shown.append(contentsOf: "\\n".unicodeScalars)
            case "\t": shown.append(contentsOf: "\\t".unicodeScalars)
            case _ where isUnseen(scalar): shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }

    /// Control characters and those that turn the direction of a line.
    static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || "_-".utf8.contains(byte)
    }
}
