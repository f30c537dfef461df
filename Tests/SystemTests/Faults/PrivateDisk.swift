import Foundation
import Glibc
import VitalsTesting

/// A file system in memory that is mounted where only those see it that enter its namespace.
final class PrivateDisk: Sendable {
    /// Where it is mounted.
    let folder: TemporaryDirectory
    private let keeper: ChildProcess

    /// Whether we may mount something in a namespace of our own, and become anybody there.
    static let isPermitted: Bool = {
        let words = ["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
        guard getuid() == 0, let process = try? ChildProcess(words, asUnprivileged: false) else {
            return false
        }
        return (try? process.waitForExitBlocking()) == 0
    }()

    init(megabytes: Int) async throws {
        folder = try TemporaryDirectory("vitals-disk")
        let mount = """
            mount -t tmpfs -o size=\(megabytes)m,mode=777 tmpfs "$0" && touch "$0/mounted" && exec sleep 3600
            """
        keeper = try ChildProcess(["unshare", "-m", "sh", "-c", mount, folder.path], asUnprivileged: false)
        try await eventually(that: "it is mounted") {
            FileManager.default.fileExists(atPath: outside("mounted"))
        }
    }

    /// Words before a program's own with which it sees the disk.
    var entering: [String] { ["nsenter", "-t", "\(keeper.pid)", "-m"] }

    /// Takes all the room that is left.
    func fill() throws { try SmallDisk.fill(outside("ballast")) }

    func free() throws { try FileManager.default.removeItem(atPath: outside("ballast")) }

    /// Lets it be written, or only read: once nobody has a file of it open for writing.
    func permit(_ access: Access) async throws {
        try await eventually(that: "it is \(access)", within: .seconds(60)) {
            try await run(["mount", "-o", "remount,\(access.rawValue)", folder.path])
            return true
        }
    }

    enum Access: String {
        case reading = "ro"
        case writing = "rw"
    }

    /// Runs a program that sees it to its end.
    @discardableResult
    func run(_ words: [String]) async throws -> String {
        try await VitalsTesting.run(entering + words, in: TemporaryDirectory(), asUnprivileged: false)
    }

    /// A file on it, as it is reached from outside.
    private func outside(_ name: String) -> String { "/proc/\(keeper.pid)/root\(folder.file(name))" }
}
