/// What a plugin printed: a line for people, perhaps more of them, and after bars the figures.
///
///     TEXT | figures
///     more text
///     more text | figures
///     figures
package struct PluginOutput: Sendable, Equatable {
    /// The first line's text.
    package let message: String
    package let vitals: [Vital]
    /// Figures that could not be read, or were too many.
    package let refused: Int

    /// Total: reads whatever bytes there are.
    package init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let (first, figures) = Self.split(lines.first ?? "")
        message = Self.trimmed(first)
        var perfdata = Perfdata()
        perfdata.read(figures)
        var isText = true
        for line in lines.dropFirst() {
            if isText {
                let parts = Self.split(line)
                isText = line.utf8.count == parts.text.utf8.count
                perfdata.read(parts.figures)
            } else {
                perfdata.read(line)
            }
        }
        vitals = perfdata.vitals
        refused = perfdata.refused
    }

    private static func split(_ line: Substring) -> (text: Substring, figures: Substring) {
        guard let bar = line.firstIndex(of: "|") else { return (line, "") }
        return (line[..<bar], line[line.index(after: bar)...])
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
