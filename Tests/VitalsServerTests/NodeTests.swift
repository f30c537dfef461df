import Logging
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsServer

@Suite("The server of a real node", .timeLimit(.minutes(5)))
struct NodeTests {
    private static func node() async throws -> Node {
        let loop = ManualLoop()
        let healthCheck = Fixture.healthCheck("orders-db", "sql")
        var server = ServerSettings()
        server.maxConcurrentHealthChecks = 10
        var health = HealthSettings()
        health.unhealthyHTTPStatus = 503
        let configuration = Configuration(
            server: server, channels: [],
            systems: [System(id: healthCheck.system, healthChecks: [healthCheck.id])],
            healthChecks: [
                ConfiguredHealthCheck(healthCheck, probe: ScriptedProbe("127.0.0.1:5433", on: loop))
            ], health: health, storage: StorageSettings())
        return try await Node(
            configuration, store: MemoryStore(), on: loop, clock: loop.clock.machine,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, version: "1.2.3")
    }

    @Test("answers what the node knows")
    func answers() async throws {
        let node = try await Self.node()
        let editing = Fixtures.Verbs().editing
        #expect(Backend(node, editing).unhealthyHTTPStatus == 503)
        #expect(Backend(node, editing).boot == node.boot)
        try await TestServer.with(Backend(node, editing)) { server in
            let health = try await server.ask("GET", "/health")
            #expect(health.status == 200)
            #expect(try health.json["version"] as? String == "1.2.3")
            #expect(try health.json["time"] as? String == node.now().iso8601)
            let ready = try await server.ask("GET", "/readyz?verbose")
            #expect(ready.text == "[+]store ok\n[+]configuration ok\nreadyz check passed\n")
            let healthCheck = try await server.ask("GET", "/api/v1/health-checks/orders-db.sql")
            #expect(try healthCheck.json["state"] as? String == "unknown")
            for list in ["systems", "health-checks"] {
                let page = try await server.ask("GET", "/api/v1/\(list)").json
                #expect((page["items"] as? [Any])?.count == 1)
            }
            for list in ["deliveries", "health-checks/orders-db.sql/runs"] {
                let page = try await server.ask("GET", "/api/v1/\(list)").json
                #expect((page["items"] as? [Any])?.isEmpty == true)
            }
            let run = try await server.ask("POST", "/api/v1/health-checks/none.sql/run")
            #expect(run.status == 404)
        }
    }
}
