import ArgumentParser
import VitalsCore
import VitalsEngine

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Probes a target once and says what was found.",
        discussion: """
            The target is a URL: postgres://user:password@host:5432/database, https://host/path, \
            tcp://host:port.

            Exit status, as Nagios plugins have it: 0 it passed, 1 it serves only in part, 2 it failed, 3 \
            it could not be told, or something is ours to mend (a password, a name, a certificate, the \
            command itself).
            """)

    @Argument(help: "What to probe.")
    var target: String

    @Flag(name: .long, help: "Print one JSON object instead of a line for people.")
    var json = false

    @Option(name: .long, help: "The deadline for everything: 500ms, 5s, 1m.")
    var timeout = "5s"

    func run() async throws {
        let code = try await Compose.withNetwork { network in
            do {
                let deadline = try DurationArgument.timeout(timeout)
                let probe = try Compose.probe(target, network)
                for warning in probe.warnings {
                    StandardError.write("warning: \(warning)")
                }
                let result = await Compose.start(probe, on: network, timeout: deadline)
                let report = CheckReport(target: probe.address, kind: probe.kind, result: result)
                print(json ? report.json.text : report.text)
                return report.exitCode
            } catch let error as TargetError {
                StandardError.write("vitals check: \(error.message)")
                return 3
            }
        }
        throw ExitCode(code)
    }
}
