import VitalsCore

/// What happened in a run, for the reader of a failure: a few short lines, kept as they are until somebody
/// asks.
struct ProbeTrace {
    private var lines: [(after: Duration, text: String)] = []
    private static let maximumLines = 20
    private static let maximumBytes = 2_048

    mutating func note(_ text: String, after elapsed: Duration) {
        guard lines.count < Self.maximumLines else { return }
        lines.append((elapsed, text))
    }

    /// One line for each note, with the milliseconds since the start.
    func text(scrubbedBy scrubber: Scrubber) -> String {
        let text = lines.map { "\($0.after.shortText) \(Printable.text(scrubber.scrub($0.text)))" }
        return Printable.prefix(text.joined(separator: "\n"), bytes: Self.maximumBytes)
    }
}

/// Texts of others, made fit to be shown.
enum Printable {
    /// Without control characters, which could forge lines or drive a terminal.
    static func text(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) || !text.utf8.allSatisfy({ $0 < 0x80 })
        else {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory.isShown ? $0 : " " }))
    }

    /// At most so many bytes of UTF-8, cut between two characters, with a mark where it was cut.
    static func prefix(_ text: String, bytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var result = ""
        for character in text {
            guard result.utf8.count + character.utf8.count <= limit - 3 else { break }
            result.append(character)
        }
        return result + "…"
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isShown: Bool {
        switch self {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            false
        default: true
        }
    }
}

extension Duration {
    /// `5 s`, `2.5 s`, `250 ms`, `0.4 ms`.
    var shortText: String {
        let microseconds = microseconds
        let (unit, tenths) =
            microseconds >= 1_000_000
            ? ("s", (microseconds + 50_000) / 100_000) : ("ms", (microseconds + 50) / 100)
        return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
