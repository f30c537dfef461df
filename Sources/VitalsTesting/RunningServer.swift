import Glibc

/// A real server started by a test, on the loopback, stopped by its own pid.
package final class RunningServer: Sendable {
    package let process: ChildProcess
    private let directory: TemporaryDirectory
    private let log: String

    /// Starts a server and waits until it is ready.
    ///
    /// - Parameters:
    ///   - arguments: the program and its arguments; it must stay in the foreground.
    ///   - directory: where it runs, and where its log goes; kept as long as the server.
    ///   - port: waited for until something listens there.
    /// - Throws: when it ends instead, with its log.
    package init(
        _ arguments: [String], in directory: TemporaryDirectory, environment: [String: String] = [:],
        listeningOn port: Int
    ) async throws {
        self.directory = directory
        log = "server-\(port).log"
        process = try ChildProcess(
            arguments, in: directory.path, environment: environment, output: directory.file(log))
        let isReady = try await eventually("\(arguments.first ?? "") listening on \(port)") {
            process.isRunning ? (isListening(on: port) ? true : nil) : false
        }
        guard isReady else {
            throw ProgramFailed(
                arguments: arguments, code: try await process.waitForExit(), output: directory.read(log))
        }
    }

    /// What it has written so far.
    package var output: String { directory.read(log) }

    /// Asks it to end by a signal, and makes it end if it does not.
    package func stop(_ number: Int32 = SIGTERM) async {
        await process.stop(number)
    }
}
