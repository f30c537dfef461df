import Testing
import VitalsCore
import VitalsTesting

@Suite("The health endpoints", .oneOfAFew)
struct HealthEndpointTests {
    private static let names: Set = ["status", "version", "details"]

    /// One critical and one other component, each an HTTP target.
    private func server(
        critical: HTTPTarget, other: HTTPTarget, interval: String = "1s", environment: [String: String] = [:],
        on stage: Stage
    ) throws -> VitalsServer {
        try VitalsServer(
            """
            defaults: { interval: \(interval), timeout: 1s, thresholds: { failure: 1, success: 1 } }
            systems:
              - { id: orders-db, checks: [{ id: api, http: "\(critical.url)/hidden-path" }] }
              - { id: mail-relay, checks: [{ id: api, http: "\(other.url)/hidden-path" }] }
              - { id: unlisted, checks: [{ id: api, http: "http://127.0.0.1:1/" }] }
            health: { components: { orders: orders-db, mail: mail-relay }, critical: [orders] }
            """, environment: environment, on: stage)
    }

    /// The answer of `/health` once its status is this word.
    private func health(
        of server: VitalsServer, is status: String
    ) async throws -> (answer: HTTPMessage, json: JSONValue) {
        try await eventually("/health says \(status)") {
            let answer = try await server.api.get("/health")
            let json = try JSONValue(parsing: answer.text)
            return json["status"].string == status ? (answer, json) : nil
        }
    }

    @Test("all well: 200, the product's version, every component by its alias (S44)")
    func healthy() async throws {
        try await Stage.run { stage in
            let (critical, other) = (try stage.httpTarget(), try stage.httpTarget())
            let server = try server(critical: critical, other: other, on: stage)
            try await server.start()
            try await server.healthCheck("orders-db.api", becomes: "healthy")
            try await server.healthCheck("mail-relay.api", becomes: "healthy")
            try await server.healthCheck("unlisted.api", becomes: "unhealthy")
            let (answer, json) = try await health(of: server, is: "healthy")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true)
            #expect(json["details"].names == ["database", "workers", "orders", "mail"])
            for name in json["details"].names { #expect(json["details"][name].string == "healthy") }
            #expect(try #require(json["version"].string).isEmpty == false)
            for path in ["/healthz", "/livez", "/readyz"] {
                #expect(try await server.api.get(path).status == 200)
            }
        }
    }

    @Test("a component that is not critical degrades (S45), and comes back")
    func degraded() async throws {
        try await Stage.run { stage in
            let (critical, other) = (try stage.httpTarget(), try stage.httpTarget(.answer(500)))
            let server = try server(critical: critical, other: other, on: stage)
            try await server.start()
            try await server.healthCheck("mail-relay.api", becomes: "unhealthy")
            let (answer, json) = try await health(of: server, is: "degraded")
            #expect(answer.status == 200)
            #expect(json["details"]["mail"].string == "unhealthy")
            other.behave(.answer(200))
            _ = try await health(of: server, is: "healthy")
        }
    }

    @Test(
        "a critical component that is down: 500, or as configured; the words and nothing else (S45, S49)",
        arguments: [([:], 500), (["HEALTH_UNHEALTHY_HTTP_STATUS": "503"], 503)])
    func unhealthy(environment: [String: String], status: Int) async throws {
        try await Stage.run { stage in
            let (critical, other) = (try stage.httpTarget(isOpen: false), try stage.httpTarget())
            let server = try server(critical: critical, other: other, environment: environment, on: stage)
            try await server.start()
            try await server.healthCheck("orders-db.api", becomes: "unhealthy")
            let (answer, json) = try await health(of: server, is: "unhealthy")
            #expect(answer.status == status)
            #expect(json["details"]["orders"].string == "unhealthy")
            #expect(json.names.isSuperset(of: Self.names))
            let words = [
                "127.0.0.1", "\(critical.port)", "hidden-path", "refused", "orders-db", "http:", "/tmp",
                ".db",
            ]
            for word in words { #expect(!answer.text.contains(word), "\(answer.text)") }
        }
    }

    @Test("a dependency that hangs never makes it wait (S46)")
    func neverWaits() async throws {
        try await Stage.run { stage in
            let (critical, other) = (try stage.httpTarget(.hang), try stage.httpTarget())
            let server = try server(critical: critical, other: other, on: stage)
            try await server.start()
            _ = try await health(of: server, is: "unhealthy")
            try await eventually(that: "fifty answers in a row take less than 200 ms each") {
                var slowest = 0.0
                for _ in 0..<50 {
                    let time = try await MachineTime.milliseconds {
                        let status = try await server.api.get("/health").status
                        #expect(status == 500)
                    }
                    slowest = max(slowest, time)
                }
                return slowest < 200
            }
        }
    }

    @Test("a result that is too old is not believed (S47)")
    func tooOld() async throws {
        try await Stage.run { stage in
            let (critical, other) = (try stage.httpTarget(), try stage.httpTarget())
            let server = try server(
                critical: critical, other: other, interval: "24h", environment: ["HEALTH_MAX_AGE": "3s"],
                on: stage)
            try await server.start()
            try await server.healthCheck("orders-db.api", becomes: "healthy")
            try await eventually(that: "it is not believed any more") {
                let json = try JSONValue(parsing: try await server.api.get("/health").text)
                return json["status"].string != "healthy" && json["details"]["orders"].string != "healthy"
            }
        }
    }

    @Test("only GET and HEAD are allowed, and HEAD has no body (S50)")
    func methods() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let refused = try await server.api.send("POST", "/health")
            #expect(refused.status == 405)
            let allowed = try #require(refused.headers["allow"])
            #expect(allowed.contains("GET") && allowed.contains("HEAD"))
            let get = try await server.api.get("/health")
            let head = try await server.api.send("HEAD", "/health")
            #expect(head.status == get.status)
            #expect(head.body.isEmpty)
        }
    }
}
