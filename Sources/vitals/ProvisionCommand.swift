import ArgumentParser
import VitalsCore
import VitalsEngine
import VitalsNet

struct ProvisionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provision",
        abstract: "Prints what a database needs to be watched, or runs it.",
        discussion: """
            A role with the least rights, its grants, and the table of the write probe: for postgres://, \
            mysql://, sqlite:// and sqlserver:// targets; for redis:// the rights of a user (ACL SETUSER). \
            Nothing of it deletes or changes what is there, and twice does no harm.

            With --apply it is run as the target's own user, all of it or nothing (MySQL, MariaDB and SQL \
            Server: there it stops at the first statement that is refused); for another user \
            that is named with --for: vitals provision postgres://postgres@db1/orders --for vitals --apply

            Exit status: 0 it was printed, or run; 1 it could not be run; 3 the command cannot be understood.
            """)

    @Argument(help: "The database.", completion: Completions.targets)
    var target: String

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("The user that watches. Default: the target's own.", valueName: "user"))
    var role: String?

    @Option(
        name: .long,
        help: "The table of the write probe. Default: vitals.heartbeat, SQLite: _vitals_heartbeat.")
    var table: String?

    @Flag(name: .long, help: "Run it too.")
    var apply = false

    @Option(name: .long, help: "The deadline for running it: 500ms, 5s, 1m.")
    var timeout = "10s"

    func run() async throws {
        let code: Int32 = try await Compose.withNetwork { network in
            do {
                let deadline = try DurationArgument.timeout(timeout)
                let plan = try network.provisioning(of: target, for: role, table: table)
                guard apply else {
                    print(plan.text, terminator: "")
                    return 0
                }
                let result = await Compose.start(plan.applying, on: network, timeout: deadline)
                return report(result, of: plan)
            } catch let error as TargetError {
                StandardError.write("vitals provision: \(error.message)")
                return 3
            }
        }
        throw ExitCode(code)
    }

    private func report(_ result: ProbeResult, of plan: Provisioning) -> Int32 {
        guard let fault = result.fault else {
            print("\(plan.applying.address) is set up")
            for remark in plan.remarks { print(remark) }
            return 0
        }
        let code = fault.code.map { " (\($0))" } ?? ""
        let isUntouched = plan.isAllOrNothing || fault.phase != .write
        let what = isUntouched ? "nothing was changed" : "not all of it was run; it may be run again"
        StandardError.write(
            "vitals provision: \(what): \(fault.cause.rawValue) in \(fault.phase.rawValue): "
                + "\(fault.message)\(code)")
        return 1
    }
}
