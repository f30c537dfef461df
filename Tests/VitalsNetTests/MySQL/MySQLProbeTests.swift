import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// One server for the suite, with an account for each way to be let in or not.
private final class Accounts: SuiteTrait, TestScoping {
    @TaskLocal static var server: MariaDBServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await MariaDBServer(settings: ["server-id": "4711", "max-password-errors": "4"])
        try await server.start()
        try await server.sql(
            """
            CREATE DATABASE orders; CREATE DATABASE private;
            CREATE USER plain IDENTIFIED BY 'p@ss/wörd'; GRANT SELECT ON orders.* TO plain;
            CREATE USER bare; CREATE USER locked IDENTIFIED BY 'pw' ACCOUNT LOCK;
            CREATE USER expired IDENTIFIED BY 'pw' PASSWORD EXPIRE;
            CREATE USER single IDENTIFIED BY 'pw' WITH MAX_USER_CONNECTIONS 1;
            CREATE USER hourly IDENTIFIED BY 'pw' WITH MAX_QUERIES_PER_HOUR 1;
            CREATE USER old IDENTIFIED VIA mysql_old_password USING '6f8c114b58f2ce9e';
            CREATE USER local IDENTIFIED VIA unix_socket; CREATE USER clumsy IDENTIFIED BY 'pw';
            CREATE USER either IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD('pw');
            """)
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("The MySQL probe, of a MariaDB server,", Accounts(), .serialized)
struct MySQLProbeTests {
    private func server() throws -> MariaDBServer { try #require(Accounts.server) }

    @Test(
        "logs in as the account wants",
        arguments: [("plain", "p%40ss%2Fw%C3%B6rd", "orders"), ("bare", "", ""), ("either", "pw", "")])
    func logsIn(user: String, password: String, database: String) async throws {
        let server = try server()
        let result = try await MySQLHarness.probe(server.target(user, password, database: database))
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.phases.map(\.phase) == [.connect, .greeting, .authenticate, .session, .read])
        #expect(result.facts[.role] == .text("primary"))
        let version = try await server.sql("SELECT VERSION()").prefix { $0 != "-" }
        #expect(result.facts[.serverVersion] == .text(String(version)))
        #expect(result.facts[.serverFlavour] == .text("MariaDB"))
        #expect(result.facts[.systemIdentifier] == .text("4711"))
        #expect(result.facts[.addresses] == .list(["127.0.0.1"]))
    }

    @Test("takes a target in each form")
    func forms() async throws {
        let server = try server()
        let socket = server.socket
        for target in [
            "plain:p@ss/wörd@tcp(127.0.0.1:\(server.port))/orders",
            "mysql://plain:p@ss/wörd@tcp(127.0.0.1:\(server.port))/orders?tls=false",
            "plain:p@ss/wörd@unix(\(socket))/orders?parseTime=true",
            "mysql://plain:p%40ss%2Fw%C3%B6rd@localhost/orders?socket=\(socket)",
            "mariadb://plain:p%40ss%2Fw%C3%B6rd@\(PercentEncoding.encode(socket))/orders",
            "mysql+pymysql://plain:p%40ss%2Fw%C3%B6rd@127.0.0.1:\(server.port)/orders?charset=utf8mb4",
        ] {
            let result = try await MySQLHarness.probe(target)
            #expect(result.verdict == "pass", "\(target): \(result)")
        }
        let missing = try await MySQLHarness.probe("mysql://plain@/?socket=\(socket).none")
        #expect(missing.verdict == "refused in connect (ENOENT)")
    }

    @Test(
        "tells why the server does not let it in",
        arguments: [
            ("plain:wrong", "", "auth_failed in authenticate (1045)"),
            ("plain", "", "auth_failed in authenticate (1045)"),
            ("local:pw", "", "auth_failed in authenticate (1698)"),
            ("old:pw", "", "auth_failed in authenticate (1275)"),
            ("locked:pw", "", "account_state in authenticate (4151)"),
            ("expired:pw", "", "account_state in session (1820)"),
            ("plain:p%40ss%2Fw%C3%B6rd", "private", "db_forbidden in session (1044)"),
            ("plain:p%40ss%2Fw%C3%B6rd", "nowhere", "db_forbidden in session (1044)"),
        ])
    func refused(login: String, database: String, verdict: String) async throws {
        let result = try await MySQLHarness.probe(
            "mysql://\(login)@127.0.0.1:\(server().port)/\(database)")
        #expect(result.verdict == verdict, "\(result)")
        #expect(result.fault?.message.contains("wrong") != true)
    }

    @Test("is told nothing of who is there, and takes it for a refusal")
    func unknownUser() async throws {
        // The server makes up how such an account would log in, and with it the number of its refusal.
        let result = try await MySQLHarness.probe(server().target("nobody", "pw"))
        #expect(result.fault?.cause == .authFailed)
        #expect(result.fault?.phase == .authenticate)
    }

    @Test("tells a database that is not there, to who may know")
    func missingDatabase() async throws {
        let server = try server()
        let result = try await MySQLHarness.probe("root@unix(\(server.socket))/nowhere")
        #expect(result.verdict == "db_missing in session (1049)")
    }

    @Test("tells an account that has been tried too often")
    func blocked() async throws {
        let server = try server()
        var verdicts: [String] = []
        for _ in 0..<5 {
            verdicts.append(try await MySQLHarness.probe(server.target("clumsy", "no")).verdict)
        }
        let refused = "auth_failed in authenticate (1045)"
        #expect(verdicts == Array(repeating: refused, count: 4) + ["account_state in authenticate (4150)"])
    }

    @Test("tells an account at its own limit, which is no outage of the server")
    func accountLimit() async throws {
        let server = try server()
        let session = try server.session("SELECT SLEEP(600)", as: "single", password: "pw")
        try await eventually(that: "the account's only session") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'single'")
                == "1"
        }
        let result = try await MySQLHarness.probe(server.target("single", "pw"))
        #expect(result.verdict == "account_state in authenticate (1226)")
        await session.stop()
        let hourly = try await MySQLHarness.probe(server.target("hourly", "pw"))
        #expect(hourly.verdict == "account_state in read (1226)")
    }

    @Test(
        "tells one that is read-only and follows nobody, where it may know, and else takes it for a replica")
    func readOnly() async throws {
        let server = try server()
        try await server.sql("SET GLOBAL read_only = 1; GRANT SLAVE MONITOR ON *.* TO plain")
        let unknown = try await MySQLHarness.probe(server.target("bare"))
        let known = try await MySQLHarness.probe(server.target("plain", "p%40ss%2Fw%C3%B6rd"))
        try await server.sql("SET GLOBAL read_only = 0; REVOKE SLAVE MONITOR ON *.* FROM plain")
        #expect(unknown.verdict == "pass")
        #expect(unknown.facts[.role] == .text("replica"))
        #expect(unknown.facts[.readOnly] == nil)
        #expect(known.verdict == "pass")
        #expect(known.facts[.role] == .text("primary"))
        #expect(known.facts[.readOnly] == .text("on"))
    }

    @Test("says what mends a server without TLS")
    func noTLS() async throws {
        let result = try await MySQLHarness.probe(server().target("bare", query: "?ssl-mode=required"))
        #expect(result.verdict == "tls_unsupported in tls")
        #expect(result.fault?.message.contains("ssl-mode=disable") == true)
    }

    @Test("tells what statements meet", .timeLimit(.minutes(2)))
    func statements() async throws {
        let server = try server()
        try await server.sql("CREATE TABLE IF NOT EXISTS orders.t (a INT) ENGINE=InnoDB")
        try await server.sql("INSERT INTO orders.t VALUES (1)")
        let target = server.target("plain", "p%40ss%2Fw%C3%B6rd", database: "orders")
        for (text, verdict) in [
            ("SELECT * FROM mysql.global_priv", "privilege in read (1142)"),
            ("INSERT INTO t VALUES (1)", "privilege in read (1142)"),
            ("SHOW MASTER STATUS", "privilege in read (1227)"), ("SELEC", "unexpected_reply in read (1064)"),
            ("SELECT @@none", "unexpected_reply in read (1193)"),
            (
                "SET STATEMENT max_statement_time=0.05 FOR SELECT SLEEP(20) FROM t",
                "statement_timeout in read (1969)"
            ),
        ] {
            let result = try await MySQLHarness.run(target) { _ in [.plain(text)] }
            #expect(result.verdict == verdict, "\(text): \(result)")
        }
        let root = "root@unix(\(server.socket))/orders"
        let missing = try await MySQLHarness.run(root) { _ in [.plain("SELECT * FROM none")] }
        #expect(missing.verdict == "not_provisioned in read (1146)")
        try await server.sql("SET GLOBAL read_only = 1; GRANT INSERT ON orders.* TO plain")
        let readOnly = try await MySQLHarness.run(target) { _ in [.plain("INSERT INTO t VALUES (2)")] }
        try await server.sql("SET GLOBAL read_only = 0")
        #expect(readOnly.verdict == "read_only in read (1290)")
        let holder = try server.session("BEGIN; SELECT * FROM orders.t FOR UPDATE; SELECT SLEEP(600)")
        try await eventually("the row is locked") {
            let waiting = [
                MySQLStatement.plain("SET innodb_lock_wait_timeout=1"), .plain("UPDATE t SET a = 2"),
            ]
            let result = try await MySQLHarness.run(root) { _ in waiting }
            return result.verdict == "lock_timeout in read (1205)" ? () : nil
        }
        await holder.stop()
    }

    @Test("leaves nothing behind")
    func politeClose() async throws {
        let server = try server()
        // A session that another test broke off counts as aborted as soon as the server notices.
        try await eventually(that: "only we are there") {
            try await server.sql(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER <> 'system user'") == "1"
        }
        try await server.sql("FLUSH STATUS")
        let before = try await [server.status("Aborted_clients"), server.status("Aborted_connects")]
        for _ in 0..<50 {
            #expect(try await MySQLHarness.probe(server.target("bare")).verdict == "pass")
        }
        try await eventually(that: "no session is left") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'bare'")
                == "0"
        }
        let after = try await [server.status("Aborted_clients"), server.status("Aborted_connects")]
        #expect(after == before)
    }
}

extension MySQLStatement {
    /// One whose answer only has to be no error.
    fileprivate static func plain(_ text: String) -> MySQLStatement {
        MySQLStatement(text: text, phase: .read) { answer, _ in
            if case .error(let error) = answer { .fault(error) } else { .goOn() }
        }
    }
}
