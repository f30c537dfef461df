import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("A query that is held when the deadline strikes", .serialized)
struct PostgresCancelTests {
    /// Holds what every query must read that calls a function, for whoever has not read it before.
    private static let lock =
        "BEGIN; LOCK TABLE pg_catalog.pg_proc IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)"

    private func held(_ server: PostgresServer, _ target: String) async throws {
        try await server.sql("CREATE ROLE held LOGIN PASSWORD 'pw'")
        let holder = try server.session(Self.lock)
        try await eventually(that: "the lock") {
            // Nobody can ask the server, which would need the same table.
            let result = try await PostgresHarness.probe(target, timeout: .milliseconds(500))
            return result.verdict == "timeout in session" && result.trace.contains("give up the query")
        }
        try await eventually(that: "the end of the query") {
            server.log.contains("canceling statement due to user request")
        }
        try await eventually(that: "the end of every session but the holder's") {
            let log = server.log
            let begun = log.components(of: "connection authorized: user=held")
            return begun > 0 && log.components(of: "disconnection: session time:", and: "user=held") == begun
        }
        #expect(holder.isRunning)
        await holder.stop()
    }

    @Test("is cancelled on the server")
    func plain() async throws {
        let server = try await PostgresServer()
        try await server.start()
        try await held(server, server.target("held", "pw", query: "?sslmode=disable"))
    }

    @Test("is cancelled by TLS where the session has it")
    func encrypted() async throws {
        let server = try await PostgresServer(
            settings: ["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"])
        let authority = try await TestAuthority()
        try await server.use(try await authority.issue(for: ["localhost"]))
        try await server.start()
        try await held(
            server,
            "postgres://held:pw@localhost:\(server.port)/postgres?sslmode=verify-full"
                + "&sslrootcert=\(authority.certificate)")
    }

    @Test("is cancelled through a Unix socket")
    func socket() async throws {
        let server = try await PostgresServer()
        try await server.start()
        try await held(
            server, "host=\(server.directory.path) port=\(server.port) user=held dbname=postgres")
    }
}

extension String {
    /// How many lines hold these words.
    fileprivate func components(of word: String, and other: String = "") -> Int {
        split(separator: "\n").count { $0.contains(word) && (other.isEmpty || $0.contains(other)) }
    }
}
