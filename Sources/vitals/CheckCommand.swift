import ArgumentParser
import VitalsCore
import VitalsEngine

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Probes a target once and says what was found.",
        discussion: """
            The target is a URL: postgres://user:password@host:5432/database, \
            mysql://user:password@host:3306/database, redis://user:password@host:6379/0, \
            redis-sentinel://host, sqlserver://user:password@host:1433?database=name, \
            https://host/path, tcp://host:port, \
            tls://host:port, starttls://host:25, dns:name?type=MX, icmp://host, \
            sqlite:///path, d1://account/database, convex+https://name.convex.cloud, \
            s3://key:secret@host/bucket, wss://host/path, supabase://reference (with --set api_key=...), \
            or a program: 'exec:/usr/lib/nagios/plugins/check_load -w 5 -c 10'.

            What else a file may say of its kind (docs/checks.md) is said by --set: --set method=POST \
            --set 'headers.X-Token=abc' --set basic.username=me --set steps.0.send=PING. Of a list each adds \
            one item.

            What more must hold of the answer is said by conditions, as in a configuration: \
            --condition '[STATUS] == 200' --condition '[BODY].status == UP' --warn-condition \
            '[RESPONSE_TIME] < 500'. All are evaluated; one given with --condition that does not hold fails, \
            one given with --warn-condition warns.

            A database is asked questions of one's own by --collect, each an item of `collect` as in a file: \
            --collect '{name: late, query: SELECT id FROM late_orders, conditions: "[ROWS].count == 0"}'.

            Exit status, as Nagios plugins have it: 0 it passed, 1 it serves only in part, 2 it failed, 3 \
            it could not be told, or something is ours to mend (a password, a name, a certificate, the \
            command itself).
            """)

    @Argument(help: "What to probe.", completion: Completions.targets)
    var target: String

    @Flag(name: .long, help: "Print one JSON object instead of a line for people.")
    var json = false

    @Option(name: .long, help: "The deadline for everything: 500ms, 5s, 1m.")
    var timeout = "5s"

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What must hold of the answer; may be given often.", valueName: "condition"))
    var condition: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What should hold of it; may be given often.", valueName: "condition"))
    var warnCondition: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A setting of the target's kind as in a file; may be given often.", valueName: "field=value"),
        completion: Completions.settings)
    var set: [String] = []

    @Option(
        name: .long, parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A question to a database, as an item of `collect` in a file; may be given often.",
            valueName: "item"))
    var collect: [String] = []

    @Flag(name: .long, help: "Measure the target's vitals too, and judge them.")
    var vitals = false

    @Flag(
        name: .long,
        help: "Write to a database too: the write probe's row or key; for SQLite only take a writer's lock.")
    var readWrite = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The part that a database server must have: primary, replica, any. Default: any.",
            valueName: "role"),
        completion: .list(ExpectedRole.allCases.map(\.rawValue)))
    var role: String?

    /// What the shorter options stand for, and what is written out.
    private func settings(of form: ProbeForm) throws(TargetError) -> [String] {
        var settings: [String] = []
        if let role {
            guard form.fields.contains(where: { $0.name == "role" }) else {
                throw TargetError("--role is for database servers")
            }
            settings.append("role=\(role)")
        }
        if readWrite {
            let names = ["read_write", "write"]
            guard let name = names.first(where: { name in form.fields.contains { $0.name == name } }) else {
                throw TargetError("--read-write is for databases")
            }
            settings.append("\(name)=true")
        }
        return settings + set
    }

    func run() async throws {
        let code = try await Compose.withNetwork { network in
            do {
                let deadline = try DurationArgument.timeout(timeout)
                let form = try Compose.form(of: target, network)
                let conditions = Conditions(
                    failing: try ConditionArgument.read(condition, of: "--condition", form),
                    warning: try ConditionArgument.read(warnCondition, of: "--warn-condition", form))
                let questions = try Compose.questions(form, collect, network)
                let probe = try Compose.probe(form, of: target, with: settings(of: form), network)
                    .observing(conditions.needs).asking(questions)
                for warning in probe.warnings {
                    StandardError.write("warning: \(warning)")
                }
                let found = await Compose.start(
                    probe, on: network, timeout: deadline, measuring: vitals ? .all : .none)
                let result = conditions.judge(found, of: probe).judged(by: questions, of: probe)
                    .judged(by: form.rules)
                let report = CheckReport(
                    target: probe.address, kind: probe.kind, result: result, answers: found.answers)
                print(json ? report.json.text : report.text)
                return report.exitCode
            } catch let error as TargetError {
                StandardError.write("vitals check: \(error.message)")
                return 3
            } catch let error as ConfigurationError {
                for problem in error.problems {
                    let option = if case .stored = problem.place { "--set " } else { "" }
                    StandardError.write("vitals check: \(option)\(problem)")
                }
                return 3
            }
        }
        throw ExitCode(code)
    }
}
