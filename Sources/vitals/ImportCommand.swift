import ArgumentParser
import Glibc
import VitalsCore
import VitalsEngine
import VitalsNet

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes vitals.yaml of another program's configuration.",
        subcommands: [ImportGatusCommand.self])
}

struct ImportGatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatus",
        abstract: "Makes vitals.yaml of a configuration of Gatus.",
        discussion: """
            Reads one file, or a folder as Gatus does: every file in it and below whose name ends in .yaml \
            or .yml. Variables stay variables. What became of each value is said in a report: what has no \
            counterpart here, what is carried over with a difference and with which, which secrets stand in \
            plain. Nothing is left out without being named there.

            Exit status: 0 it is written, 64 usage, 73 it cannot be written, 78 the input cannot be read.
            """)

    @Argument(
        help: ArgumentHelp("The file, or the folder of them.", valueName: "path"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String

    @Option(
        name: .long, help: "Where to write; - is the standard output.",
        completion: .file(extensions: ["yaml", "yml"]))
    var output = "vitals.yaml"

    @Option(
        name: .long, help: "A file for the report. Default: the standard error.", completion: .file())
    var report: String?

    @Flag(name: .long, help: "Write the report as JSON, to the standard output unless --report names a file.")
    var json = false

    @Flag(name: .long, help: "Replace the output if it is there.")
    var force = false

    func validate() throws {
        guard !json || report != nil || output != "-" else {
            throw ValidationError("--json needs --report where the standard output is taken by --output -")
        }
    }

    func run() async throws {
        if output != "-", !force, access(output, F_OK) == 0 {
            StandardError.write("vitals import: \(output) is there; --force replaces it")
            throw ExitStatus.cannotCreate
        }
        let made = try await Compose.withNetwork { network in imported(by: network) }
        switch made {
        case .success(let imported): try write(imported)
        case .failure(let error):
            StandardError.write("\(error)")
            throw ExitStatus.badConfiguration
        }
    }

    private func imported(by network: Network) -> Result<ImportedConfiguration, ConfigurationError> {
        let reader = ConfigurationReader(forms: network.forms, channelForms: network.channelForms) {
            Revision($0)
        }
        let importer = GatusImporter(reader: reader)
        return Progress.showing("reading \(path)") {
            Result { () throws(ConfigurationError) in try importer.read(try GatusFiles.read(path)) }
        }
    }

    private func write(_ imported: ImportedConfiguration) throws {
        do {
            if output == "-" {
                print(imported.yaml, terminator: "")
            } else {
                try NewFile.write(imported.yaml, to: output)
            }
            let text = json ? imported.report.json.text : imported.report.text
            if let report {
                try NewFile.write(text + "\n", to: report)
            } else if json {
                print(text)
            } else {
                StandardError.write(text)
            }
        } catch {
            StandardError.write("vitals import: \(error)")
            throw ExitStatus.cannotCreate
        }
        if imported.yaml.utf8.count > ConfigurationFile.maximumSize {
            StandardError.write("It is larger than one file may be: part it into several, in a folder.")
        }
        guard !json, output != "-" else { return }
        StandardError.write(
            "\(output) is written; vitals config validate --config \(output) says whether it is complete.")
    }
}
