import ArgumentParser
import VitalsCore
import VitalsEngine
import VitalsNet

struct ConditionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conditions", abstract: "Works with conditions.", subcommands: [ExplainCommand.self])
}

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says step by step how a condition comes to its verdict.",
        discussion: """
            The answer that it is about is described by options, or asked of a target: \
            vitals conditions explain '[STATUS] == 200 and [BODY].ok == true' --status 200 --body answer.json

            Each value that is asked for and each part of the condition is a line; a part comes after what \
            it is made of, and the last line is the verdict.

            Exit status: 0 it holds, 1 it fails, 2 it is an error or there was no answer, 64 the command \
            cannot be understood, the condition included.
            """)

    @Argument(help: "The condition.")
    var condition: String

    @Option(
        name: .long, help: "A URL whose answer it is about, as of vitals check.",
        completion: Completions.targets)
    var target: String?

    @Option(name: .long, help: "The deadline for the target: 500ms, 5s, 1m.")
    var timeout = "5s"

    @OptionGroup(title: "A response that is described")
    var response: ResponseOptions

    func validate() throws {
        guard target == nil || !response.isGiven else {
            throw ValidationError("a target gives its own answer; leave out --target or what describes one")
        }
    }

    func run() async throws {
        let report: ExplainReport
        do {
            if let target {
                report = try await Compose.withNetwork { try await ask(target, $0) }
            } else {
                let read = try ConditionArgument.read(condition, nil)
                report = .explained(read.explain(on: try response.observation()))
            }
        } catch let error as TargetError {
            throw ValidationError(error.message)
        }
        print(report.text)
        throw ExitCode(report.exitCode)
    }

    /// As a run of a check with this condition alone sees it.
    private func ask(_ target: String, _ network: Network) async throws -> ExplainReport {
        let deadline = try DurationArgument.timeout(timeout)
        let form = try Compose.form(of: target, network)
        let read = try ConditionArgument.read(condition, form)
        let probe = try form.make(TargetText(target)).observing(read.needs)
        let result = await Compose.start(probe, on: network, timeout: deadline)
        guard let observation = Conditions(failing: [read]).observation(in: result) else {
            return .unanswered(result.fault)
        }
        return .explained(read.explain(on: observation)) { probe.scrubbed($0) }
    }
}
