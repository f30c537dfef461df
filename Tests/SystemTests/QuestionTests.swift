import Testing
import VitalsTesting

@Suite("Questions of one's own", .oneOfAFew)
struct QuestionTests {
    private static let asked = """
                interval: 24h
                timeout: 20s
                confirm_every: off
                thresholds: { failure: 1, success: 1 }
                vitals: [{ name: job_rows, query: SELECT COUNT(*) FROM jobs, every: 24h, warn: 5 }]
                collect: [{ name: few jobs, query: SELECT a FROM jobs, conditions: "[ROWS].count < 3" }]
        """

    @Test("are put to MariaDB and to a file in each run, and the run that is kept says what they found")
    func served() async throws {
        try await Stage.run { stage in
            let maria = try await MariaDBServer()
            try await maria.start()
            try await maria.sql("CREATE DATABASE shop; CREATE TABLE shop.jobs (a INT); CREATE USER monitor")
            try await maria.sql("GRANT SELECT ON shop.* TO monitor; INSERT INTO shop.jobs VALUES (7)")
            let directory = try TemporaryDirectory("vitals-questions")
            try await run(
                ["sqlite3", "app.db", "CREATE TABLE jobs (a INT); INSERT INTO jobs VALUES (7)"], in: directory
            )
            let server = try VitalsServer(
                """
                systems:
                  - id: db
                    checks:
                      - id: maria
                        mysql: "mysql://monitor@127.0.0.1:\(maria.port)/shop"
                \(Self.asked)
                      - id: file
                        sqlite: "\(directory.file("app.db"))"
                \(Self.asked)
                """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0s"], on: stage)
            try await server.start()
            for id in ["db.maria", "db.file"] {
                try await eventually("the first run") {
                    try await server.api.healthCheck(id)["state"].string == "healthy" ? true : nil
                }
                let held = try JSONValue(parsing: try await server.api.run(id).text)["run"]
                #expect(held["outcome"].string == "pass", "\(held)")
                #expect(held["conditions"].items.map { $0["verdict"].string } == ["holds"])
                let vitals = try await server.api.healthCheck(id)["vitals"].items
                #expect(vitals.first { $0["name"].string == "job_rows" }?["value"].number == 1, "\(vitals)")
            }
            try await maria.sql("INSERT INTO shop.jobs VALUES (8), (9)")
            try await run(["sqlite3", "app.db", "INSERT INTO jobs VALUES (8), (9)"], in: directory)
            for id in ["db.maria", "db.file"] {
                let run = try JSONValue(parsing: try await server.api.run(id).text)["run"]
                #expect(run["cause"].string == "condition", "\(run)")
                #expect(run["phase"].string == "vitals")
                #expect(run["message"].string == "few jobs: [ROWS].count (3) < 3")
                let check = try await server.api.healthCheck(id)
                #expect(check["state"].string == "unhealthy")
                let kept = check["last_run"]["conditions"].items.map { $0["condition"].string }
                #expect(kept == ["few jobs: [ROWS].count < 3"])
            }
        }
    }

    @Test("that could do more than read of MySQL are an error of the configuration, where it is written")
    func refused() async throws {
        try await Stage.run { stage in
            let directory = try TemporaryDirectory("vitals-questions")
            try directory.write(
                "vitals.yaml",
                """
                systems:
                  - id: db
                    checks:
                      - id: maria
                        mysql: "mysql://monitor@127.0.0.1/shop"
                        vitals: [{ name: a, query: SET GLOBAL max_connections = 1 }]
                        collect:
                          - { name: b, query: CALL sweep() }
                          - { name: c, query: SELECT 1 INTO OUTFILE 'x' }
                """)
            let result = try await VitalsProgram.run(
                ["config", "validate", "--config", directory.file("vitals.yaml")], on: stage)
            #expect(result.exitCode == 78)
            for words in [
                "vitals.yaml:6:", "vitals[0].query: begins with SET; only what begins with SELECT, SHOW",
                "collect[0].query: begins with CALL; ", "collect[1].query: holds the word OUTFILE, ",
            ] {
                #expect(result.errors.contains(words), "\(result)")
            }
        }
    }
}
