import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// One server for the suite, with a role for each way to log in.
private final class Roles: SuiteTrait, TestScoping {
    @TaskLocal static var server: PostgresServer?

    static let access = """
        local all peer_ peer
        local all all trust
        host all plain 127.0.0.1/32 password
        host all digest 127.0.0.1/32 md5
        host all blocked 127.0.0.1/32 reject
        host all postgres,trusted,full 127.0.0.1/32 trust
        host all all 127.0.0.1/32 scram-sha-256
        """

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await PostgresServer(access: Self.access)
        try await server.start()
        try await server.sql(
            """
            CREATE ROLE trusted LOGIN; CREATE ROLE blocked LOGIN; CREATE ROLE full LOGIN CONNECTION LIMIT 0;
            CREATE ROLE sleeper PASSWORD 'pw'; CREATE ROLE plain LOGIN PASSWORD 'p@ss word';
            CREATE ROLE scram LOGIN PASSWORD 'sécret/½'; SET password_encryption = 'md5';
            CREATE ROLE digest LOGIN PASSWORD 'pw';
            """)
        try await server.sql("CREATE DATABASE closed")
        try await server.sql("ALTER DATABASE closed ALLOW_CONNECTIONS false")
        try await server.sql("CREATE DATABASE private")
        try await server.sql("REVOKE CONNECT ON DATABASE private FROM PUBLIC")
        try await server.sql("CREATE DATABASE discreet")
        try await server.sql(
            "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC", database: "discreet")
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("The PostgreSQL probe", Roles(), .serialized)
struct PostgresProbeTests {
    private func server() throws -> PostgresServer { try #require(Roles.server) }

    @Test(
        "logs in as the server asks",
        arguments: [
            ("trusted", ""), ("plain", "p%40ss%20word"), ("digest", "pw"), ("scram", "s%C3%A9cret%2F%C2%BD"),
        ])
    func logsIn(user: String, password: String) async throws {
        let result = try await PostgresHarness.probe(server().target(user, password))
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.phases.map(\.phase) == [.connect, .authenticate, .session, .read])
        #expect(result.facts[.role] == .text("primary"))
        let version = try await server().sql("SHOW server_version").prefix { $0 != " " }
        #expect(result.facts[.serverVersion] == .text(String(version)))
        let identifier = try await server().sql("SELECT system_identifier FROM pg_control_system()")
        #expect(result.facts[.systemIdentifier] == .text(identifier))
        #expect(result.facts[.addresses] == .list(["127.0.0.1"]))
    }

    @Test("tells role and version where the identifier may not be read")
    func discreet() async throws {
        let result = try await PostgresHarness.probe(server().target("trusted", database: "discreet"))
        #expect(result.verdict == "pass")
        #expect(result.facts[.role] == .text("primary"))
        #expect(result.facts[.serverVersion] != nil)
        #expect(result.facts[.systemIdentifier] == nil)
    }

    @Test("logs in through a Unix socket")
    func unixSocket() async throws {
        let server = try server()
        let folder = server.directory.path
        for target in [
            "postgres://trusted@/postgres?host=\(folder)&port=\(server.port)",
            "postgres://trusted@\(PercentEncoding.encode(folder)):\(server.port)/postgres",
        ] {
            #expect(try await PostgresHarness.probe(target).verdict == "pass")
        }
        let missing = try await PostgresHarness.probe("postgres://trusted@/postgres?host=\(folder)&port=1")
        #expect(missing.verdict == "refused in connect (ENOENT)")
    }

    @Test(
        "tells why the server does not let it in",
        arguments: [
            ("scram:wrong", "postgres", "auth_failed in authenticate (28P01)"),
            ("digest:wrong", "postgres", "auth_failed in authenticate (28P01)"),
            ("plain:wrong", "postgres", "auth_failed in authenticate (28P01)"),
            ("nobody:pw", "postgres", "auth_failed in authenticate (28P01)"),
            ("scram", "postgres", "auth_failed in authenticate"),
            ("digest", "postgres", "auth_failed in authenticate"),
            ("plain", "postgres", "auth_failed in authenticate"),
            ("sleeper:pw", "postgres", "auth_failed in session (28000)"),
            ("blocked", "postgres", "host_blocked in authenticate (28000)"),
            ("trusted", "nowhere", "db_missing in session (3D000)"),
            ("trusted", "closed", "db_not_accepting in session (55000)"),
            ("trusted", "private", "db_forbidden in session (42501)"),
            ("full", "postgres", "too_many_connections in session (53300)"),
        ])
    func refused(login: String, database: String, verdict: String) async throws {
        let result = try await PostgresHarness.probe(
            "postgres://\(login)@127.0.0.1:\(server().port)/\(database)")
        #expect(result.verdict == verdict, "\(result)")
        #expect(result.fault?.message.contains("wrong") != true)
    }

    @Test("says what mends a server without TLS")
    func noTLS() async throws {
        let result = try await PostgresHarness.probe(server().target("trusted", query: "?sslmode=require"))
        #expect(result.verdict == "tls_unsupported in tls")
        #expect(result.fault?.message.contains("sslmode=disable") == true)
    }

    @Test("leaves nothing behind")
    func politeClose() async throws {
        let server = try server()
        for login in ["scram:s%C3%A9cret%2F%C2%BD", "trusted"] {
            for _ in 0..<5 {
                let target = "postgres://\(login)@127.0.0.1:\(server.port)/postgres?application_name=polite"
                #expect(try await PostgresHarness.probe(target).verdict == "pass")
            }
        }
        try await eventually(that: "no session is left") {
            try await server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'polite'")
                == "0"
        }
        #expect(!server.log.contains("unexpected EOF"))
        #expect(!server.log.contains("could not receive data"))
        #expect(!server.log.contains("could not send data"))
    }

    @Test(
        "takes keywords as psql does",
        arguments: [
            "user=odd password='p\\'\\\\w d'", "user = 'odd'password=p\\'\\\\w\\ d",
            "\n\tuser=odd\n  password = 'p\\'\\\\w d' ",
        ])
    func keywords(login: String) async throws {
        let server = try #require(Roles.server)
        try await server.sql(
            "DROP ROLE IF EXISTS odd; CREATE ROLE odd LOGIN PASSWORD 'p''\\w d'")
        let text = "host=127.0.0.1 port=\(server.port) dbname=postgres sslmode=disable \(login)"
        let user = try await run(["psql", text, "-XqAt", "-c", "SELECT current_user"], in: server.directory)
        #expect(user == "odd\n")
        #expect(try await PostgresHarness.probe(text).verdict == "pass")
    }
}
