import Foundation
import Testing
import VitalsTesting

@Suite("What a wrapped database shows", .oneOfAFew)
struct WrapMetricsTests {
    private static func database() async throws -> PostgresServer {
        let postgres = try await PostgresServer(access: PostgresServer.passwords)
        try await postgres.start()
        try await postgres.addMonitor()
        return postgres
    }

    @Test("metrics: up, latency, service_health, each family described once (S35)")
    func serving() async throws {
        try await Stage.run { stage in
            let postgres = try await Self.database()
            let wrapped = try Wrapped(["--db-dsn", postgres.monitorURL()], on: stage)
            try await wrapped.isUp()
            try await eventually(that: "the database is up") { try await wrapped.value("db_up") == 1 }
            let answer = try await wrapped.api.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"]?.hasPrefix("text/plain") == true)
            let lines = answer.text.split(separator: "\n")
            #expect(!lines.contains { $0.hasPrefix(" ") })
            for kind in ["# HELP ", "# TYPE "] {
                let names = lines.filter { $0.hasPrefix(kind) }.map { $0.dropFirst(7).prefix { $0 != " " } }
                #expect(Set(names).count == names.count)
            }
            #expect(try await wrapped.value("db_read_latency_ms") ?? 0 > 0)
            #expect(try await wrapped.metrics()[#"service_health{service="sleep"}"#] == 1)
            let health = try await wrapped.api.get("/health")
            #expect(health.status == 200)
            let json = try JSONValue(parsing: health.text)
            #expect(json["status"].string == "healthy")
            #expect(json["details"]["database"].string == "healthy")
            #expect(json["details"]["process"].string == "healthy")
            #expect(try await wrapped.stop() == 143)
            #expect(!wrapped.program.errors.contains("s3cr3t"))
        }
    }

    @Test("a database that stops and comes back is told within a cycle, and the program never notices (S36)")
    func stopping() async throws {
        try await Stage.run { stage in
            let postgres = try await Self.database()
            let wrapped = try Wrapped(
                ["--db-dsn", postgres.monitorURL(), "--service-name", "orders"], on: stage)
            try await eventually(that: "up") { try await wrapped.value("db_up", of: "orders") == 1 }
            try await postgres.stop()
            try await eventually(that: "down") { try await wrapped.value("db_up", of: "orders") == 0 }
            let metrics = try await wrapped.metrics()
            #expect(metrics[#"service_health{service="orders"}"#] == 0)
            #expect(try await wrapped.value("db_connection_errors_total", of: "orders") ?? 0 > 0)
            #expect(!metrics.keys.contains { $0.hasPrefix("db_read_latency_ms") })
            #expect(try await wrapped.api.get("/health").status == 500)
            #expect(try await wrapped.api.get("/healthz").status == 200)
            #expect(wrapped.program.process.isRunning)
            try await postgres.start()
            try await eventually(that: "up again") { try await wrapped.value("db_up", of: "orders") == 1 }
            #expect(try await wrapped.stop() == 143)
        }
    }

    @Test("a database that only takes no writes is up, and half well (S36)")
    func readOnly() async throws {
        try await Stage.run { stage in
            let postgres = try await PostgresServer()
            try await postgres.start()
            let dsn = "postgres://postgres@127.0.0.1:\(postgres.port)/postgres"
            let wrapped = try Wrapped(["--db-dsn", dsn, "--create-table"], on: stage)
            try await eventually(that: "it writes") {
                try await wrapped.value("db_write_latency_ms") ?? 0 > 0
            }
            #expect(try await wrapped.metrics()[#"service_health{service="sleep"}"#] == 1)
            try await postgres.sql("ALTER ROLE postgres SET default_transaction_read_only = on")
            try await eventually(that: "half well") {
                try await wrapped.metrics()[#"service_health{service="sleep"}"#] == 0.5
            }
            let metrics = try await wrapped.metrics()
            #expect(metrics[#"service_health{service="sleep"}"#] == 0.5)
            #expect(try await wrapped.value("db_up") == 1)
            #expect(!metrics.keys.contains { $0.hasPrefix("db_write_latency_ms") })
            #expect(try await wrapped.stop() == 143)
        }
    }

    @Test("MariaDB is written to as well, and is to have the part that it is told")
    func mariaDB() async throws {
        try await Stage.run { stage in
            let server = try await MariaDBServer()
            try await server.start()
            try await server.sql("CREATE USER owner; GRANT ALL ON *.* TO owner")
            let dsn = "mysql://owner@127.0.0.1:\(server.port)/"
            let wrapped = try Wrapped(
                ["--db-dsn", dsn, "--create-table", "--role", "primary"], on: stage)
            try await eventually(that: "it writes") {
                try await wrapped.metrics().contains { name, value in
                    name.hasPrefix("db_write_latency_ms{") && name.contains(#"engine="mysql""#) && value > 0
                }
            }
            #expect(try await server.sql("SELECT COUNT(*) FROM vitals.heartbeat") == "1")
            try await server.sql("SET GLOBAL read_only = 1")
            try await eventually(that: "it is no primary any more") {
                try await wrapped.metrics()[#"service_health{service="sleep"}"#] == 0
            }
            #expect(try await wrapped.stop() == 143)
        }
    }

    @Test("PostgreSQL, wrapped: down until it serves, then up, and told to stop it stops in order (S40)")
    func late() async throws {
        try await Stage.run { stage in
            let postgres = try await PostgresServer()
            let starts = stage.folder.appending(path: "starts").path
            // As an image does it: something first, and then the server in its place.
            let script = #"echo started >> "$0"; until [ -e "$0.go" ]; do sleep 0.1; done; exec "$@""#
            let dsn = "postgres://postgres@127.0.0.1:\(postgres.port)/postgres"
            let wrapped = try Wrapped(
                ["--db-dsn", dsn, "--service-name", "db"],
                around: ["sh", "-c", script, starts] + postgres.command, on: stage)
            try await eventually(that: "down") {
                try await wrapped.value("db_connection_errors_total", of: "db") ?? 0 > 2
            }
            #expect(try await wrapped.value("db_up", of: "db") == 0)
            try Data().write(to: URL(filePath: starts + ".go"))
            try await eventually(that: "up") { try await wrapped.value("db_up", of: "db") == 1 }
            #expect(try String(contentsOfFile: starts, encoding: .utf8) == "started\n")
            // A fast shutdown of PostgreSQL: it ends with 0.
            #expect(try await wrapped.stop(SIGINT) == 0)
        }
    }

    @Test("nothing but a URL and a port to look at: /health says so of each, and it ends in order")
    func services() async throws {
        try await Stage.run { stage in
            let http = try stage.httpTarget()
            let tcp = try stage.tcpTarget()
            let wrapped = try Wrapped(
                ["--http", "\(http.url)/", "--tcp", tcp.address], around: [], on: stage)
            try await eventually(that: "both are healthy") {
                let details = try JSONValue(parsing: try await wrapped.api.get("/health").text)["details"]
                return details["http"].string == "healthy" && details["tcp"].string == "healthy"
            }
            #expect(try await wrapped.metrics()[#"service_health{service="service"}"#] == 1)
            tcp.close()
            try await eventually(that: "one is down") {
                try await wrapped.metrics()[#"service_health{service="service"}"#] == 0
            }
            #expect(try await wrapped.stop() == 0)
        }
    }

    @Test("a database file that is not there is not up, and is not made (S43)")
    func missingFile() async throws {
        try await Stage.run { stage in
            let file = stage.folder.appending(path: "none.db").path
            let dsn = "file:\(file)?mode=rw"
            let (exitCode, output, _) = try await VitalsProgram.run(
                ["wrap", "--once", "--db-dsn", dsn], on: stage)
            #expect(exitCode == 3)
            #expect(output.contains("db_missing"))
            let wrapped = try Wrapped(["--db-dsn", dsn], on: stage)
            let labels = #"target="sleep",engine="sqlite",db_name="sqlite",db_role="primary""#
            try await eventually(that: "it was looked for") {
                try await wrapped.metrics()["db_status{\(labels),state=\"misconfigured\"}"] == 1
            }
            #expect(try await wrapped.metrics()["db_up{\(labels)}"] == 0)
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }
}
