import VitalsCore

/// Makes a manual page (man(7)) of what the commands say of themselves, so that it says the same as `--help`.
struct ManualPage {
    let version: String
    /// Of the version: `2026-11-21`.
    let released: String

    /// - Parameter tree: the description of the commands that swift-argument-parser gives.
    func text(of tree: JSON) -> String {
        guard let root = tree.member("command") else { return "" }
        let name = root.member("commandName")?.string ?? ""
        var lines = [
            ".TH \(name.uppercased()) 1 \(released) \"\(name) \(version)\" \"User Commands\"",
            ".SH NAME",
            "\(name) \\- \(Self.escaped(root.member("abstract")?.string ?? ""))",
            ".SH SYNOPSIS", ".B \(name)", ".I command", "[options]",
            ".SH DESCRIPTION",
        ]
        lines += Self.paragraphs(root.member("discussion")?.string)
        lines.append(".SH COMMANDS")
        for command in Self.commands(in: root) { lines += Self.section(command) }
        lines += Self.environment + Self.files + Self.more
        return lines.map { $0 + "\n" }.joined()
    }

    /// Those that do something, with their whole names.
    private static func commands(in command: JSON, under name: String? = nil) -> [(name: String, json: JSON)]
    {
        let subcommands = (command.member("subcommands")?.items ?? []).filter { sub in
            sub.member("shouldDisplay") != .bool(false) && sub.member("commandName")?.string != "help"
        }
        return subcommands.flatMap { sub -> [(name: String, json: JSON)] in
            let own = [name, sub.member("commandName")?.string].compactMap(\.self).joined(separator: " ")
            let below = commands(in: sub, under: own)
            return below.isEmpty ? [(own, sub)] : below
        }
    }

    private static func section(_ command: (name: String, json: JSON)) -> [String] {
        let arguments = (command.json.member("arguments")?.items ?? []).filter { argument in
            let names = argument.member("names")?.items.compactMap { $0.member("name")?.string } ?? []
            return argument.member("shouldDisplay") != .bool(false)
                && !names.contains("help") && !names.contains("version")
        }
        var lines = [".SS \(escaped("vitals \(command.name)"))"]
        let positional = arguments.filter { $0.member("kind")?.string == "positional" }
        let usage = ["vitals \(command.name)"] + positional.map { "<\(valueName(of: $0))>" } + ["[options]"]
        lines += [".nf", escaped(usage.joined(separator: " ")), ".fi", ".PP"]
        lines.append(escaped(command.json.member("abstract")?.string ?? ""))
        for argument in arguments { lines += item(argument) }
        let discussion = paragraphs(command.json.member("discussion")?.string)
        return lines + (discussion.isEmpty ? [] : [".PP"] + discussion)
    }

    private static func valueName(of argument: JSON) -> String {
        argument.member("valueName")?.string ?? argument.member("names")?.items.first?.member("name")?.string
            ?? "value"
    }

    private static func item(_ argument: JSON) -> [String] {
        let kind = argument.member("kind")?.string
        let names = (argument.member("names")?.items ?? []).compactMap { name -> String? in
            guard let text = name.member("name")?.string else { return nil }
            return (name.member("kind")?.string == "short" ? "-" : "--") + text
        }
        var head = names.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
        if kind == "option" { head += " \\fI\(escaped(valueName(of: argument)))\\fR" }
        if kind == "positional" { head = "\\fI\(escaped(valueName(of: argument)))\\fR" }
        var text = argument.member("abstract")?.string ?? ""
        if let values = argument.member("allValues")?.items.compactMap(\.string), !values.isEmpty {
            text += " One of \(values.joined(separator: ", "))."
        }
        if let usual = argument.member("defaultValue")?.string, !usual.isEmpty {
            text += " Default: \(usual)."
        }
        return [".TP", head, escaped(text)]
    }

    private static let environment = [
        ".SH ENVIRONMENT",
        ".TP", ".B VITALS_URL", "the server that vitals status asks.",
        ".TP", ".BR VITALS_TOKEN , \" API_TOKEN\"",
        "the token that it shows. API_TOKEN is also what vitals serve asks of its callers.",
        ".TP", ".BR VITALS_DSN , \" VITALS_DSN_FILE\"",
        "the database that vitals wrap looks at, or the file that says it.",
        ".TP", ".B METRICS_ADDR", "where vitals serve and vitals wrap answer /metrics to anybody.",
        ".TP", ".B NO_COLOR", "if it is set, nothing is coloured.",
        ".PP", "Those of the server are in docs/configuration.md.",
    ]

    private static let files = [
        ".SH FILES",
        ".TP", ".I vitals.yaml", "the configuration.",
        ".TP", ".I ./data", "everything that is to be remembered.",
    ]

    private static let more = [
        ".SH EXIT STATUS",
        "0 if all went well, 64 for a command that cannot be understood, else as each command says. "
            + "vitals check and vitals status end as Nagios plugins do.",
    ]

    // MARK: Letters

    /// What stands on lines of its own stays so.
    private static func paragraphs(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        var lines: [String] = []
        for paragraph in text.split(separator: "\n\n") {
            let own = paragraph.split(separator: "\n").map { escaped(String($0)) }
            if !lines.isEmpty { lines.append(".PP") }
            lines += own.count == 1 ? own : [".nf"] + own + [".fi"]
        }
        return lines
    }

    /// As text of roff: no request, no escape, and no sign turned into another one.
    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": output += "\\e"
            case "-": output += "\\-"
            case "'": output += "\\(aq"
            case "`": output += "\\(ga"
            case "^": output += "\\(ha"
            case "~": output += "\\(ti"
            case "\"": output += "\\(dq"
            case "\n", "\t": output += " "
            default: output += scalar.isASCII ? String(scalar) : "\\[u\(hexadecimal(scalar))]"
            }
        }
        return output.hasPrefix(".") ? "\\&\(output)" : output
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
