import Glibc
import Synchronization
import Testing
import VitalsCore
import VitalsTesting

/// One server for the pages that leave it whole.
private final class WriteBook: SuiteTrait, TestScoping {
    @TaskLocal static var server: MariaDBServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await MariaDBServer(settings: ["max-connections": "40"])
        try await server.start()
        try await Self.$server.withValue(server) { try await function() }
        // Whatever was done to it: nothing of ours is left behind.
        try await eventually(that: "no session of ours is left") {
            try await server.sql(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER LIKE 'writer%'") == "0"
        }
        try await server.stop()
    }
}

/// The pages about the write probe of MySQL and MariaDB and the part of a server, a file each.
@Suite("Fault book: what is written to MariaDB", WriteBook(), .oneOfAFew)
struct WriteFaults {
    /// An account and a table of a page's own.
    static func place() async throws -> WritePlace {
        try await WritePlace(on: try #require(WriteBook.server))
    }
}

/// An account and a database of one name on a server, set up by `vitals provision`.
struct WritePlace: Sendable {
    let server: MariaDBServer
    let name: String

    private static let count = Mutex(0)

    init(on server: MariaDBServer) async throws {
        self.server = server
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        name = "writer\(number)"
        let root = "mysql://root@/?socket=\(server.socket)"
        let arguments = ["provision", root, "--for", name, "--table", table, "--apply"]
        try await Stage.run { stage in
            let done = try await VitalsProgram.run(arguments, on: stage)
            try #require(done.exitCode == 0, "\(done)")
        }
        try await server.sql("ALTER USER \(name) IDENTIFIED BY 's3cr3t' ACCOUNT UNLOCK")
    }

    var table: String { "\(name).heartbeat" }

    func dsn(port: Int? = nil) -> String { "mysql://\(name):s3cr3t@127.0.0.1:\(port ?? server.port)/" }

    /// A check that writes.
    var writing: String { checking("write: { table: \(table) }") }

    func checking(_ settings: String) -> String { "mysql: { dsn: \"\(dsn())\", \(settings) }" }

    @discardableResult
    func sql(_ text: String) async throws -> String { try await server.sql(text) }

    /// A session that holds what its statements took, until `release`.
    func hold(_ statements: String) async throws -> ChildProcess {
        let session = try server.session("\(statements); SELECT SLEEP(600), '\(name)'")
        try await eventually(that: "it is held", within: .seconds(60)) { try await holders() != "" }
        return session
    }

    /// Ends the sessions that hold something: a server does not notice by itself that such a client is gone.
    func release() async throws {
        for id in try await holders().split(separator: "\n") { try await sql("KILL \(id)") }
    }

    private func holders() async throws -> String {
        try await sql(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT SLEEP(600), ''\(name)'''")
    }
}
