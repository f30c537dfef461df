import VitalsCore

/// One import of a configuration of Gatus: goes through it once, writes down what becomes of each value, and
/// gathers what is to stand in `vitals.yaml`. Whatever nobody takes is told as having no counterpart.
struct GatusReading {
    let forms: [ProbeForm]
    let reader: ConfigurationReader
    var ledger: ImportLedger
    var ids = ImportedIDs()
    /// Group, as Gatus knows it, to its id here.
    var groups: [String: String] = [:]
    var providers: [String: GatusProvider] = [:]
    private(set) var channels: [JSON] = []
    private(set) var systems: [JSON] = []
    /// The rest, in the order of `vitals.yaml`.
    private var sections: [(String, JSON)] = []
    /// What stands in plain in the part that is read now, and is shown nowhere.
    private var secrets: [String] = []

    init(_ reader: ConfigurationReader, files: [String]) {
        self.reader = reader
        forms = reader.forms
        ledger = ImportLedger(files: files)
    }

    mutating func read(_ root: ImportSource) -> (document: JSON, report: ImportReport) {
        server(root["web"])
        alerting(root["alerting"])
        for endpoint in root["endpoints"]?.items ?? [] { self.endpoint(endpoint) }
        for endpoint in root["external-endpoints"]?.items ?? [] { externalEndpoint(endpoint) }
        connectivity(root["connectivity"])
        rest(of: root)
        let defaults: JSON = [
            "interval": "60s", "timeout": "10s", "thresholds": ["failure": 3, "success": 2],
            "confirm_every": "off",
        ]
        let members =
            [("defaults", defaults)] + sections
            + (channels.isEmpty ? [] : [("channels", .array(channels))])
            + (systems.isEmpty ? [] : [("systems", .array(systems))])
        return (JSON(members: members), ledger.report(on: root))
    }

    // MARK: What stands in the output

    mutating func add(channel: JSON) { channels.append(channel) }

    mutating func add(system: JSON) { systems.append(system) }

    mutating func add(_ name: String, _ section: JSON) { sections.append((name, section)) }

    // MARK: Values

    /// A text, with its variables marked.
    mutating func text(_ source: ImportSource?, to target: String) -> String? {
        guard let source, let text = source.text else { return nil }
        ledger.note(.carried, source, target: target)
        if ImportVariables.hasNothing(text) {
            ledger.note(
                .changed, source,
                "holds a $ before something that names no variable: Gatus puts nothing there, and so does "
                    + "this; write $$ for a dollar")
        }
        return text
    }

    /// A text that nobody is to see.
    ///
    /// - Parameter variable: the name of the one to put it in.
    mutating func secret(_ source: ImportSource?, to target: String, variable: String) -> String? {
        guard let source, let text = text(source, to: target) else { return nil }
        if !ImportVariables.hasVariable(text) { tell(plainSecret: text, in: source, variable) }
        return text
    }

    mutating func tell(plainSecret text: String, in source: ImportSource, _ variable: String) {
        secrets.append(text)
        let name = Self.variableName(variable)
        ledger.note(
            .plainSecret, source,
            "a secret in plain: put it into the environment as \(name), and write ${\(name)} in its place")
    }

    private static func variableName(_ text: String) -> String {
        let words = text.uppercased().utf8.split { !ASCII.isLetter($0) && !ASCII.isDigit($0) }
        return words.compactMap { String($0) }.joined(separator: "_")
    }

    /// Yes or no, as YAML has it.
    mutating func flag(_ source: ImportSource?, to target: String) -> Bool? {
        guard let source, let text = source.text else { return nil }
        switch text.lowercased() {
        case "true", "yes", "on", "y":
            ledger.note(.carried, source, target: target)
            return true
        case "false", "no", "off", "n":
            ledger.note(.carried, source, target: target)
            return false
        default:
            ledger.drop(source, "is neither true nor false as it stands there: say it by hand")
            return nil
        }
    }

    /// - Parameter range: what is outside is brought inside.
    mutating func number(_ source: ImportSource?, in range: ClosedRange<Int>, to target: String) -> Int? {
        guard let source, let text = source.text else { return nil }
        guard let number = Int(text) else {
            ledger.drop(source, "is no whole number as it stands there: say it by hand")
            return nil
        }
        let kept = min(max(number, range.lowerBound), range.upperBound)
        ledger.note(
            number == kept ? .carried : .changed, source, target: target,
            number == kept ? nil : "is \(kept) here, which is as far as it goes")
        return kept
    }

    /// A duration as `vitals.yaml` has it. Zero counts as not written, as it does for Gatus.
    mutating func duration(
        _ source: ImportSource?, in range: ClosedRange<Duration>, to target: String
    ) -> GatusTime? {
        guard let source, let text = source.text else { return nil }
        guard !ImportVariables.hasVariable(text) else {
            ledger.note(
                .changed, source, target: target,
                "its variable must be one whole number and one unit (ms, s, m, h) here, as in 90s")
            return GatusTime(text: text, duration: nil)
        }
        guard let written = GatusDuration.parse(text) else {
            ledger.drop(source, "is no duration of Gatus's (such as 1m30s): say it by hand")
            return nil
        }
        guard written > .zero else {
            ledger.note(.carried, source, target: target)
            return nil
        }
        let kept = min(max(written, range.lowerBound), range.upperBound)
        let shown = DurationText.shown(kept)
        ledger.note(
            written == kept ? .carried : .changed, source, target: target,
            written == kept ? nil : "is \(shown) here, which is as far as it goes")
        return GatusTime(text: shown, duration: kept)
    }

    // MARK: Whether the product takes it

    mutating func begin() { secrets = [] }

    /// Has the reader of `vitals.yaml` look at a part, and says what it would not take; nothing: all is well.
    ///
    /// - Parameter hasVariables: whether it holds any, whose values may decide it: what is wrong with it then
    ///   may not be.
    func refusal(of part: JSON) -> (message: String, hasVariables: Bool)? {
        let text = YAMLText.write(GatusImporter.written(part))
        let names = Substitution.names(in: text)
        var refusal: String?
        for value in names.isEmpty ? [""] : Self.standIns {
            let environment = Dictionary(names.map { ($0, value) }) { $1 }
            guard let message = self.refusal(of: text, environment) else { return nil }
            refusal = refusal ?? message
        }
        return refusal.map { ($0, !names.isEmpty) }
    }

    /// What may stand for a variable: if the reader takes one of them, it is well.
    private static let standIns = ["x", "1", "60s", "https://h.example.com/x", "a@h.example.com", "true"]

    private func refusal(of text: String, _ environment: [String: String]) -> String? {
        let file = ConfigurationFile(name: "vitals.yaml", text: text)
        do {
            _ = try reader.read(files: [file], environment: environment, flags: ConfigurationFlags())
            return nil
        } catch {
            let problem = error.problems[0]
            let message =
                if case .value(_, _, let path) = problem.place {
                    "\(path.split(separator: ".").last ?? ""): \(problem.message)"
                } else { problem.message }
            let isFit = !secrets.contains { $0.utf8.count >= Self.shortestSecret && message.contains($0) }
            return isFit ? message : "a secret is not such as is taken here"
        }
    }

    /// What is shorter would hide half of every message.
    private static let shortestSecret = 4
}

/// A duration as it stands in `vitals.yaml`.
struct GatusTime {
    /// Variables marked.
    let text: String
    /// Nothing: a variable says it.
    let duration: Duration?
}

/// Ids that are given away, each once.
struct ImportedIDs {
    private var taken: Set<String> = []

    /// One like the text, and like no other.
    ///
    /// - Parameters:
    ///   - domain: within which they differ: `system`.
    ///   - otherwise: tried before a number is put behind it.
    mutating func take(_ text: String, or otherwise: String? = nil, in domain: String) -> String {
        let first = Slug.made(of: ImportVariables.named(text)) ?? domain
        let second = otherwise.flatMap { Slug.made(of: ImportVariables.named($0)) }
        for candidate in [first, second].compactMap(\.self)
        where taken.insert("\(domain) \(candidate)").inserted {
            return candidate
        }
        var number = next["\(domain) \(first)"] ?? 2
        while true {
            let candidate = "\(first.prefix(Slug.maximumLength - 8))-\(number)"
            number += 1
            next["\(domain) \(first)"] = number
            if taken.insert("\(domain) \(candidate)").inserted { return candidate }
        }
    }

    /// The number after the last one tried, so that ten thousand of one name take no square of steps.
    private var next: [String: Int] = [:]
}
