import Glibc
import Synchronization

/// A program started by a test, in a process group of its own; killed, with all of that group, when the last
/// reference to it goes.
package final class ChildProcess: Sendable {
    package let pid: Int32
    private let exit = Mutex<Int32?>(nil)

    /// Starts a program found on the path (and in the sbin folders).
    ///
    /// - Parameters:
    ///   - arguments: the program and its arguments.
    ///   - directory: where it runs.
    ///   - environment: beside `PATH` and `LC_ALL=C`.
    ///   - output: file for what it writes; default: nowhere.
    ///   - asUnprivileged: as another user when the tests run as root.
    package init(
        _ arguments: [String], in directory: String = "/tmp", environment: [String: String] = [:],
        output: String = "/dev/null", asUnprivileged: Bool = true
    ) throws {
        let words = asUnprivileged ? Self.unprivileged(arguments) : arguments
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let variables = ["PATH": path, "LC_ALL": "C"].merging(environment) { $1 }
        // `env` looks the program up on the path given, whatever ours is.
        pid = try Self.spawn(
            ["bash", "-c", Self.closeInherited, "bash", "env", "-i", "-C", directory]
                + variables.map { "\($0)=\($1)" } + words, output: output)
    }

    /// The same program as another user when the tests run as root.
    static func unprivileged(_ arguments: [String]) -> [String] {
        guard let user = UnprivilegedUser.needed else { return arguments }
        return ["setpriv", "--reuid=\(user.user)", "--regid=\(user.group)", "--clear-groups"] + arguments
    }

    /// A child that held the test's own listening sockets would keep them open after the test closed them.
    private static let closeInherited = """
        for file in /proc/$$/fd/*; do
            number=${file##*/}
            if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
        done
        exec "$@"
        """

    deinit {
        // The workers of a server outlive their master.
        _ = kill(-pid, SIGKILL)
        _ = try? waitForExitBlocking()
    }

    package var isRunning: Bool { status(waiting: false) == nil }

    /// Sends it a signal if it still runs.
    package func signal(_ number: Int32) {
        exit.withLock { if $0 == nil { _ = kill(pid, number) } }
    }

    /// Waits for its end and returns its exit code; a signal's number plus 128 if one ended it.
    package func waitForExit(within limit: Duration = .seconds(30)) async throws -> Int32 {
        try await eventually("exit of process \(pid)", within: limit) { status(waiting: false) }
    }

    /// Asks it to end, and makes it end if it does not within 5 s.
    package func stop(_ number: Int32 = SIGTERM) async {
        signal(number)
        guard (try? await waitForExit(within: .seconds(5))) == nil else { return }
        signal(SIGKILL)
        _ = try? await waitForExit()
    }

    /// The same as `waitForExit`, holding up the thread: for programs that take a moment.
    package func waitForExitBlocking() throws -> Int32 {
        guard let status = status(waiting: true) else { throw SystemError("waitpid \(pid)") }
        return status
    }

    private func status(waiting: Bool) -> Int32? {
        exit.withLock { exit in
            if exit == nil {
                var status: Int32 = 0
                if waitpid(pid, &status, waiting ? 0 : WNOHANG) == pid {
                    exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
                }
            }
            return exit
        }
    }

    private static func spawn(_ words: [String], output: String) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var nothing: [UnsafeMutablePointer<CChar>?] = [nil]
        var pid: pid_t = 0
        errno = posix_spawn(&pid, "/bin/bash", &actions, &attributes, &pointers, &nothing)
        guard errno == 0 else { throw SystemError("posix_spawn \(words)") }
        return pid
    }
}

/// Runs a program to its end.
///
/// - Returns: what it wrote, both streams.
/// - Throws: when it exits with anything but 0, with what it wrote.
@discardableResult
package func run(
    _ arguments: [String], in directory: TemporaryDirectory, environment: [String: String] = [:],
    asUnprivileged: Bool = true
) async throws -> String {
    let log = "run-\(UInt64.random(in: .min ... .max)).log"
    let child = try ChildProcess(
        arguments, in: directory.path, environment: environment, output: directory.file(log),
        asUnprivileged: asUnprivileged)
    let code = try await child.waitForExit(within: .seconds(60))
    let output = directory.read(log)
    guard code == 0 else { throw ProgramFailed(arguments: arguments, code: code, output: output) }
    return output
}

/// A program that exited with anything but 0.
package struct ProgramFailed: Error {
    package let arguments: [String]
    package let code: Int32
    package let output: String
}
