import CSQLite
import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// A folder for database files, and a probe that looks at them.
final class SQLiteFolder: Sendable {
    let directory: TemporaryDirectory
    private let network: TestNetwork
    private let threads = BlockingThreads(4)

    init() throws {
        directory = try TemporaryDirectory("vitals-sqlite")
        network = try TestNetwork()
    }

    func file(_ name: String) -> String { directory.file(name) }

    /// Does the statements in a file, which they may make.
    @discardableResult
    func make(
        _ name: String, _ statements: String = "CREATE TABLE t(x); INSERT INTO t VALUES(1)"
    ) throws -> String {
        let other = try OtherProgram(file(name))
        try other.perform(statements)
        return file(name)
    }

    func probe(
        _ target: String, writes: Bool = false, heartbeat: WriteSettings? = nil,
        timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        let probe = try SQLiteProbe(
            parsing: target, wantsWriting: writes, write: heartbeat, loops: network.loops, threads: threads)
        return await network.run(probe, timeout: timeout)
    }

    /// A run that measures everything: what it found, and the verdict on it.
    ///
    /// - Parameters:
    ///   - own: vitals of the check's author.
    ///   - questions: of the same.
    func measure(
        _ target: String, writes: Bool = false, own: [VitalRule] = [], asking questions: [OwnQuestion] = [],
        within limit: Duration = .seconds(30)
    ) async throws -> (found: ProbeResult, judged: ProbeResult) {
        let rules = SQLiteVitals.rules + own
        let probe = try SQLiteProbe(
            parsing: target, wantsWriting: writes, loops: network.loops, threads: threads
        ).measuring(rules).asking(questions)
        let found = await network.run(
            probe, measuring: .all, within: limit, beside: Set(own.map(\.name)))
        return (found, found.judged(by: questions, of: probe).judged(by: rules))
    }

    /// What lies in the folder.
    var names: [String] {
        guard let folder = opendir(directory.path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    func bytes(_ name: String) -> [UInt8] {
        guard let file = fopen(file(name), "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        guard let file = fopen(file(name), "w") else { throw SystemError("fopen") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw SystemError("fwrite") }
    }
}

/// Another user of a database file, in this process.
final class OtherProgram {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
        guard sqlite3_open(path, &handle) == SQLITE_OK else { throw SystemError("sqlite3_open") }
    }

    deinit {
        sqlite3_close(handle)
    }

    func perform(_ statements: String) throws {
        guard sqlite3_exec(handle, statements, nil, nil, nil) == SQLITE_OK else {
            throw SystemError("sqlite3_exec: \(String(cString: sqlite3_errmsg(handle)))")
        }
    }
}
