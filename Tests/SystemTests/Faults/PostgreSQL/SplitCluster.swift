import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("two servers of a cluster that can be written to, then no replica: told by the first check alone")
    func splitCluster() async throws {
        let access = PostgresServer.passwords + "\nlocal replication all trust"
        let primary = try await PostgresServer(access: access)
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let standby = try await primary.standby()
        try await standby.start()
        let other = place.dsn.replacing(":\(primary.port)/", with: ":\(standby.port)/")
        try await Stage.run { stage in
            let policy = "interval: 2s, timeout: 2s, thresholds: { failure: 1, success: 1 }"
            let server = try VitalsServer(
                """
                systems:
                  - id: orders
                    cluster: { primaries: 1, replicas_at_least: 1 }
                    checks:
                      - { id: db1, postgres: "\(place.dsn)", \(policy) }
                      - { id: db2, postgres: "\(other)", \(policy) }
                """, on: stage)
            try await server.start()
            try await server.healthCheck("orders.db1", becomes: "healthy")
            try await server.healthCheck("orders.db2", becomes: "healthy")
            let system = try await server.api.json("systems/orders")
            #expect(system["cluster"]["replicas_at_least"].number == 1)

            try await standby.sql("SELECT pg_promote()")
            let run = try await server.healthCheck("orders.db1", becomes: "unhealthy")["last_run"]
            #expect(FaultPage.verdict(of: run) == "role_mismatch in session (cluster)")
            let message = run["message"].string ?? ""
            #expect(message.contains("2 servers can be written to (orders.db1, orders.db2)"), "\(message)")
            #expect(message.contains("there are 0 replicas, and there should be 1 at least"))
            #expect(try await server.api.healthCheck("orders.db2")["state"].string == "healthy")
            #expect(try await server.stop() == 0)
        }
    }

    @Test("another server that came in its place while nobody watched: noticed after a restart")
    func otherServerAfterRestart() async throws {
        let first = try await PostgresServer(access: PostgresServer.passwords)
        try await first.start()
        let place = try await FaultPlace(on: first)
        let second = try await PostgresServer(
            settings: ["port": "\(first.port)"], access: PostgresServer.everybody)
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                FaultPage.yaml(
                    "postgres: { dsn: \"postgres://postgres:s3cr3t@127.0.0.1:\(first.port)/postgres\", "
                        + "role: primary }", control: target.address), on: stage)
            try first.allow(PostgresServer.everybody)
            try await first.reload()
            try await server.start()
            try await server.healthCheck(FaultPage.id, becomes: "healthy")
            #expect(try await server.stop(SIGKILL) != 0)
            let known = try await place.sql("SELECT system_identifier FROM pg_control_system()")
            try await first.stop()
            try await second.start()
            try await server.start()
            let run = try await eventually("the run that sees it first") {
                try await server.api.all("health-checks/\(FaultPage.id)/runs").first {
                    $0["code"].string == "system_identifier"
                }
            }
            #expect(FaultPage.verdict(of: run) == "role_mismatch in session (system_identifier)")
            #expect(run["message"].string?.hasSuffix("and was \(known)") == true)
            try await server.healthCheck(FaultPage.id, becomes: "healthy")
            #expect(try await server.stop() == 0)
        }
    }
}
