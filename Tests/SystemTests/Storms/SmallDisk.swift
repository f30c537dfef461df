import Foundation
import VitalsTesting

/// A file system in memory that is mounted where only one server sees it.
struct SmallDisk: Sendable {
    let folder: URL
    private let megabytes: Int

    /// Whether a process may mount anything in a namespace of its own here: some machines forbid it.
    static let isPermitted: Bool = {
        let words = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
        guard let process = try? ChildProcess(words, asUnprivileged: false) else { return false }
        return (try? process.waitForExitBlocking()) == 0
    }()

    init(megabytes: Int, on stage: Stage) throws {
        folder = try stage.makeFolder()
        self.megabytes = megabytes
    }

    /// Mounts it and becomes the server.
    var wrapper: [String] {
        let mount = "mount -t tmpfs -o size=\(megabytes)m tmpfs \"$0\" && exec \"$@\""
        return ["unshare", "-rm", "sh", "-c", mount, folder.path]
    }

    /// Takes all the room that the server with this process id has left.
    func fill(of pid: Int32) throws {
        try Self.fill(file("ballast", of: pid).path)
    }

    /// Writes a file that takes all the room there is.
    static func fill(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw SystemError("make \(path)")
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        for size in [1_048_576, 4_096, 1] {
            let block = Data(repeating: 0x2E, count: size)
            while (try? file.write(contentsOf: block)) != nil {}
        }
        try file.close()
    }

    func free(of pid: Int32) throws {
        try FileManager.default.removeItem(at: file("ballast", of: pid))
    }

    /// A file on it, as it is reached from outside.
    func file(_ name: String, of pid: Int32) -> URL {
        URL(filePath: "/proc/\(pid)/root\(folder.path)/\(name)")
    }
}
