import Glibc
import Synchronization

/// A real PostgreSQL server of a test's own: a new cluster in a temporary directory, listening on a free port
/// of 127.0.0.1 and on a Unix socket in that directory. Its superuser is `postgres`.
package final class PostgresServer: Sendable {
    package let directory: TemporaryDirectory
    package let port: Int
    private let settings: [String: String]
    private let process = Mutex<ChildProcess?>(nil)

    /// Who may enter from where, when a test says nothing else: everybody.
    package static let everybody = """
        local all all trust
        host all all 127.0.0.1/32 trust
        local replication all trust
        """

    /// Makes a cluster without starting it.
    ///
    /// - Parameters:
    ///   - settings: beside those that make it quick and small.
    ///   - access: the lines of pg_hba.conf.
    package convenience init(
        settings: [String: String] = [:], access: String = PostgresServer.everybody
    ) async throws {
        let directory = try TemporaryDirectory("vitals-postgres")
        try await run(
            [
                Self.program("initdb"), "-D", "data", "-U", "postgres", "--no-sync", "--auth=trust", "-E",
                "UTF8",
                "--locale=C", "--wal-segsize=1",
            ], in: directory)
        try self.init(in: directory, settings: settings, access: access)
    }

    /// Takes the cluster in the folder `data` of a directory.
    private init(in directory: TemporaryDirectory, settings: [String: String], access: String) throws {
        self.directory = directory
        port = try freePort()
        self.settings = settings
        try allow(access)
    }

    deinit {
        // An immediate shutdown frees what the server shares with its processes; SIGKILL would leave it.
        guard let process = process.withLock({ $0 }) else { return }
        process.signal(SIGCONT)
        process.signal(SIGQUIT)
        _ = try? process.waitForExitBlocking()
    }

    /// Replaces pg_hba.conf; a running server has to be told by `reload`.
    package func allow(_ access: String) throws {
        try directory.write("data/pg_hba.conf", access + "\n", mode: 0o600)
    }

    /// Starts it and waits until it lets clients in.
    package func start() async throws {
        try launch()
        try await eventually("PostgreSQL on \(port) ready", within: .seconds(60)) {
            guard process.withLock({ $0?.isRunning }) == true else { throw NeverHappened(description: log) }
            return directory.read("data/postmaster.pid").contains("\nready") ? () : nil
        }
    }

    /// Starts it without waiting for anything.
    package func launch() throws {
        let child = try ChildProcess(words, in: directory.path, output: directory.file("server.log"))
        process.withLock { $0 = child }
    }

    /// The program and its arguments, for somebody else to start it in any folder.
    package var command: [String] { ChildProcess.unprivileged(words) }

    private var words: [String] {
        let common = [
            "fsync": "off", "listen_addresses": "127.0.0.1", "port": "\(port)", "max_connections": "20",
            "unix_socket_directories": directory.path, "shared_buffers": "2MB", "min_wal_size": "2MB",
            "log_connections": "on", "log_disconnections": "on",
        ]
        let words = common.merging(settings) { $1 }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        return [Self.program("postgres"), "-D", directory.file("data")] + words
    }

    /// Sends the postmaster a signal: SIGINT ends the sessions and then it, SIGQUIT drops everything.
    package func signal(_ number: Int32) {
        process.withLock { $0 }?.signal(number)
    }

    /// Reads pg_hba.conf and the settings anew.
    package func reload() async throws {
        try await sql("SELECT pg_reload_conf()")
    }

    /// Stops it in order, dropping every session, and waits for its end.
    package func stop(_ number: Int32 = SIGINT) async throws {
        guard let child = process.withLock({ $0 }) else { return }
        child.signal(number)
        _ = try await child.waitForExit()
        process.withLock { $0 = nil }
    }

    /// The process ids of the server and of its processes.
    package func processes() async throws -> [Int32] {
        let main = process.withLock { $0?.pid }
        guard let main else { return [] }
        let children = try? await run(["pgrep", "-P", "\(main)"], in: directory, asUnprivileged: false)
        return [main] + (children ?? "").split(separator: "\n").compactMap { Int32($0) }
    }

    /// What it has logged so far.
    package var log: String { directory.read("server.log") }

    /// Runs SQL as the superuser through psql, by the Unix socket.
    ///
    /// - Returns: the rows, columns parted by `|`.
    @discardableResult
    package func sql(_ text: String, database: String = "postgres") async throws -> String {
        try await run(psql(as: "postgres", database) + ["-v", "ON_ERROR_STOP=1", "-c", text], in: directory)
            .trimmed
    }

    /// Runs SQL in a session of its own, which lasts as long as that does.
    package func session(
        _ text: String, as user: String = "postgres", database: String = "postgres"
    ) throws -> ChildProcess {
        try ChildProcess(psql(as: user, database) + ["-c", text], in: directory.path)
    }

    private func psql(as user: String, _ database: String) -> [String] {
        [
            Self.program("psql"), "-h", directory.path, "-p", "\(port)", "-U", user, "-d", database, "-XqAt",
        ]
    }

    /// Makes a standby of this server, which follows it; not started.
    package func standby(settings: [String: String] = [:]) async throws -> PostgresServer {
        let directory = try TemporaryDirectory("vitals-postgres")
        try await run(
            [
                Self.program("pg_basebackup"), "-h", self.directory.path, "-p", "\(port)", "-U", "postgres",
                "-D",
                "data", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
            ], in: directory)
        return try PostgresServer(in: directory, settings: settings, access: Self.everybody)
    }

    /// The path of a program of the newest PostgreSQL that Debian's packages put on this machine.
    private static func program(_ name: String) -> String {
        let folders = (12...20).reversed().map { "/usr/lib/postgresql/\($0)/bin" }
        return "\(folders.first { access($0, X_OK) == 0 } ?? "/usr/local/pgsql/bin")/\(name)"
    }
}

extension String {
    /// Without line breaks at its end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
