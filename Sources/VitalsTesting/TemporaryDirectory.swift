import Glibc

/// A directory of a test's own, that is gone with the last reference to it. Servers run as another user may
/// write into it.
package final class TemporaryDirectory: Sendable {
    package let path: String

    /// - Parameter name: the start of its name, for whoever finds it after a crash.
    package init(_ name: String = "vitals-test") throws {
        var template = Array("/tmp/\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp \(name)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard chmod(path, 0o755) == 0 else { throw SystemError("chmod \(path)") }
        if let user = UnprivilegedUser.needed, chown(path, user.user, user.group) != 0 {
            throw SystemError("chown \(path)")
        }
    }

    deinit {
        _ = try? ChildProcess(["rm", "-rf", path], asUnprivileged: false).waitForExitBlocking()
    }

    /// The path of something in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into it, readable by all, and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String, mode: UInt32 = 0o644) throws -> String {
        let path = file(name)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemError("open \(path)") }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw SystemError("write \(path)") }
            bytes = bytes.dropFirst(written)
        }
        guard chmod(path, mode) == 0 else { throw SystemError("chmod \(path)") }
        if let user = UnprivilegedUser.needed { _ = chown(path, user.user, user.group) }
        return path
    }

    /// The text of a file in it; empty when there is none.
    package func read(_ name: String) -> String {
        let descriptor = open(file(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk.prefix(count)
        }
    }
}

/// A call of the system that failed, with the errno of that moment.
package struct SystemError: Error, CustomStringConvertible {
    package let description: String

    package init(_ what: String) {
        description = "\(what): \(String(cString: strerror(errno)))"
    }
}

/// The user as whom servers run when the tests run as root, for some of them refuse to run as root.
enum UnprivilegedUser {
    /// `nobody`; nothing when the tests are unprivileged themselves.
    static var needed: (user: uid_t, group: gid_t)? {
        guard getuid() == 0, let entry = getpwnam("nobody") else { return nil }
        return (entry.pointee.pw_uid, entry.pointee.pw_gid)
    }
}
