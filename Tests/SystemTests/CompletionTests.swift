import Foundation
import Testing
import VitalsTesting

/// Shells are asked for what they offer as they would offer it; bash is in `HelpTests`.
@Suite("Completion in other shells", .oneOfAFew)
struct CompletionTests {
    /// A shell in a terminal of its own, whose offers are told instead of shown. It is ready when its editor
    /// is: before that the terminal itself takes what is typed, and takes ^U for a wish to forget it.
    private static let zsh = #"""
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D
        compadd() {
            local -a offers
            builtin compadd -O offers "$@"
            (( $#offers )) && print -rl -- "offer: "${^offers}
        }
        bindkey "^I" complete-word
        zle-line-init() { print REA""DY }
        zle -N zle-line-init'
        zpty -r -m shell line '*READY*'
        zpty -w -n shell "$1"$'\t\x15print FIN""ISHED\n'
        zpty -r -m shell line '*FINISHED*'
        print -r -- $line
        """#

    private static func run(_ command: [String], script: String, as name: String) async throws -> String {
        let output = Box<String>()
        try await Stage.run { stage in
            let folder = try stage.makeFolder()
            let written = try await VitalsProgram.run(
                ["--generate-completion-script", script], on: stage)
            try #require(written.exitCode == 0)
            try Data(written.output.utf8).write(to: folder.appending(path: name))
            try Data().write(to: folder.appending(path: "vitals.yaml"))
            let path = URL(filePath: VitalsProgram.path).deletingLastPathComponent().path
            let process = try ChildProcess(
                command, in: folder.path,
                environment: ["PATH": "\(path):/usr/bin:/bin", "HOME": folder.path, "TERM": "dumb"],
                output: folder.appending(path: "output").path, asUnprivileged: false)
            _ = try await process.waitForExit()
            output.value = try String(contentsOf: folder.appending(path: "output"), encoding: .utf8)
        }
        return try #require(output.value)
    }

    @Test(
        "zsh offers commands, options' words and what the kinds of check know",
        arguments: [
            ("vitals st", ["status"]), ("vitals config ", ["schema", "validate"]),
            ("vitals serve --log-format ", ["json", "text"]),
            ("vitals check postg", ["postgres://", "postgresql://"]),
            ("vitals check icmp://h --set fam", ["family=any", "family=ip4", "family=ip6"]),
        ])
    func zsh(line: String, offers: [String]) async throws {
        let output = try await Self.run(
            ["zsh", "-f", "-c", Self.zsh, "zsh", line], script: "zsh", as: "_vitals")
        let offered = output.split(whereSeparator: \.isNewline).compactMap { line in
            line.firstRange(of: "offer: ").map { String(line[$0.upperBound...]) }
        }
        #expect(Set(offered) == Set(offers), "\(output)")
    }

    @Test(
        "fish offers commands, options, words and files",
        arguments: [
            ("vitals st", ["status"]), ("vitals config ", ["schema", "validate"]),
            ("vitals serve --log-level w", ["warning"]),
            ("vitals status --j", ["--json"]), ("vitals serve --config vit", ["vitals.yaml"]),
        ])
    func fish(line: String, offers: [String]) async throws {
        let output = try await Self.run(
            ["fish", "--no-config", "-c", "source vitals.fish; complete -C '\(line)'"], script: "fish",
            as: "vitals.fish")
        let offered = output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
        #expect(Set(offered) == Set(offers), "\(output)")
    }
}
