import Foundation
import Synchronization
import Testing
import VitalsCore
import VitalsTesting

/// One server for the pages that leave it whole.
private final class PostgresBook: SuiteTrait, TestScoping {
    @TaskLocal static var server: PostgresServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await PostgresServer(
            settings: ["max_connections": "40"], access: PostgresServer.passwords)
        try await server.start()
        try await Self.$server.withValue(server) { try await function() }
        // Whatever was done to it: nothing of ours is left behind.
        try await eventually(that: "no session of ours is left") {
            try await server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vitals'")
                == "0"
        }
        try await server.stop()
    }
}

/// The pages about PostgreSQL, a file each.
@Suite("Fault book: PostgreSQL", PostgresBook(), .oneOfAFew)
struct PostgresFaults {
    /// A role and a database of a page's own, set up for the write probe.
    static func place() async throws -> FaultPlace {
        try await FaultPlace(on: try #require(PostgresBook.server))
    }
}

/// A role and a database of one name on a server, set up by `vitals provision`.
struct FaultPlace: Sendable {
    let server: PostgresServer
    let name: String

    private static let count = Mutex(0)

    init(on server: PostgresServer) async throws {
        self.server = server
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        let name = "page\(number)"
        self.name = name
        try await server.sql("CREATE ROLE \(name) LOGIN PASSWORD 's3cr3t'")
        try await server.sql("CREATE DATABASE \(name)")
        let folder = PercentEncoding.path(server.directory.path)
        let admin = "postgres://postgres@/\(name)?host=\(folder)&port=\(server.port)"
        try await Stage.run { stage in
            let done = try await VitalsProgram.run(
                ["provision", admin, "--for", name, "--apply"], on: stage)
            try #require(done.exitCode == 0, "\(done)")
        }
    }

    var dsn: String { "postgres://\(name):s3cr3t@127.0.0.1:\(server.port)/\(name)" }
    /// A check that reads.
    var reading: String { "postgres: \"\(dsn)\"" }
    /// A check that writes, too.
    var writing: String { checking("write: true") }

    func checking(_ settings: String) -> String { "postgres: { dsn: \"\(dsn)\", \(settings) }" }

    @discardableResult
    func sql(_ text: String) async throws -> String { try await server.sql(text, database: name) }

    /// As the superuser, in another database.
    func admin(_ text: String) async throws { try await server.sql(text) }

    /// For what cannot be done while a session is there: a run may be under way.
    func patiently(_ text: String, database: String = "postgres") async throws {
        try await eventually(text) { try await server.sql(text, database: database) }
    }

    /// A trigger on the table of the write probe.
    func trigger(_ body: String, on event: String = "INSERT OR UPDATE") async throws {
        try await sql(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(body) END $$; "
                + "CREATE TRIGGER spoil BEFORE \(event) ON vitals.heartbeat FOR EACH ROW "
                + "EXECUTE FUNCTION spoil()")
    }

    func dropTrigger() async throws { try await sql("DROP FUNCTION spoil() CASCADE") }

    /// Ends the sessions that hold something: a server does not notice by itself that such a client is gone.
    func release() async throws {
        try await server.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)' "
                + "AND wait_event = 'PgSleep'")
    }

    /// A session that holds what its statements took, until `release`.
    func hold(_ statements: String) async throws -> ChildProcess {
        let mark = "hold \(UInt32.random(in: .min ... .max))"
        let session = try server.session("\(statements); SELECT pg_sleep(600), '\(mark)'", database: name)
        try await eventually(that: "it is held") {
            let held = "query LIKE '%''\(mark)''%' AND wait_event = 'PgSleep'"
            return try await server.sql("SELECT count(*) FROM pg_stat_activity WHERE \(held)") == "1"
        }
        return session
    }
}

extension PostgresServer {
    /// Stops all of its processes where they are, or lets them go on.
    func freeze(_ signal: Int32) async throws {
        for process in try await processes() { kill(process, signal) }
    }

    /// Gives it a certificate: it takes no key that others may read.
    func show(_ identity: TestAuthority.Identity) async throws {
        for (name, path) in [("server.crt", identity.certificate), ("server.key", identity.key)] {
            try await run(["cp", path, "data/\(name)"], in: directory)
            try await run(["chmod", "600", "data/\(name)"], in: directory)
        }
    }
}

private enum PercentEncoding {
    static func path(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}
