import ArgumentParser
import Glibc
import VitalsEngine
import VitalsNet
import VitalsStore

struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets", abstract: "Looks after the key of what is stored.",
        subcommands: [RotateCommand.self])
}

struct RotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Seals the stored part of the configuration anew, by another key.",
        discussion: """
            Makes a new secret.key in the data folder. With SECRET_KEY in the environment everything is \
            sealed by that instead; SECRET_KEY_PREVIOUS is then the one before, unless that was secret.key. \
            The server must not be running. Ended in the middle, it can be started again, and so can the \
            server.

            Exit status: 0 it is done, 75 a server holds the folder, or something cannot be read or written.
            """)

    @Option(name: .long, help: "The folder for everything that is to be remembered.")
    var data = "./data"

    func run() async throws {
        let path = "\(data)/vitals.db"
        guard access(path, F_OK) == 0 else {
            throw Self.fail("\(path): there is no store here")
        }
        let store: SQLiteStore
        do {
            store = try SQLiteStore(folder: data)
        } catch {
            throw Self.fail(error)
        }
        do {
            let count = try await SecretRotation(
                folder: data, environment: SecretFiles().variables(SecretKey.names), store: store
            ).run()
            try store.close()
            print("\(count) \(count == 1 ? "part is" : "parts are") sealed by the new key.")
        } catch {
            try store.close()
            throw Self.fail(error)
        }
    }

    private static func fail(_ reason: some Any) -> ExitCode {
        StandardError.write("vitals secrets rotate: \(reason)")
        return ExitStatus.temporaryFailure
    }
}
