import Foundation
import VitalsTesting

/// The built binary, started once; its two outputs are kept apart.
struct VitalsProgram: Sendable {
    /// What `VITALS_BINARY` names, or else what lies beside the test bundle, where one build puts both.
    static let path: String = {
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [beside.appending(path: "vitals"), root.appending(path: ".build/debug/vitals")]
        if let given = ProcessInfo.processInfo.environment["VITALS_BINARY"] { return given }
        return candidates.map(\.path).first(where: FileManager.default.isExecutableFile)
            ?? "vitals is not built"
    }()

    let process: ChildProcess
    private let folder: URL

    /// Starts it in a folder of its own, with this environment and nothing of the tests'.
    ///
    /// - Parameter wrapper: words before its own, of a program that replaces itself by it.
    init(
        _ arguments: [String], environment: [String: String] = [:], through wrapper: [String] = [],
        on stage: Stage
    ) throws {
        let folder = try stage.makeFolder()
        self.folder = folder
        // The shell puts itself out of the way: the process id is the program's own.
        let errors = folder.appending(path: "stderr").path
        process = try ChildProcess(
            ["sh", "-c", #"exec "$@" 2>"$0""#, errors] + wrapper + [Self.path] + arguments, in: folder.path,
            environment: environment, output: folder.appending(path: "stdout").path, asUnprivileged: false)
        let process = process
        stage.atTheEnd { process.signal(SIGKILL) }
    }

    var output: String { text("stdout") }
    var errors: String { text("stderr") }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], through wrapper: [String] = [],
        on stage: Stage
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        let program = try VitalsProgram(arguments, environment: environment, through: wrapper, on: stage)
        let exitCode = try await program.process.waitForExit()
        return (exitCode, program.output, program.errors)
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }
}
