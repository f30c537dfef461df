import Foundation
import Synchronization

/// A program that a test started; its output goes to two files.
final class ChildProcess: Sendable {
    let pid: Int32
    private let folder: URL
    private let ended: Mutex<Int32?>

    /// - Parameter environment: all of it; nothing is taken over from the tests' own.
    init(_ program: String, _ arguments: [String], environment: [String: String] = [:], in folder: URL) throws
    {
        self.folder = folder.appending(path: "process-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file("stdout", in: self.folder)
        process.standardError = try Self.file("stderr", in: self.folder)
        try process.run()
        pid = process.processIdentifier
        ended = Mutex(nil)
        startThread { [self] in
            process.waitUntilExit()
            // As a shell has it: 128 and the signal for a program that a signal ended.
            let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
            ended.withLock { $0 = process.terminationStatus + signal }
        }
    }

    var output: String { text("stdout") }
    var errors: String { text("stderr") }
    /// Nothing while it runs.
    var exitCode: Int32? { ended.withLock(\.self) }

    /// Does nothing once the program has ended, when its id may belong to another.
    func signal(_ signal: Int32) {
        ended.withLock { ended in
            if ended == nil { kill(pid, signal) }
        }
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    private static func file(_ name: String, in folder: URL) throws -> FileHandle {
        let url = folder.appending(path: name)
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }
}
