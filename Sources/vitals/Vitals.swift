import ArgumentParser
import Glibc

/// The command line. One file a command.
@main
struct Vitals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vitals",
        abstract: "Watches databases and the services around them, and tells the truth about them.",
        discussion: """
            Try a target once:      vitals check postgres://monitor:secret@db1/orders
            Watch what a file says: vitals serve --config vitals.yaml
            Check the file:         vitals config validate
            Let it be watched:      vitals provision postgres://db1/orders --for monitor
            Understand a condition: vitals conditions explain '[STATUS] == 200'
            Ask a server:           vitals status
            Put it around another:  vitals wrap --db-dsn postgres://... -- postgres
            Move in from Gatus:     vitals import gatus config.yaml
            """,
        version: Product.version,
        subcommands: [
            ServeCommand.self, StatusCommand.self, CheckCommand.self, WrapCommand.self,
            ProvisionCommand.self,
            ConfigCommand.self, ConditionsCommand.self, ImportCommand.self, SecretsCommand.self,
            ManCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot(Product.words(of: CommandLine.arguments))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let isUsage = exitCode(for: error) == .validationFailure
            let plugins = [CheckCommand.configuration.commandName, StatusCommand.configuration.commandName]
            guard isUsage, plugins.contains(CommandLine.arguments.dropFirst().first) else {
                exit(withError: error)
            }
            // As Nagios plugins they have no other word for a command that cannot be understood.
            StandardError.write(fullMessage(for: error))
            Glibc.exit(3)
        }
    }
}

/// What this program is called when it speaks of itself.
enum Product {
    static let version = "0.1.0"
    /// The day of this version.
    static let released = "2026-11-21"

    /// What is asked of it: called as `healthcheck` it is `vitals wrap`.
    ///
    /// - Parameter arguments: by which name it was called, and the rest.
    static func words(of arguments: [String]) -> [String] {
        let name = arguments.first?.split(separator: "/").last
        return (name == "healthcheck" ? ["wrap"] : []) + arguments.dropFirst()
    }
}
