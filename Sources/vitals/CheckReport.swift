import VitalsCore
import VitalsEngine

/// What `vitals check` says of one run: to people, to monitoring systems that know the Nagios plugins, and to
/// programs.
struct CheckReport {
    /// The target without its secrets.
    let target: String
    let kind: ProbeKind
    let result: ProbeResult

    /// 0 it passed, 1 it serves in part, 2 it failed, 3 nothing can be said or something is ours to mend.
    var exitCode: Int32 {
        switch causeClass {
        case nil: 0
        case .partial: 1
        case .target: 2
        case .config, .self: 3
        }
    }

    /// One line for people and, after a bar, for monitoring systems; then what may help, if something may.
    var text: String {
        let line = "\(status) \(subject): \(finding) | \(performance)"
        return hint.map { "\(line)\n\(Self.plain($0))" } ?? line
    }

    /// `{"target","kind","outcome","cause","class","phase","message","latency_ms","phases_ms","facts",
    /// "vitals"}`
    var json: JSON {
        let fault = result.fault
        return [
            "target": .string(target),
            "kind": .string(kind.name),
            "outcome": .string((causeClass?.outcome ?? .pass).rawValue),
            "cause": JSON(fault?.cause.rawValue),
            "class": JSON(causeClass?.rawValue),
            "phase": JSON(fault?.phase.rawValue),
            "message": JSON(fault?.message),
            "latency_ms": JSON(milliseconds: result.latency),
            "phases_ms": result.phasesJSON,
            "facts": result.facts.json,
            "vitals": .array(result.vitals.map(\.json)),
        ]
    }

    /// What one run alone can tell: nothing is known of an earlier pass.
    private var causeClass: CauseClass? {
        result.fault.map { $0.cause.causeClass(in: $0.phase, isDatabase: kind.isDatabase, hasPassed: false) }
    }

    /// The words of the Nagios plugins, which go with the exit codes.
    private var status: String {
        switch exitCode {
        case 0: "OK"
        case 1: "WARNING"
        case 2: "CRITICAL"
        default: "UNKNOWN"
        }
    }

    private var subject: String {
        Self.plain(target.contains("://") ? target : "\(kind.name) \(target)")
    }

    private var finding: String {
        let findings = Self.plain(highlights.joined(separator: ", "))
        guard let fault = result.fault else {
            let answer = "answered in \(Self.rounded(result.latency)) ms"
            return findings.isEmpty ? answer : "\(answer) (\(findings))"
        }
        let code = fault.code.map { " (\($0))" } ?? ""
        return Self.plain("\(fault.cause.rawValue) in \(fault.phase.rawValue): \(fault.message)\(code)")
    }

    /// The facts that a person looks for first.
    private var highlights: [String] {
        var highlights: [String] = []
        if case .text(let version) = result.facts[.serverVersion] {
            highlights.append(kind.name == "postgres" ? "PostgreSQL \(version)" : version)
        }
        if case .text(let role) = result.facts[.role] { highlights.append(role) }
        if case .number(let status) = result.facts[.httpStatus] { highlights.append("HTTP \(status)") }
        if case .text(let version) = result.facts[.tlsProtocol] { highlights.append(version) }
        if case .number(let days) = result.facts[.certificateDaysLeft] {
            highlights.append("certificate ends in \(days) \(days == 1 ? "day" : "days")")
        }
        return highlights
    }

    /// `label=value[unit];warning;critical;minimum`, parted by blanks; no label is given twice.
    private var performance: String {
        var values = ["latency=\(Self.exact(result.latency))ms;;;0"]
        values += result.phases.map { "\($0.phase.rawValue)=\(Self.exact($0.duration))ms;;;0" }
        if case .number(let days) = result.facts[.certificateDaysLeft] {
            values.append("certificate_days_left=\(days);;;")
        }
        return values.joined(separator: " ")
    }

    private var hint: String? {
        result.fault.flatMap { CheckHint.text(for: $0, kind: kind) }
    }

    /// Milliseconds to the microsecond: `12.3`.
    private static func exact(_ duration: Duration) -> String {
        let microseconds = max(0, duration.microseconds)
        let fraction = String(1_000 + microseconds % 1_000).dropFirst()
        var text = "\(microseconds / 1_000).\(fraction)"
        while text.last == "0" { text.removeLast() }
        return text.last == "." ? String(text.dropLast()) : text
    }

    /// Milliseconds as people read them, to about three digits.
    private static func rounded(_ duration: Duration) -> String {
        let step: Int64 =
            switch duration {
            case .milliseconds(100)...: 1_000
            case .milliseconds(10)...: 100
            default: 10
            }
        return exact(.microseconds((duration.microseconds + step / 2) / step * step))
    }

    /// On one line, and without the bar after which the figures come.
    private static func plain(_ text: String) -> String {
        String(
            text.map { character in
                character == "|" ? "/" : character.isNewline || character == "\t" ? " " : character
            })
    }
}
