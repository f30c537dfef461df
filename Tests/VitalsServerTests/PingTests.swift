import Logging
import Synchronization
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine
@testable import VitalsServer

@Suite("Pings", .timeLimit(.minutes(5)))
struct PingTests {
    private static let uuid = "5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c11"
    private static let other = "5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c12"
    private static let rid = "11111111-2222-4333-8444-555555555555"
    private static let key = "ping-key-of-sixteen"
    private static let body = String(repeating: "é", count: 3_000)

    /// `a.job` and `b.job` have the token in common, `a.backup` has its own.
    private static var directory: HeartbeatDirectory {
        var configuration = Configuration.empty
        configuration.pingKey = Secret(key)
        configuration.healthChecks = [
            ("a", "job", uuid, "shared-token-of-two"), ("b", "job", other, "shared-token-of-two"),
            ("a", "backup", "5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c13", "own-token-of-backup"),
        ].map { system, check, uuid, token in
            ConfiguredHealthCheck(
                Fixtures.healthCheck(system, check), probe: NobodyAsked(),
                heartbeat: HeartbeatAddress(
                    uuid: Secret(uuid), token: Secret(token), key: "\(system)_\(check)"))
        }
        return HeartbeatDirectory(configuration)
    }

    private static func node(_ receipt: PingReceipt = .recorded, heard: Box<String> = Box()) -> Backend {
        Fixtures.node { verbs in
            verbs.heartbeats = { directory }
            verbs.hear = { ping, id, dialect, sender, body in
                heard.value = "\(id) \(ping.kind) \(dialect) \(sender.client) \(sender.agent) \(body)"
                return receipt
            }
        }
    }

    @Test(
        "of healthchecks",
        arguments: [
            ("/ping/\(uuid)", 200, "OK", "a.job success"), ("/ping/\(uuid.uppercased())", 200, "OK", "a.job"),
            ("/ping/\(uuid)/start", 200, "OK", "a.job start"), ("/ping/\(uuid)/log", 200, "OK", "a.job log"),
            ("/ping/\(uuid)/fail", 200, "OK", "a.job failure(status: nil)"),
            ("/ping/\(uuid)/3?rid=\(rid)", 200, "OK", "a.job failure(status: Optional(3))"),
            ("/ping/\(uuid)/256", 400, "invalid exit status", nil),
            ("/ping/\(uuid)/start?rid=1", 400, "invalid uuid format", nil),
            ("/ping/\(uuid)/started", 404, "not found", nil), ("/ping/\(rid)", 404, "not found", nil),
            ("/ping/\(key)/backup", 200, "OK", "a.backup success"),
            ("/ping/\(key)/backup/fail", 200, "OK", "a.backup failure(status: nil)"),
            ("/ping/\(key)/b.job/0", 200, "OK", "b.job success"),
            ("/ping/\(key)/job", 409, "ambiguous slug", nil), ("/ping/\(key)/none", 404, "not found", nil),
            (
                "/ping/\(key)/none?create=1", 404,
                "not found: heartbeats are configured here, and not made by a ping", nil
            ),
            ("/ping/wrong-ping-key-of-16/backup", 404, "not found", nil), ("/ping/x", 404, "not found", nil),
            ("/ping/\(uuid)/start/x", 404, "not found", nil),
        ])
    func healthchecks(_ path: String, _ status: Int, _ text: String, _ expected: String?) async throws {
        let heard = Box<String>()
        try await TestServer.with(Self.node(heard: heard), access: .token(Secret("api-token"))) { server in
            for method in ["GET", "POST", "HEAD"] {
                heard.value = nil
                let answer = try await server.ask(method, path, headers: ["User-Agent: curl/8"])
                #expect(answer.status == status, "\(method)")
                #expect(answer["Ping-Body-Limit"] == "4096")
                #expect(answer["Access-Control-Allow-Origin"] == "*")
                if method != "HEAD" { #expect(answer.text == text) }
                #expect((heard.value == nil) == (expected == nil))
                if let expected {
                    #expect(heard.value?.hasPrefix(expected) == true)
                    #expect(heard.value?.contains("healthchecks 127.0.0.1 curl/8") == true)
                }
            }
            #expect(try await server.ask("PUT", path).status == 405)
        }
    }

    @Test("of healthchecks may say whatever they like, of which the beginning is kept")
    func bodies() async throws {
        let heard = Box<String>()
        try await TestServer.with(Self.node(heard: heard)) { server in
            let cut = try await server.ask("POST", "/ping/\(Self.uuid)/log", body: Self.body)
            #expect(cut.status == 200)
            #expect(heard.value?.hasSuffix(" " + String(repeating: "é", count: 2_048)) == true)
            // Far beyond what is read at all.
            let huge = String(repeating: "x", count: 3_000_000)
            let taken = try await server.ask("POST", "/ping/\(Self.uuid)", body: huge)
            #expect(taken.status == 200)
            #expect(heard.value?.hasPrefix("a.job success") == true)
        }
    }

    @Test(
        "of Gatus",
        arguments: [
            ("a_backup", "Bearer own-token-of-backup", "?success=true", 200, "", "a.backup success gatus"),
            ("A_BACKUP", "Bearer own-token-of-backup", "?success=true", 200, "", "a.backup success gatus"),
            (
                "a_job", "Bearer shared-token-of-two", "?success=false&error=disk+full&duration=1.5s", 200,
                "",
                "a.job failure(status: nil) gatus"
            ),
            (
                "a_job", "Bearer shared-token-of-two", "", 400, "missing or invalid success query parameter",
                nil
            ),
            (
                "a_job", "Bearer shared-token-of-two", "?success=true&duration=x", 400, "invalid duration",
                nil
            ),
            ("a_job", "", "?success=true", 401, "invalid Authorization header", nil),
            ("a_job", "Bearer own-token-of-backup", "?success=true", 401, "invalid key or token", nil),
            ("none", "Bearer own-token-of-backup", "?success=true", 401, "invalid key or token", nil),
        ])
    func gatus(
        _ key: String, _ authorization: String, _ query: String, _ status: Int, _ text: String,
        _ expected: String?
    ) async throws {
        let heard = Box<String>()
        try await TestServer.with(Self.node(heard: heard), access: .token(Secret("api-token"))) { server in
            let answer = try await server.ask(
                "POST", "/api/v1/endpoints/\(key)/external\(query)",
                headers: authorization.isEmpty ? [] : ["Authorization: \(authorization)"])
            #expect(answer.status == status)
            #expect(answer.text == text)
            #expect((heard.value == nil) == (expected == nil))
            if let expected { #expect(heard.value?.hasPrefix(expected) == true) }
            if query.contains("disk") { #expect(heard.value?.hasSuffix(" disk full") == true) }
        }
    }

    @Test(
        "of Uptime Kuma",
        arguments: [
            ("own-token-of-backup", "", 200, "a.backup success kuma"),
            ("own-token-of-backup?status=up&msg=OK&ping=12", "", 200, "a.backup success kuma"),
            ("own-token-of-backup?status=down&msg=full", "", 200, "a.backup failure(status: nil) kuma"),
            ("shared-token-of-two", "", 404, nil), ("none", "", 404, nil),
        ])
    func kuma(_ path: String, _ body: String, _ status: Int, _ expected: String?) async throws {
        let heard = Box<String>()
        try await TestServer.with(Self.node(heard: heard), access: .token(Secret("api-token"))) { server in
            for method in ["GET", "POST"] {
                let answer = try await server.ask(method, "/api/push/\(path)", body: body)
                #expect(answer.status == status)
                #expect(
                    answer.text
                        == (status == 200
                            ? #"{"ok":true}"# : #"{"ok":false,"msg":"Monitor not found or not active."}"#))
                if let expected { #expect(heard.value?.hasPrefix(expected) == true) }
            }
        }
    }

    @Test("that are not recorded are to be sent again, in whatever words")
    func notRecorded() async throws {
        try await TestServer.with(Self.node(.notRecorded)) { server in
            let answers = [
                try await server.ask("GET", "/ping/\(Self.uuid)"),
                try await server.ask("GET", "/api/push/own-token-of-backup"),
                try await server.ask(
                    "POST", "/api/v1/endpoints/a_backup/external?success=true",
                    headers: ["Authorization: Bearer own-token-of-backup"]),
            ]
            #expect(answers.map(\.status) == [503, 503, 503])
            #expect(answers.allSatisfy { $0["Retry-After"] == "5" })
        }
    }

    @Test(
        "need no token of the API, and open nothing else",
        arguments: ["/ping", "/api/push", "/api/v1/endpoints/a_job"])
    func nothingElse(_ path: String) async throws {
        try await TestServer.with(Self.node(), access: .token(Secret("api-token"))) { server in
            let refused = try await server.ask("GET", path)
            #expect(refused.status == 401)
        }
    }

    @Test(
        "stand in the log as their route, without what authenticates them",
        arguments: [
            ("/ping/\(uuid)/start", "/ping/{code}/{part}"), ("//ping/\(uuid)", "/ping/{code}"),
            ("/ping/a/b/c/d/e", nil), ("/api/push/own-token-of-backup", "/api/push/{token}"),
            ("/api/v1/endpoints/k/external", "/api/v1/endpoints/{key}/external"),
        ])
    func shown(_ path: String, _ expected: String?) {
        let router = Routes.router(
            Fixtures.node(), .loopback, ServerLimits(), StreamPlaces(1), Logger(label: "test"))
        #expect(KnownPaths(of: router).route(of: path) == expected)
    }

    @Test("are listed, and where they are heard is told with the health check alone")
    func listed() async throws {
        let ping = HeardPing(
            of: HealthCheckID("a.backup"), at: Fixtures.start,
            Ping(.failure(status: 3), duration: .seconds(2)), dialect: .kuma, client: "::1", agent: "curl",
            body: "full")
        let node = Fixtures.node(["a"]) { verbs in
            verbs.pings = { _, before, limit in Array([ping, ping, ping].prefix(before == nil ? limit : 1)) }
        }
        try await TestServer.with(node) { server in
            let page = try await server.ask("GET", "/api/v1/health-checks/a.sql/pings?limit=1")
            #expect(page.status == 200)
            #expect(page.text.contains(#""kind":"fail","exit_status":3"#))
            #expect(page.text.contains(#""duration_ms":2000"#))
            #expect(page.text.contains(#""next_cursor":""#))
            #expect(try await server.ask("GET", "/api/v1/health-checks/none.sql/pings").status == 404)
        }
    }
}

/// The probe of a heartbeat that no test starts.
private struct NobodyAsked: Probe {
    let kind = ProbeKind("heartbeat", isDatabase: false)
    let endpoint = "heartbeat"
    let address = "every 24h"
    let identity = "heartbeat"

    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        preconditionFailure("nothing is probed here")
    }
}
