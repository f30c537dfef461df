import Foundation
import Synchronization
import Testing
import VitalsTesting

/// `vitals serve` with a configuration, a data folder and a port of its own; started, killed and started
/// again.
final class VitalsServer: Sendable {
    let port: UInt16
    let data: URL
    let configuration: URL
    private let stage: Stage
    private let arguments: [String]
    private let environment: [String: String]
    private let wrapper: [String]
    private let program = Mutex<VitalsProgram?>(nil)

    /// - Parameters:
    ///   - yaml: what `vitals.yaml` holds; nothing: no such file.
    ///   - arguments: in addition to configuration, data folder and address.
    ///   - wrapper: a program and its words that replaces itself by the server.
    init(
        _ yaml: String?, arguments: [String] = [], environment: [String: String] = [:], data: URL? = nil,
        port: UInt16? = nil, through wrapper: [String] = [], on stage: Stage
    ) throws {
        self.stage = stage
        self.port = try port ?? UInt16(freePort())
        let folder = try stage.makeFolder()
        self.data = data ?? folder.appending(path: "data")
        configuration = folder.appending(path: "vitals.yaml")
        if let yaml { try Data(yaml.utf8).write(to: configuration) }
        self.arguments = (yaml == nil ? [] : ["--config", configuration.path]) + arguments
        self.environment = environment
        self.wrapper = wrapper
    }

    var api: APIClient { APIClient(port: port) }

    /// What it wrote since it was last started.
    var output: String { running.map { $0.output + $0.errors } ?? "" }

    var isRunning: Bool { running?.process.isRunning == true }

    /// The process that runs now, or ran last.
    var pid: Int32? { running?.process.pid }

    private var running: VitalsProgram? { program.withLock(\.self) }

    /// Starts it, and waits until it says that it is ready.
    func start() async throws {
        try launch()
        try await eventually(that: "the server is ready", within: .seconds(30)) {
            guard isRunning else { return true }
            return try await api.get("/readyz").status == 200
        }
        try #require(isRunning, "the server ended: \(output)")
    }

    /// Starts it without waiting for anything.
    func launch() throws {
        let program = try VitalsProgram(
            ["serve", "--data", data.path, "--listen", "127.0.0.1:\(port)"] + arguments,
            environment: environment, through: wrapper, on: stage)
        self.program.withLock { $0 = program }
        stage.onFailure { "vitals on port \(self.port) wrote:\n\(program.errors.suffix(4_000))" }
    }

    func signal(_ signal: Int32) {
        running?.process.signal(signal)
    }

    /// Sends a signal and waits for the end.
    @discardableResult
    func stop(_ signal: Int32 = SIGTERM, within limit: Duration = .seconds(30)) async throws -> Int32 {
        self.signal(signal)
        return try await waitForExit(within: limit)
    }

    /// Its exit code; 128 and the signal's number if one ended it.
    func waitForExit(within limit: Duration = .seconds(30)) async throws -> Int32 {
        try await #require(running).process.waitForExit(within: limit)
    }

    /// Waits until a health check is in a state, and returns it.
    @discardableResult
    func healthCheck(
        _ id: String, becomes state: String, within limit: Duration = .seconds(30)
    ) async throws -> JSONValue {
        try await eventually("\(id) is \(state)", within: limit) {
            let healthCheck = try await api.healthCheck(id)
            return healthCheck["state"].string == state ? healthCheck : nil
        }
    }
}
