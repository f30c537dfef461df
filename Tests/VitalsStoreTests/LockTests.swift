import Foundation
import Testing
import VitalsTesting

@testable import VitalsStore

@Suite("The data folder belongs to one process")
struct LockTests {
    let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private var lockFile: String { "\(folder.path)/vitals.lock" }

    @Test("which a second one is told by its id")
    func second() throws {
        let store = try SQLiteStore(folder: folder.path)
        let expected = StoreError.locked(path: folder.path, pid: getpid())
        #expect(throws: expected) { try SQLiteStore(folder: folder.path) }
        #expect(expected.description == "\(folder.path) is in use by the process \(getpid())")
        try store.close()
    }

    @Test("so that another process cannot have it until it is closed")
    func otherProcess() throws {
        let store = try SQLiteStore(folder: folder.path)
        #expect(try flock("true") == 1)
        try store.close()
        #expect(try flock("true") == 0)
    }

    @Test(
        "and cannot be had while another process holds it, by whatever it wrote",
        arguments: ["4711\n", "", "?"])
    func heldElsewhere(written: String) async throws {
        try Data(written.utf8).write(to: URL(filePath: lockFile))
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/flock")
        holder.arguments = [lockFile, "sh", "-c", "echo held; read line"]
        let (toHolder, fromHolder) = (Pipe(), Pipe())
        holder.standardInput = toHolder
        holder.standardOutput = fromHolder
        try holder.run()
        #expect(try fromHolder.fileHandleForReading.read(upToCount: 4) == Data("held".utf8))
        #expect(throws: StoreError.locked(path: folder.path, pid: written == "4711\n" ? 4_711 : nil)) {
            try SQLiteStore(folder: folder.path)
        }
        try toHolder.fileHandleForWriting.close()
        holder.waitUntilExit()
        try SQLiteStore(folder: folder.path).close()
    }

    @Test("but a file left behind by a killed one is no obstacle")
    func stale() throws {
        try Data("1\n and much that is no process id".utf8).write(to: URL(filePath: lockFile))
        let store = try SQLiteStore(folder: folder.path)
        #expect(try String(contentsOfFile: lockFile, encoding: .utf8) == "\(getpid())\n")
        try store.close()
    }

    @Test("and a store that is not used any more lets go of it")
    func forgotten() throws {
        do { _ = try SQLiteStore(folder: folder.path) }
        try SQLiteStore(folder: folder.path).close()
    }

    @Test("and one that could not be opened lets go of it")
    func failed() throws {
        try Data("no database, but long enough to be looked at".utf8)
            .write(to: URL(filePath: "\(folder.path)/vitals.db"))
        for _ in 0..<2 {
            let error = #expect(throws: StoreError.self) { try SQLiteStore(folder: folder.path) }
            #expect(error?.description.contains("file is not a database") == true)
        }
    }

    /// Runs a command under the lock, if it can be had at once.
    private func flock(_ command: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/flock")
        process.arguments = ["-n", lockFile, command]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
