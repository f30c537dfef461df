import Testing
import VitalsCore
import VitalsTesting

extension WriteFaults {
    @Test("two servers of a cluster that can be written to: told by the first check alone")
    func roleSplitCluster() async throws {
        let first = try await MariaDBServer(settings: ["server-id": "21"])
        let second = try await MariaDBServer(settings: ["server-id": "22", "read-only": "ON"])
        for server in [first, second] {
            try await server.start()
            try await server.sql("CREATE USER monitor IDENTIFIED BY 's3cr3t'")
        }
        func dsn(_ server: MariaDBServer) -> String { "mysql://monitor:s3cr3t@127.0.0.1:\(server.port)/" }
        try await Stage.run { stage in
            let policy = "interval: 2s, timeout: 2s, thresholds: { failure: 1, success: 1 }"
            let server = try VitalsServer(
                """
                systems:
                  - id: orders
                    cluster: { primaries: 1, replicas_at_least: 1 }
                    checks:
                      - { id: db1, mysql: "\(dsn(first))", \(policy) }
                      - { id: db2, mysql: "\(dsn(second))", \(policy) }
                """, on: stage)
            try await server.start()
            try await server.healthCheck("orders.db1", becomes: "healthy")
            try await server.healthCheck("orders.db2", becomes: "healthy")
            try await second.sql("SET GLOBAL read_only = 0")
            let run = try await server.healthCheck("orders.db1", becomes: "unhealthy")["last_run"]
            #expect(FaultPage.verdict(of: run) == "role_mismatch in session (cluster)")
            let message = run["message"].string ?? ""
            #expect(message.contains("2 servers can be written to (orders.db1, orders.db2)"), "\(message)")
            try await second.sql("SET GLOBAL read_only = 1")
            try await server.healthCheck("orders.db1", becomes: "healthy")
            #expect(try await server.stop() == 0)
        }
    }
}
