import VitalsCore

/// What `vitals status` says to people. Pure: where it stands and what time it is, is told.
struct StatusReport {
    /// How it is to look.
    struct Style: Equatable {
        /// Columns of the terminal; nothing: as wide as it gets.
        var width: Int?
        var isColoured = false
    }

    private(set) var counts: [StatusLine.Standing: Int] = [:]
    private var problems: [StatusLine] = []
    private var omitted = 0

    /// Problems that are kept to be shown; those beyond are counted.
    static let mostProblems = 10_000

    mutating func count(_ line: StatusLine) { counts[line.standing, default: 0] += 1 }

    mutating func add(_ line: StatusLine) {
        count(line)
        guard Self.isProblem(line) else { return }
        if problems.count < Self.mostProblems { problems.append(line) } else { omitted += 1 }
    }

    static func isProblem(_ line: StatusLine) -> Bool {
        [.unhealthy, .degraded, .unknown].contains(line.standing)
    }

    /// As Nagios plugins have it, for the worst that is enabled: 0 healthy, 1 degraded, 2 unhealthy, 3
    /// unknown, or nothing is watched.
    var exitCode: Int32 {
        func has(_ standing: StatusLine.Standing) -> Bool { counts[standing, default: 0] > 0 }
        if has(.unhealthy) { return 2 }
        if has(.degraded) { return 1 }
        return has(.unknown) || !has(.healthy) ? 3 : 0
    }

    /// The worst first, within one state by name.
    func problemLines(_ style: Style, at now: Timestamp) -> [String] {
        let rank = Dictionary(
            uniqueKeysWithValues: StatusLine.Standing.allCases.enumerated().map { ($1, $0) })
        let sorted = problems.sorted {
            (rank[$0.standing] ?? 0, $0.id) < (rank[$1.standing] ?? 0, $1.id)
        }
        let column = Self.column(sorted)
        let rest = omitted > 0 ? ["and \(omitted) more"] : []
        return sorted.map { Self.text(of: $0, column: column, style: style, at: now) } + rest
    }

    /// As wide as the longest name, within bounds.
    private static func column(_ lines: [StatusLine]) -> Int {
        min(40, lines.map { width(of: $0.id) }.max() ?? 0)
    }

    /// One health check on one line.
    static func text(
        of line: StatusLine, column: Int = 24, style: Style, at now: Timestamp
    ) -> String {
        let word = padded(line.standing.rawValue.uppercased(), to: 9)
        let age = line.since.map { self.age(of: $0, at: now) } ?? "-"
        let rest = [padded(plain(line.id), to: column), padded(age, to: 7), plain(line.finding)]
        let whole = "\(word)  \(rest.joined(separator: "  "))"
        let cut = trimmed(style.width.map { self.cut(whole, to: $0) } ?? whole)
        guard style.isColoured, cut.hasPrefix(line.standing.rawValue.uppercased()) else { return cut }
        let name = line.standing.rawValue.uppercased()
        return "\u{1B}[\(colour(of: line.standing))m\(name)\u{1B}[0m\(cut.dropFirst(name.count))"
    }

    /// `1 unhealthy, 12 healthy`; the states that there are none of are left out, but not `healthy`.
    var summary: String {
        let total = counts.values.reduce(0, +)
        guard total > 0 else { return "There are no health checks." }
        return StatusLine.Standing.allCases
            .filter { counts[$0, default: 0] > 0 || $0 == .healthy }
            .map { "\(counts[$0, default: 0]) \($0.rawValue)" }.joined(separator: ", ")
    }

    var countsJSON: JSON {
        JSON(
            members: StatusLine.Standing.allCases.map {
                ($0.rawValue, .integer(Int64(counts[$0, default: 0])))
            })
    }

    // MARK: Letters

    private static func colour(of standing: StatusLine.Standing) -> String {
        switch standing {
        case .unhealthy: "1;31"
        case .degraded: "33"
        case .unknown: "35"
        case .healthy: "32"
        case .disabled: "2"
        }
    }

    /// `45s`, `12m`, `3h05m`, `2d4h`; never below zero, whatever the clocks say.
    static func age(of since: Timestamp, at now: Timestamp) -> String {
        let seconds = max(0, (now.microseconds - since.microseconds) / 1_000_000)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3_600: return "\(seconds / 60)m"
        case ..<86_400:
            let minutes = seconds / 60 % 60
            return "\(seconds / 3_600)h\(minutes < 10 ? "0" : "")\(minutes)m"
        default: return "\(seconds / 86_400)d\(seconds / 3_600 % 24)h"
        }
    }

    /// What a server sends must not steer the terminal.
    private static func plain(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                shown.append(scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }

    private static func padded(_ text: String, to column: Int) -> String {
        text + String(repeating: " ", count: max(0, column - width(of: text)))
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }

    /// With an ellipsis where something is missing.
    private static func cut(_ text: String, to columns: Int) -> String {
        guard width(of: text) > columns else { return text }
        var kept = ""
        var taken = 1
        for character in text {
            taken += width(of: character)
            guard taken <= columns else { break }
            kept.append(character)
        }
        return kept + "…"
    }

    private static func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

    /// Letters of East Asia and pictures take two columns.
    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first?.value else { return 0 }
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
