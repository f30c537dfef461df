import Foundation
import Synchronization
import Testing
import VitalsTesting

/// A real PostgreSQL on a port of 127.0.0.1, run as an unprivileged user, with SCRAM passwords.
final class PostgresServer: Sendable {
    static let user = "monitor"
    static let password = "s3cr3t-p@ss/w?rd"

    let port: UInt16
    private let stage: Stage
    private let folder: URL
    private let process = Mutex<ChildProcess?>(nil)

    /// Makes the cluster; `start` starts it.
    init(on stage: Stage) async throws {
        self.stage = stage
        port = try FreePort.take()
        folder = try stage.makeFolder()
        let passwordFile = folder.appending(path: "password")
        try Data(Self.password.utf8).write(to: passwordFile)
        if getuid() == 0 {
            // PostgreSQL refuses to run as root: its folder belongs to nobody, who must be let through to it.
            chmod(stage.folder.path, 0o755)
            for path in [folder.path, passwordFile.path] { chown(path, Self.nobody, Self.nogroup) }
        }
        let initdb = try launch(
            "initdb",
            [
                "--pgdata", folder.appending(path: "cluster").path, "--username", Self.user, "--pwfile",
                passwordFile.path, "--auth", "scram-sha-256", "--no-sync", "--encoding", "UTF8", "--locale",
                "C",
            ])
        let code = try await eventually("initdb ends", within: .seconds(120)) { initdb.exitCode }
        try #require(code == 0, "initdb: \(initdb.errors)")
    }

    /// A target for `vitals.yaml`, its password percent-encoded.
    var url: String { url(password: Self.password) }

    func url(password: String) -> String {
        let encoded = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "postgres://\(Self.user):\(encoded)@127.0.0.1:\(port)/postgres"
    }

    /// Starts it, and waits until it answers.
    func start() async throws {
        let process = try launch(
            "postgres",
            [
                "-D", folder.appending(path: "cluster").path, "-p", "\(port)", "-c",
                "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "max_connections=20",
            ])
        self.process.withLock { $0 = process }
        stage.atTheEnd { process.signal(SIGQUIT) }
        try await eventually(that: "PostgreSQL accepts", within: .seconds(60)) {
            process.errors.contains("ready to accept connections")
        }
    }

    /// Stops it at once, as a crash of the service would, and waits until the port refuses.
    func stop() async throws {
        let running = process.withLock(\.self)
        let process = try #require(running)
        process.signal(SIGINT)
        try await eventually("PostgreSQL stops", within: .seconds(30)) { process.exitCode }
    }

    private func launch(_ program: String, _ arguments: [String]) throws -> ChildProcess {
        let path = try #require(
            Self.path(of: program), "PostgreSQL is not installed: run scripts/install.sh test")
        guard getuid() == 0 else { return try ChildProcess(path, arguments, in: stage.folder) }
        return try ChildProcess(
            "/usr/bin/setpriv",
            ["--reuid", "\(Self.nobody)", "--regid", "\(Self.nogroup)", "--clear-groups", "--", path]
                + arguments,
            in: stage.folder)
    }

    /// Debian keeps the servers of each version out of the PATH; the newest is taken.
    private static func path(of program: String) -> String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newestFirst = versions.compactMap { Int($0) }.sorted(by: >).map { "\(root)/\($0)/bin/\(program)" }
        return (newestFirst + ["/usr/bin/\(program)", "/usr/local/bin/\(program)"])
            .first(where: FileManager.default.isExecutableFile)
    }

    private static let nobody: UInt32 = 65_534
    private static let nogroup: UInt32 = 65_534
}
