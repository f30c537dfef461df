import VitalsCore
import VitalsEngine

/// What `vitals check` says of one run: to people, to monitoring systems that know the Nagios plugins, and to
/// programs.
struct CheckReport {
    /// The target without its secrets.
    let target: String
    let kind: ProbeKind
    let result: ProbeResult
    /// What became of the questions of one's own.
    var answers: [OwnAnswer] = []

    /// 0 it passed, 1 it serves in part, 2 it failed, 3 nothing can be said or something is ours to mend.
    var exitCode: Int32 { verdict.rawValue }

    /// What the run alone can tell.
    var verdict: ProbeVerdict { ProbeVerdict(result.fault, isDatabase: kind.isDatabase) }

    /// One line for people and, after a bar, for monitoring systems; then which conditions did not hold, if
    /// that line does not say it already, which questions were not answered, what could not be measured, and
    /// what may help, if something may.
    var text: String {
        let line = "\(status) \(subject): \(finding) | \(CheckFigures(result).text)"
        let rest = answers.compactMap(\.complaint) + unmeasured + (hint.map { [$0] } ?? [])
        return ([line] + broken + rest.map(Self.plain)).joined(separator: "\n")
    }

    /// `{"target","kind","outcome","cause","class","phase","message","latency_ms","phases_ms","facts",
    /// "findings","vitals","conditions","questions"}`
    var json: JSON {
        let fault = result.fault
        return [
            "target": .string(target),
            "kind": .string(kind.name),
            "outcome": .string(outcome.rawValue),
            "cause": JSON(fault?.cause.rawValue),
            "class": JSON(causeClass?.rawValue),
            "phase": JSON(fault?.phase.rawValue),
            "message": JSON(fault?.message),
            "latency_ms": JSON(milliseconds: result.latency),
            "phases_ms": result.phasesJSON,
            "facts": result.facts.json,
            "findings": .array(result.everyFinding(of: outcome).map(\.json)),
            "vitals": .array(result.vitals.map(\.json)),
            "conditions": result.conditionsJSON,
            "questions": .array(answers.map(\.json)),
        ]
    }

    private var outcome: Outcome { causeClass?.outcome ?? .pass }

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
            highlights.append(kind.name == "postgres" ? "PostgreSQL \(version)" : flavour + version)
        }
        if case .text(let role) = result.facts[.role] { highlights.append(role) }
        if case .number(let status) = result.facts[.httpStatus] { highlights.append("HTTP \(status)") }
        if case .text(let version) = result.facts[.tlsProtocol] { highlights.append(version) }
        if case .number(let days) = result.facts[.certificateDaysLeft] {
            highlights.append("certificate ends in \(days) \(days == 1 ? "day" : "days")")
        }
        if case .list(let answers) = result.facts[.answers] {
            let others = answers.count - Self.mostAnswers
            highlights += answers.prefix(Self.mostAnswers)
            if others > 0 { highlights.append("\(others) more") }
        }
        if case .number(let average) = result.facts[.roundTripAverage] {
            highlights.append("round trip \(CheckFigures.exact(.microseconds(average))) ms")
        }
        if case .number(let percent) = result.facts[.lossPercent] { highlights.append("\(percent)% lost") }
        if case .text(let output) = result.facts[.output] { highlights.append(output) }
        return highlights
    }

    /// `MariaDB `, before its version.
    private var flavour: String {
        if case .text(let flavour) = result.facts[.serverFlavour] { "\(flavour) " } else { "" }
    }

    private static let mostAnswers = 4

    /// The conditions that did not hold, a line each; none where the first line has shown the only one.
    private var broken: [String] {
        let broken = result.conditions.filter { $0.verdict != .holds }
        let isTold = result.fault.map { [.condition, .conditionWarn].contains($0.cause) } ?? false
        guard broken.count > (isTold ? 1 : 0) else { return [] }
        return broken.map { found in
            Self.plain("\(found.level == .fail ? "must hold" : "should hold"): \(found.message)")
        }
    }

    /// The vitals that could not be measured, by what stood in the way: often a right that our user lacks.
    private var unmeasured: [String] {
        var names: [(reason: String, names: [String])] = []
        for vital in result.vitals where vital.value == nil {
            guard let reason = vital.reason else { continue }
            if let index = names.firstIndex(where: { $0.reason == reason }) {
                names[index].names.append(vital.name)
            } else {
                names.append((reason, [vital.name]))
            }
        }
        return names.map { "not measured: \($0.names.joined(separator: ", ")): \($0.reason)" }
    }

    private var hint: String? {
        result.fault.flatMap { CheckHint.text(for: $0, kind: kind) }
    }

    /// Milliseconds as people read them, to about three digits.
    private static func rounded(_ duration: Duration) -> String {
        let step: Int64 =
            switch duration {
            case .milliseconds(100)...: 1_000
            case .milliseconds(10)...: 100
            default: 10
            }
        return CheckFigures.exact(.microseconds((duration.microseconds + step / 2) / step * step))
    }

    /// On one line, and without the bar after which the figures come.
    static func plain(_ text: String) -> String {
        String(
            text.map { character in
                character == "|" ? "/" : character.isNewline || character == "\t" ? " " : character
            })
    }
}
