import ArgumentParser
import VitalsCore
import VitalsEngine
import VitalsNet

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Works with the configuration file.",
        subcommands: [ValidateCommand.self, SchemaCommand.self])
}

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Says whether a server would take the configuration.",
        discussion: """
            Reads the file and the environment as `vitals serve` would, and names everything that is \
            wrong by file, line and column. Talks to nothing.

            Exit status: 0 it is fine, 78 it is not.
            """)

    @Option(
        name: .long, help: "The file, or a folder of them.", completion: .file(extensions: ["yaml", "yml"]))
    var config = "vitals.yaml"

    func run() async throws {
        let read = try await Compose.withNetwork { network in
            try Progress.showing("reading \(config)") {
                try Compose.configuration(Compose.sources(path: config, listen: nil, network)).read
            }
        }
        for warning in read.warnings {
            StandardError.write("warning: \(warning)")
        }
        let configuration = read.configuration
        print(
            """
            \(config) is fine: \(count(configuration.systems.count, "system")), \
            \(count(configuration.healthChecks.count, "health check")), \
            \(count(configuration.channels.count, "channel")).
            """)
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints what may be written in the configuration, as JSON Schema.",
        discussion: """
            For editors that complete and check YAML by a schema (2020-12): vitals config schema > \
            vitals.schema.json, and as the first line of vitals.yaml \
            # yaml-language-server: $schema=vitals.schema.json

            What only the server can know, such as whether a URL is one, is told by vitals config validate.
            """)

    func run() async throws {
        let schema = try await Compose.withNetwork {
            ConfigurationSchema(forms: $0.forms, channelForms: $0.channelForms).json
        }
        print(schema.text)
    }
}
