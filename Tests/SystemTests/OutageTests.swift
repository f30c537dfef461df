import Foundation
import Testing
import VitalsCore
import VitalsTesting

@Suite("An outage is told once and resolved once", .oneOfAFew)
struct OutageTests {
    @Test(
        "PostgreSQL stops, Vitals is killed, both return: one down, one recovered, each slot accounted for"
    )
    func wholeStory() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            try await postgres.addMonitor()
            let server = try VitalsServer(
                """
                channels:
                  - id: ops
                    default: true
                    webhook: { url: "\(receiver.url)", secret: "${OPS_SECRET}" }
                systems:
                  - id: orders-db
                    name: Orders database
                    checks:
                      - id: sql
                        postgres: "\(postgres.monitorURL())"
                        interval: 1s
                """, environment: ["OPS_SECRET": receiver.secret], on: stage)
            try await server.start()
            try await server.healthCheck("orders-db.sql", becomes: "healthy")

            try await postgres.stop()
            let unhealthy = try await server.healthCheck("orders-db.sql", becomes: "unhealthy")
            #expect(unhealthy["last_run"]["cause"].string == "refused")
            #expect(unhealthy["last_run"]["phase"].string == "connect")
            let episode = try #require(unhealthy["episode"].string)
            try await eventually(that: "the delivery is recorded") {
                try await server.api.all("deliveries").map { $0["status"].string } == ["delivered"]
            }
            let down = try #require(receiver.messages.first)
            #expect(down.isSigned)
            #expect(down.type == "down")
            #expect(down.episode == episode)
            #expect(down.healthCheck == "orders-db.sql")
            #expect(down.body["system"]["name"].string == "Orders database")
            #expect(down.body["health_check"]["last_run"]["cause"].string == "refused")
            #expect(down.body["previous_state"].string == "healthy")
            #expect(down.body["state"].string == "unhealthy")
            #expect(down.body["id"].string == down.id)

            #expect(try await server.stop(SIGKILL) != 0)
            let killed = MachineTime.wall
            try await postgres.start()
            try await eventually(that: "slots have passed unwatched") {
                MachineTime.wall - killed > .seconds(2)
            }
            try await server.start()
            try await server.healthCheck("orders-db.sql", becomes: "healthy")
            try await eventually(that: "the recovery arrives") { receiver.messages.count >= 2 }
            try await eventually(that: "five slots have passed since") {
                try await server.api.all("health-checks/orders-db.sql/runs").prefix(5).allSatisfy {
                    $0["outcome"].string == "pass"
                }
            }
            #expect(receiver.messages.map(\.type) == ["down", "recovered"])
            let recovered = try #require(receiver.messages.last)
            #expect(recovered.isSigned)
            #expect(recovered.episode == episode)
            #expect(recovered.id != down.id)
            #expect(try await server.api.healthCheck("orders-db.sql")["episode"] == .null)

            let account = try await SlotAccount.complete(of: "orders-db.sql", every: .seconds(1), at: server)
            #expect(account.misses["not_running", default: 0] > 0)
            #expect(account.runs.allSatisfy { $0["location"].string == "local" })
        }
    }

    @Test("restarted while it is degraded, it tells nothing anew (S34)")
    func restartWhileDegraded() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let target = try stage.tcpTarget(isOpen: false)
            let server = try VitalsServer(
                """
                channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
                systems:
                  - id: db
                    checks:
                      - id: port
                        tcp: "\(target.address)"
                        interval: 1s
                        thresholds: { failure: 1000, success: 1, degraded: 1 }
                """, on: stage)
            try await server.start()
            let before = try await server.healthCheck("db.port", becomes: "degraded")
            try await eventually(that: "it is told") { receiver.messages.map(\.type) == ["degraded"] }
            #expect(try await server.stop() == 0)

            try await server.start()
            let runs = try await server.api.all("health-checks/db.port/runs").count
            try await eventually(that: "it has run again") {
                try await server.api.all("health-checks/db.port/runs").count > runs + 2
            }
            let after = try await server.api.healthCheck("db.port")
            #expect(after["state"].string == "degraded")
            #expect(after["since"] == before["since"])
            #expect(after["episode"] == before["episode"])
            #expect(try await server.api.all("deliveries").count == 1)
            #expect(receiver.messages.count == 1)
        }
    }

    @Test("an outage that ends while it is stopped recovers once after the start (S34)")
    func recoveryWhileStopped() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let target = try stage.tcpTarget(isOpen: false)
            let server = try VitalsServer(
                """
                channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
                systems:
                  - id: db
                    checks:
                      - id: port
                        tcp: "\(target.address)"
                        interval: 1s
                        thresholds: { failure: 1, success: 1 }
                """, on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "unhealthy")
            try await eventually(that: "it is told") { receiver.messages.count == 1 }
            #expect(try await server.stop() == 0)

            try target.open()
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            try await eventually(that: "the recovery arrives") { receiver.messages.count == 2 }
            #expect(receiver.messages.map(\.type) == ["down", "recovered"])
            #expect(Set(receiver.messages.map(\.episode)).count == 1)
            // Without a secret nothing is signed.
            #expect(receiver.messages.allSatisfy { $0.request.headers["webhook-signature"] == nil })
            // A system without a name goes by its id (S55).
            #expect(receiver.messages.allSatisfy { $0.body["system"]["name"].string == "db" })
        }
    }

    @Test("what was written down before a kill is still told after it")
    func killedBeforeTelling() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver(.answer(503))
            let target = try stage.tcpTarget(isOpen: false)
            let server = try VitalsServer(
                """
                channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
                systems:
                  - id: db
                    checks:
                      - id: port
                        tcp: "\(target.address)"
                        interval: 1s
                        thresholds: { failure: 1, success: 1 }
                """, on: stage)
            try await server.start()
            try await eventually(that: "it is tried") { !receiver.messages.isEmpty }
            #expect(try await server.stop(SIGKILL) != 0)

            receiver.target.behave(.answer(204, body: ""))
            try await server.start()
            try await eventually(that: "it is delivered", within: .seconds(40)) {
                try await server.api.all("deliveries").contains { $0["status"].string == "delivered" }
            }
            #expect(Set(receiver.messages.map(\.id)).count == 1, "every attempt carries the same id")
            #expect(Set(receiver.messages.map(\.type)) == ["down"])
        }
    }
}
