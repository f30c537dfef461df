import Glibc
import Synchronization

/// A real MariaDB server of a test's own: a copy of a data folder that is made once for all of them,
/// listening on a free port of 127.0.0.1 and on a Unix socket in its directory. Its superuser is `root`,
/// without a password, from this machine only.
package final class MariaDBServer: Sendable {
    package let directory: TemporaryDirectory
    package let port: Int
    private let settings: [String: String]
    private let process = Mutex<ChildProcess?>(nil)

    /// Copies the data folder without starting anything.
    ///
    /// - Parameter settings: of the server, beside those that make it quick and small.
    package init(settings: [String: String] = [:]) async throws {
        let template = try await Self.template.value
        directory = try TemporaryDirectory("vitals-mariadb")
        port = try freePort()
        self.settings = settings
        try await run(["cp", "-a", template.file("data"), "data"], in: directory)
    }

    /// Takes 4 s: everybody has a copy of this one.
    private static let template = Task {
        let directory = try TemporaryDirectory("vitals-mariadb-template")
        try await run(
            [
                "mariadb-install-db", "--no-defaults", "--datadir=\(directory.file("data"))",
                "--auth-root-authentication-method=normal", "--skip-test-db",
                "--innodb-log-file-size=4M", "--innodb-flush-log-at-trx-commit=0",
            ], in: directory)
        return directory
    }

    deinit {
        guard let process = process.withLock({ $0 }) else { return }
        process.signal(SIGCONT)
        process.signal(SIGKILL)
        _ = try? process.waitForExitBlocking()
    }

    /// Starts it and waits until it lets clients in.
    package func start() async throws {
        let common = [
            // A server that starts empties the folder of its temporary tables, whoever's they are.
            "tmpdir": directory.path, "datadir": directory.file("data"), "port": "\(port)",
            "bind-address": "127.0.0.1",
            "socket": socket,
            "pid-file": directory.file("pid"), "max-connections": "20", "skip-name-resolve": "ON",
            "innodb-buffer-pool-size": "8M", "innodb-log-file-size": "4M",
            "innodb-flush-log-at-trx-commit": "0", "log-warnings": "2",
        ]
        let words = common.merging(settings) { $1 }.map { "--\($0.key)=\($0.value)" }
        let child = try ChildProcess(
            ["mariadbd", "--no-defaults"] + words, in: directory.path, output: directory.file("server.log"))
        process.withLock { $0 = child }
        let isReady = try await eventually("MariaDB on \(port) ready", within: .seconds(60)) {
            log.contains("ready for connections") ? true : child.isRunning ? nil : false
        }
        guard isReady else { throw NeverHappened(description: log) }
    }

    /// Stops it in order and waits for its end; with SIGKILL at once.
    package func stop(_ number: Int32 = SIGTERM) async throws {
        guard let child = process.withLock({ $0 }) else { return }
        child.signal(number)
        _ = try await child.waitForExit()
        process.withLock { $0 = nil }
        try directory.write("server.log", "")
    }

    /// Sends it a signal: SIGSTOP makes it hang, SIGCONT go on.
    package func signal(_ number: Int32) {
        process.withLock { $0 }?.signal(number)
    }

    package var socket: String { directory.file("mysql.sock") }

    /// What it has logged since it was started last.
    package var log: String { directory.read("server.log") }

    /// Runs SQL as the superuser, by the Unix socket.
    ///
    /// - Returns: the rows without their names, columns parted by tabs.
    @discardableResult
    package func sql(_ text: String) async throws -> String {
        var output = try await run(client(as: "root") + ["-e", text], in: directory)
        while output.last?.isNewline == true { output.removeLast() }
        return output
    }

    /// Runs SQL in a session of its own, which lasts as long as that does.
    package func session(
        _ text: String, as user: String = "root", password: String = ""
    ) throws -> ChildProcess {
        try ChildProcess(client(as: user, password: password) + ["-e", text], in: directory.path)
    }

    /// One of the numbers that the server counts itself.
    package func status(_ name: String) async throws -> Int {
        let line = try await sql("SHOW GLOBAL STATUS LIKE '\(name)'")
        guard let number = line.split(separator: "\t").last.flatMap({ Int($0) }) else {
            throw NeverHappened(description: "no status \(name): \(line)")
        }
        return number
    }

    private func client(as user: String, password: String = "") -> [String] {
        ["mariadb", "--no-defaults", "-S", socket, "-u", user, "-N", "-B"]
            + (password.isEmpty ? [] : ["-p\(password)"])
    }
}
