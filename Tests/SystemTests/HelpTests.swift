import Foundation
import Testing
import VitalsCore
import VitalsTesting

@testable import vitals

@Suite("Help", .oneOfAFew)
struct HelpTests {
    private static func run(
        _ command: [String], in folder: URL, environment: [String: String] = [:]
    ) async throws -> (exitCode: Int32, output: String) {
        let output = folder.appending(path: UUID().uuidString).path
        let process = try ChildProcess(
            command, in: folder.path, environment: environment, output: output, asUnprivileged: false)
        let exitCode = try await process.waitForExit()
        return (exitCode, try String(contentsOfFile: output, encoding: .utf8))
    }

    @Test("the manual page is one that man, groff and mandoc find nothing to say about")
    func manual() async throws {
        try await Stage.run { stage in
            let folder = try stage.makeFolder()
            let page = try await VitalsProgram.run(["man"], on: stage)
            #expect(page.exitCode == 0 && page.errors == "")
            let path = folder.appending(path: "vitals.1").path
            try Data(page.output.utf8).write(to: URL(filePath: path))
            let groff = try await Self.run(["groff", "-man", "-Tutf8", "-ww", "-z", path], in: folder)
            #expect(groff.exitCode == 0 && groff.output == "", "\(groff)")
            let mandoc = try await Self.run(["mandoc", "-T", "lint", "-W", "warning", path], in: folder)
            #expect(mandoc.exitCode == 0 && mandoc.output == "", "\(mandoc)")
            let read = try await Self.run(
                ["mandoc", "-T", "utf8", "-O", "width=110", path], in: folder)
            let text = read.output.replacing(/.\u{8}/, with: "")
            for part in [
                "vitals import gatus <path> [options]", "vitals check <target> [options]",
                "--timeout timeout", "Default: 5s.", "NO_COLOR", "vitals config validate [options]",
                "--log-level log-level", "One of debug, info, notice, warning, error.",
            ] {
                #expect(text.contains(part), "\(part) is not in\n\(text)")
            }
            #expect(!text.contains("vitals man"))
        }
    }

    @Test(
        "letters of roff stay letters",
        arguments: [
            (".x", "\\&.x"), ("'[A] == b'", "\\(aq[A] == b\\(aq"), ("a\\n", "a\\en"), ("--x", "\\-\\-x"),
            ("é", "\\[u00E9]"), ("\"q\"", "\\(dqq\\(dq"),
        ])
    func escaping(text: String, roff: String) {
        #expect(ManualPage.escaped(text) == roff)
    }

    /// What bash offers, asked as it asks itself.
    private static let asking = """
        source ./vitals.bash
        COMP_WORDS=("$@")
        COMP_CWORD=$(( $# - 1 ))
        COMP_LINE="$*"
        COMP_POINT=${#COMP_LINE}
        COMP_TYPE=9
        $(complete -p vitals | sed 's/.*-F \\([^ ]*\\).*/\\1/') vitals "${COMP_WORDS[COMP_CWORD]}" \
          "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """

    @Test(
        "bash completes commands, options, words and what the kinds of check know",
        arguments: [
            (["vitals", ""], ["serve", "check", "status", "config", "import"]),
            (["vitals", "st"], ["status"]),
            (["vitals", "config", ""], ["validate", "schema"]), (["vitals", "import", "g"], ["gatus"]),
            (["vitals", "status", "--"], ["--url", "--token", "--all", "--json", "--timeout"]),
            (["vitals", "serve", "--log-format", ""], ["text", "json"]),
            (["vitals", "serve", "--log-level", "w"], ["warning"]),
            (["vitals", "check", "postg"], ["postgres://", "postgresql://"]),
            (["vitals", "check", "icmp://h", "--set", "fam"], ["family=any", "family=ip4", "family=ip6"]),
            (["vitals", "serve", "--config", "vit"], ["vitals.yaml"]),
        ])
    func bash(words: [String], offers: [String]) async throws {
        try await Stage.run { stage in
            let folder = try stage.makeFolder()
            let script = try await VitalsProgram.run(["--generate-completion-script", "bash"], on: stage)
            try #require(script.exitCode == 0)
            try Data(script.output.utf8).write(to: folder.appending(path: "vitals.bash"))
            try Data().write(to: folder.appending(path: "vitals.yaml"))
            try Data().write(to: folder.appending(path: "vitals.txt"))
            let path = URL(filePath: VitalsProgram.path).deletingLastPathComponent().path
            let found = try await Self.run(
                ["bash", "--norc", "-c", Self.asking, "bash"] + words, in: folder,
                environment: ["PATH": "\(path):/usr/bin:/bin"])
            let lines = Set(found.output.split(whereSeparator: \.isNewline).map { $0.filter { $0 != " " } })
            for offer in offers { #expect(lines.contains(offer), "\(offer) is not in \(found.output)") }
            #expect(!lines.contains("vitals.txt"))
        }
    }

    @Test("every option says what it is, and each with a value its default")
    func options() throws {
        let tree = try ManCommand.commands()
        func check(_ command: JSON, _ name: String) {
            // That is swift-argument-parser's own.
            guard command.member("commandName")?.string != "help" else { return }
            for argument in command.member("arguments")?.items ?? [] {
                let text = argument.member("abstract")?.string ?? ""
                let option = argument.member("valueName")?.string ?? ""
                #expect(!text.isEmpty, "\(name) \(option) says nothing")
                guard argument.member("kind")?.string == "option" else { continue }
                let isRepeated = argument.member("isRepeating") == .bool(true)
                let isOptional = argument.member("isOptional") == .bool(true)
                let hasDefault =
                    argument.member("defaultValue")?.string != nil || text.contains("efault:") || isRepeated
                #expect(
                    hasDefault || isOptional && command.member("commandName")?.string == "explain",
                    "\(name) \(option) has no default")
            }
            for sub in command.member("subcommands")?.items ?? [] {
                check(sub, "\(name) \(sub.member("commandName")?.string ?? "")")
            }
        }
        check(try #require(tree.member("command")), "vitals")
    }
}
