import Foundation
import Testing
import VitalsTesting

/// The built binary, and what it leaves behind when it is run to its end.
enum VitalsProgram {
    /// Beside the test bundle, where one build puts both.
    static let path: String = {
        let beside = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [beside.appending(path: "vitals"), root.appending(path: ".build/debug/vitals")]
        return candidates.map(\.path).first(where: FileManager.default.isExecutableFile)
            ?? "vitals is not built"
    }()

    /// Runs it to its end.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], on stage: Stage,
        within limit: Duration = .seconds(30)
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        let process = try ChildProcess(path, arguments, environment: environment, in: stage.folder)
        stage.atTheEnd { process.signal(SIGKILL) }
        let exitCode = try await eventually("vitals \(arguments.joined(separator: " ")) ends", within: limit)
        {
            process.exitCode
        }
        return (exitCode, process.output, process.errors)
    }
}
