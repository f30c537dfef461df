import Foundation
import Logging
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine
@testable import VitalsServer

@Suite("The API's description", .timeLimit(.minutes(5)))
struct OpenAPITests {
    private static let methods = ["get", "post", "put", "delete", "patch", "head", "options", "trace"]

    private static let id = HealthCheckID("a.sql")

    private let document: [String: Any]

    init() throws {
        let text = OpenAPIDocument.text(version: "0.1.0")
        document = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private var operations: [String: [String: Any]] {
        var operations: [String: [String: Any]] = [:]
        for (path, item) in document["paths"] as? [String: [String: Any]] ?? [:] {
            for (method, operation) in item where Self.methods.contains(method) {
                operations["\(method.uppercased()) \(path)"] = operation as? [String: Any]
            }
        }
        return operations
    }

    @Test("describes each route, and nothing else")
    func complete() {
        let router = Routes.router(
            Fixtures.node(), .loopback, ServerLimits(), StreamPlaces(1), Logger(label: "test"))
        let routes = KnownPaths(of: router).routes.flatMap { route in
            route.methods.filter { $0 != "HEAD" }.map { "\($0) \(route.path)" }
        }
        #expect(routes.sorted() == operations.keys.sorted())
    }

    @Test("gives each operation a name of its own, a summary and its answers")
    func operationsAreWhole() {
        let names = operations.values.compactMap { $0["operationId"] as? String }
        #expect(Set(names).count == operations.count)
        for (name, operation) in operations {
            #expect(operation["summary"] is String, "\(name)")
            let responses = operation["responses"] as? [String: Any] ?? [:]
            #expect(responses.keys.contains { $0.hasPrefix("2") || $0.hasPrefix("3") }, "\(name)")
            #expect(responses["default"] != nil, "\(name)")
            let inPath = name.components(separatedBy: "{").count - 1
            let parameters = parameters(of: operation)
            #expect(parameters.filter { $0["in"] as? String == "path" }.count == inPath, "\(name)")
            // Those who ping speak as others have told them to.
            let pings = (operation["tags"] as? [String])?.contains("pings") == true
            if name.hasPrefix("POST /api/v1/"), !pings {
                #expect(parameters.contains { $0["name"] as? String == "Idempotency-Key" }, "\(name)")
            }
        }
    }

    @Test("refers to nothing that is not there, and holds nothing that nobody refers to")
    func references() throws {
        let schema = Schema(document: document)
        var references: Set<String> = []
        func walk(_ node: Any) {
            if let object = node as? [String: Any] {
                if let reference = object["$ref"] as? String { references.insert(reference) }
                object.values.forEach(walk)
            } else if let array = node as? [Any] {
                array.forEach(walk)
            }
        }
        walk(document)
        for reference in references { #expect(schema.resolve(reference) != nil, "\(reference)") }
        let components = try #require(document["components"] as? [String: [String: Any]])
        for kind in ["schemas", "parameters", "responses"] {
            for name in components[kind]?.keys.sorted() ?? [] {
                #expect(references.contains("#/components/\(kind)/\(name)"), "\(kind) \(name)")
            }
        }
    }

    @Test("is what the server serves")
    func served() async throws {
        let document = document as NSDictionary
        let answer = Box<Answer>()
        try await TestServer.with(Fixtures.node()) { server in
            answer.value = try await server.ask("GET", "/api/v1/openapi.json")
        }
        let served = try #require(answer.value)
        #expect(served["Content-Type"] == "application/json")
        #expect(try served.json as NSDictionary == document)
    }

    @Test(
        "describes what is answered",
        arguments: [
            ("GET /", "/", 200), ("GET /health", "/health", 200),
            ("GET /api/v1/systems", "/api/v1/systems", 200),
            ("GET /api/v1/systems", "/api/v1/systems?limit=1", 200),
            ("GET /api/v1/systems", "/api/v1/systems?limit=0", 400),
            ("GET /api/v1/systems/{id}", "/api/v1/systems/a", 200),
            ("GET /api/v1/systems/{id}", "/api/v1/systems/none", 404),
            ("GET /api/v1/health-checks", "/api/v1/health-checks", 200),
            ("GET /api/v1/health-checks/{id}", "/api/v1/health-checks/a.sql", 200),
            ("GET /api/v1/health-checks/{id}", "/api/v1/health-checks/b.sql", 200),
            ("GET /api/v1/health-checks/{id}/runs", "/api/v1/health-checks/a.sql/runs", 200),
            ("POST /api/v1/health-checks/{id}/run", "/api/v1/health-checks/a.sql/run", 200),
            ("POST /api/v1/health-checks/{id}/run", "/api/v1/health-checks/b.sql/run", 429),
            ("GET /api/v1/health-checks/{id}/pings", "/api/v1/health-checks/a.sql/pings", 200),
            ("GET /api/v1/health-checks/{id}/pings", "/api/v1/health-checks/a.sql/pings?limit=x", 400),
            ("POST /api/push/{token}", "/api/push/none", 404),
            ("GET /api/v1/health-checks/{id}/history", "/api/v1/health-checks/a.sql/history", 200),
            ("GET /api/v1/health-checks/{id}/history", "/api/v1/health-checks/b.sql/history?points=1", 200),
            ("GET /api/v1/health-checks/{id}/history", "/api/v1/health-checks/a.sql/history?from=x", 400),
            ("GET /api/v1/health-checks/{id}/history", "/api/v1/health-checks/none.sql/history", 404),
            (
                "GET /api/v1/health-checks/{id}/vitals/{vital}",
                "/api/v1/health-checks/a.sql/vitals/connections", 200
            ),
            ("GET /api/v1/health-checks/{id}/vitals/{vital}", "/api/v1/health-checks/a.sql/vitals/x", 404),
            ("GET /api/v1/groups", "/api/v1/groups", 200),
            ("GET /api/v1/groups/{id}", "/api/v1/groups/payments", 200),
            ("GET /api/v1/groups/{id}", "/api/v1/groups/none", 404),
            ("GET /api/v1/checks", "/api/v1/checks", 200),
            ("GET /api/v1/checks", "/api/v1/checks?limit=0", 400),
            ("GET /api/v1/checks/{id}", "/api/v1/checks/ping", 200),
            ("GET /api/v1/checks/{id}", "/api/v1/checks/none", 404),
            (
                "GET /api/v1/health-checks/{id}/notifications", "/api/v1/health-checks/a.sql/notifications",
                200
            ),
            ("POST /api/v1/checks/{id}/pause", "/api/v1/checks/none/pause", 503),
            (
                "GET /api/v1/health-checks/{id}/notifications",
                "/api/v1/health-checks/none.sql/notifications",
                404
            ),
            ("GET /api/v1/episodes", "/api/v1/episodes", 200),
            ("GET /api/v1/episodes", "/api/v1/episodes?open=maybe", 400),
            ("GET /api/v1/transitions", "/api/v1/transitions", 200),
            ("GET /api/v1/deliveries", "/api/v1/deliveries", 200),
            ("POST /api/v1/notifications/{id}/retry", "/api/v1/notifications/N1/retry", 200),
            ("POST /api/v1/notifications/{id}/retry", "/api/v1/notifications/N2/retry", 409),
            ("POST /api/v1/channels/{id}/test", "/api/v1/channels/ops/test", 200),
            ("POST /api/v1/channels/{id}/test", "/api/v1/channels/mail/test", 502),
            ("GET /api/v1/stream", "/api/v1/stream?types=none", 400),
            ("GET /api/v1/configuration", "/api/v1/configuration", 200),
        ])
    func answers(_ operation: String, _ path: String, _ status: Int) async throws {
        let found = Box<Answer>()
        try await TestServer.with(Self.node()) { server in
            found.value = try await server.ask(String(operation.prefix { $0 != " " }), path)
        }
        let answer = try #require(found.value)
        #expect(answer.status == status)
        let schema = try #require(try self.schema(operation, status, answer["Content-Type"] ?? ""))
        #expect(Schema(document: document).faults(of: try answer.json, schema) == [])
    }

    @Test("describes a heartbeat, with its addresses and without", arguments: [true, false])
    func heartbeat(isHeard: Bool) throws {
        let berlin = try CronExpression("0 3 * * *", in: .utc)
        for rhythm in [HeartbeatSchedule.Rhythm.every(.seconds(60)), .cron(berlin)] {
            let asked = Fixtures.healthCheck("a")
            let healthCheck = HealthCheck(
                system: asked.system, check: asked.check, kind: asked.kind, policy: asked.policy,
                revision: asked.revision, heartbeat: HeartbeatSchedule(rhythm))
            var view = HealthCheckView(
                healthCheck, systemName: "The a", address: "every 60s", evaluation: Evaluation(), lastRun: nil
            )
            var heartbeat = Heartbeat(listeningSince: Fixtures.start)
            heartbeat.apply(Ping(.start), at: Fixtures.start)
            heartbeat.apply(Ping(.success), at: Fixtures.start + .seconds(3))
            view.heartbeat = isHeard ? heartbeat : nil
            var json = view.json(at: Fixtures.start)
            let address = HeartbeatAddress(uuid: Secret("u"), token: Secret("t"), key: "a_sql")
            if isHeard, case .object(let members) = address.json {
                json["heartbeat"] = members.reduce(json["heartbeat"] ?? [:]) { $0.with($1.name, $1.value) }
            }
            let schema = Schema(document: document)
            let described = try #require(schema.resolve("#/components/schemas/HealthCheck"))
            let value = try JSONSerialization.jsonObject(with: Data(json.text.utf8))
            #expect(schema.faults(of: value, described) == [])
            // What a message says of it opens nothing.
            #expect(!view.json(at: Fixtures.start).text.contains("ping_path"))
        }
    }

    @Test("describes what is streamed")
    func events() throws {
        let schema = Schema(document: document)
        let event = try #require(schema.resolve("#/components/schemas/Event"))
        for (sequence, content) in [
            Fixtures.transition(of: Self.id), Fixtures.attempt(of: Self.id),
            .runCompleted(Fixtures.failedRun(of: Self.id)),
        ].enumerated() {
            let json = Signal(sequence: sequence, content: content).json.text
            let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
            #expect(schema.faults(of: value, event) == [])
        }
        #expect(schema.faults(of: [String: Any](), event) == [])
    }

    @Test("would not pass an answer that it does not describe")
    func schemaRefuses() throws {
        let schema = Schema(document: document)
        let run = try #require(schema.resolve("#/components/schemas/Missed"))
        for text in [
            "{}", #"{"missed":{}}"#, #"{"missed":{"from":"x","to":"x","count":0,"reason":"late"}}"#,
            #"{"missed":{"from":"x","to":"x","count":1,"reason":"none"}}"#,
            #"{"missed":{"from":"x","to":1,"count":1,"reason":"late"}}"#,
            #"{"missed":{"from":"x","to":"x","count":1,"reason":"late","more":1}}"#,
        ] {
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
            #expect(schema.faults(of: value, run).count > 0, "\(text)")
        }
    }

    private func schema(_ operation: String, _ status: Int, _ type: String) throws -> [String: Any]? {
        let responses = operations[operation]?["responses"] as? [String: [String: Any]]
        var response = try #require(responses?[String(status)] ?? responses?["default"])
        if let reference = response["$ref"] as? String {
            response = try #require(Schema(document: document).resolve(reference))
        }
        let content = response["content"] as? [String: [String: Any]]
        return content?[type]?["schema"] as? [String: Any]
    }

    private func parameters(of operation: [String: Any]) -> [[String: Any]] {
        (operation["parameters"] as? [[String: Any]] ?? []).map { parameter in
            (parameter["$ref"] as? String).flatMap { Schema(document: document).resolve($0) } ?? parameter
        }
    }

    /// With a check of its own, and somebody who is told.
    private static var configuration: Configuration {
        let healthCheck = Fixtures.healthCheck("a").with(bindings: [Binding(ChannelID("ops"))])
        var configuration = Configuration.empty
        configuration.checks = [
            ReusableCheck(
                id: CheckID("ping"), kind: ProbeKind("tcp", isDatabase: false), isOnAll: true,
                systems: [SystemID("a")], isPaused: false)
        ]
        configuration.healthChecks = [
            ConfiguredHealthCheck(healthCheck, probe: ScriptedProbe("db1", on: ManualLoop(ManualClock())))
        ]
        return configuration
    }

    private static func node() -> Backend {
        let configuration = configuration
        return Fixtures.node { verbs in
            verbs.editing.stored = { StoredConfiguration(items: [:], configuration: configuration) }
            verbs.healthSummary = {
                HealthSummary([
                    HealthSummary.Component(
                        name: "database", state: .healthy, isCritical: true, isOverdue: false)
                ])
            }
            verbs.history = { id, _, limit in
                let at = Fixtures.start - .seconds(60)
                return [
                    .run(Fixtures.failedRun(of: id)),
                    .miss(Miss(of: id, from: at, to: at, count: 1, reason: .backoff)),
                ].suffix(limit)
            }
            verbs.points = { id, range, count in
                var past = Past()
                if id == HealthCheckID("a.sql") {
                    past.samples = [
                        Sample(at: range.lowerBound, outcome: .warn, latency: .microseconds(1_500)),
                        Sample(at: range.lowerBound + .seconds(1), outcome: .fail, latency: .zero),
                    ]
                }
                return HistoryPoints(past, over: range, count: count)
            }
            verbs.pings = { id, _, limit in
                [
                    HeardPing(
                        of: id, at: Fixtures.start,
                        Ping(.failure(status: 3), run: "r", duration: .seconds(1)),
                        dialect: .gatus, client: "::1", agent: "curl", body: "full"),
                    HeardPing(
                        of: id, at: Fixtures.start - .seconds(1), Ping(.start), dialect: .healthchecks,
                        client: "", agent: "", body: ""),
                ].suffix(limit)
            }
            verbs.uptime = { $0 == HealthCheckID("a.sql") ? [.day: 0.5, .week: 1] : [:] }
            verbs.episodes = { _ in Fixtures.episodes }
            verbs.transitions = { _ in Fixtures.transitions }
            verbs.deliveries = { _, limit in [Fixtures.delivery(1)].suffix(limit) }
            verbs.retry = { $0.text == "N1" ? .due : .overtaken }
            verbs.test = { id in
                .sent(
                    id.text == "ops"
                        ? .delivered(httpStatus: nil, note: "not to all") : .answered(httpStatus: 500))
            }
            verbs.run = { id in
                guard id == HealthCheckID("a.sql") else { return .cooldown(retryAfter: .seconds(3)) }
                let run = Fixtures.failedRun(of: id, trigger: .manual)
                return .done(
                    run,
                    HealthCheckView(
                        Fixtures.healthCheck("a"), systemName: "The a", address: "db1.example.com",
                        evaluation: Evaluation(), lastRun: run))
            }
        }
    }
}
