import Glibc
import Synchronization
import Testing
import VitalsCore
import VitalsTesting

/// One server for the pages that leave it whole. Its certificate is for 127.0.0.1 and ends in a few days.
private final class MySQLBook: SuiteTrait, TestScoping {
    struct Opened: Sendable {
        let server: MariaDBServer
        let authority: TestAuthority
    }

    @TaskLocal static var opened: Opened?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"], days: 3)
        let server = try await MariaDBServer(
            settings: MariaDBServer.showing(identity).merging(["max-connections": "80"]) { $1 })
        try await server.start()
        let opened = Opened(server: server, authority: authority)
        try await Self.$opened.withValue(opened) { try await function() }
        // Whatever was done to it: nothing of ours is left behind.
        try await eventually(that: "no session of ours is left") {
            try await server.sql(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER REGEXP '^page[0-9]+$'") == "0"
        }
        try await server.stop()
    }
}

/// The pages about MySQL and MariaDB, a file each.
@Suite("Fault book: MySQL and MariaDB", MySQLBook(), .oneOfAFew)
struct MySQLFaults {
    /// An account and a database of a page's own.
    static func place() async throws -> MySQLPlace {
        try await MySQLPlace(on: try #require(MySQLBook.opened).server)
    }

    /// That vouches for the server.
    static func authority() throws -> TestAuthority { try #require(MySQLBook.opened).authority }
}

/// An account and a database of one name on a server, and an account of the program that uses it.
struct MySQLPlace: Sendable {
    let server: MariaDBServer
    let name: String
    /// The account of the program.
    var app: String { "\(name)_app" }

    private static let count = Mutex(0)

    init(on server: MariaDBServer) async throws {
        self.server = server
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        let name = "page\(number)"
        self.name = name
        try await server.sql(
            """
            CREATE DATABASE \(name); CREATE TABLE \(name).t (id INT PRIMARY KEY, v INT);
            INSERT INTO \(name).t VALUES (1, 0), (2, 0);
            CREATE USER \(name) IDENTIFIED BY 's3cr3t'; GRANT SELECT ON \(name).* TO \(name);
            GRANT PROCESS, SLAVE MONITOR ON *.* TO \(name);
            CREATE USER \(app) IDENTIFIED BY 's3cr3t'; GRANT ALL ON \(name).* TO \(app);
            """)
    }

    func dsn(_ query: String = "", host: String = "127.0.0.1", port: Int? = nil) -> String {
        "mysql://\(name):s3cr3t@\(host):\(port ?? server.port)/\(name)\(query)"
    }

    /// A check that reads, and leaves out what follows from the logins of every page that was ever refused.
    var reading: String {
        measuring(
            """
            { name: aborted_connects_per_second, enabled: false }, \
            { name: connections_refused_per_minute, enabled: false }
            """)
    }

    /// A check that measures something more often, or judges it otherwise.
    ///
    /// - Parameter vitals: what stands in the list `vitals`.
    func measuring(_ vitals: String, of dsn: String? = nil) -> String {
        "mysql: \"\(dsn ?? self.dsn())\", vitals: [\(vitals)]"
    }

    @discardableResult
    func sql(_ text: String) async throws -> String { try await server.sql(text) }

    /// For what a run that is under way may prevent.
    func patiently(_ text: String) async throws {
        try await eventually(text, within: .seconds(60)) { try await server.sql(text) }
    }

    /// A session of the program.
    func session(_ text: String) throws -> ChildProcess {
        try server.session("USE \(name); \(text)", as: app, password: "s3cr3t")
    }

    /// A session of the program that holds what its statements took, until `release`.
    func hold(_ statements: String = "DO 0") async throws -> ChildProcess {
        let before = try await sleepers()
        let session = try session("\(statements); SELECT SLEEP(600)")
        try await eventually(that: "it is held", within: .seconds(60)) { try await sleepers() > before }
        return session
    }

    /// Ends the sessions of the program: a server does not notice by itself that such a client is gone.
    func release() async throws { try await patiently("KILL USER \(app)") }

    /// A session in our account's name, which may have no other.
    func takeOnlySession() async throws -> ChildProcess {
        func take() throws -> ChildProcess {
            try server.session("SELECT SLEEP(600)", as: name, password: "s3cr3t")
        }
        var session = try take()
        try await eventually(that: "the session is taken", within: .seconds(60)) {
            // Refused, while a run of ours is under way.
            if !session.isRunning { session = try take() }
            return try await sleepers(of: name) == 1
        }
        return session
    }

    /// Sessions that sleep in a statement; default: of the program.
    private func sleepers(of user: String? = nil) async throws -> Int {
        let count = try await sql(
            "SELECT COUNT(*) FROM information_schema.PROCESSLIST "
                + "WHERE USER = '\(user ?? app)' AND INFO LIKE 'SELECT SLEEP%'")
        return Int(count) ?? 0
    }

    /// So many sessions of the program, each of which holds a connection until `release`.
    func occupy(_ count: Int) async throws -> [ChildProcess] {
        let statement = "SELECT SLEEP(600)"
        var sessions: [ChildProcess] = []
        for _ in 0..<count { sessions.append(try session(statement)) }
        try await eventually(that: "\(count) connections are held", within: .seconds(60)) {
            // Refused, as long as a session before them is not quite gone.
            for index in sessions.indices where !sessions[index].isRunning {
                sessions[index] = try session(statement)
            }
            return try await sleepers() == count
        }
        return sessions
    }
}

extension MariaDBServer {
    /// Settings with which it offers TLS.
    static func showing(_ identity: TestAuthority.Identity) -> [String: String] {
        ["ssl-cert": identity.certificate, "ssl-key": identity.key]
    }
}
