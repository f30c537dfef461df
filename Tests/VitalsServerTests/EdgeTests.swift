import Logging
import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsServer

@Suite("The server's edge")
struct EdgeTests {
    private static let local = TrustedProxies(["127.0.0.0/8"].compactMap { IPNetwork($0) })

    @Test(
        "under a base path everything is there, and the health endpoints are outside, too",
        arguments: [
            ("/vitals", 200), ("/vitals/", 200), ("/vitals?x=1", 200),
            ("/vitals/api/v1/systems?limit=1", 200),
            ("/vitals/health", 200), ("/health", 200), ("/livez?verbose", 200), ("/readyz", 200),
            ("/", 404), ("/api/v1/systems", 404), ("/vitalsx", 404), ("/vitals/none", 404),
            ("/vitals/vitals/health", 404), ("/metrics", 404), ("/VITALS/health", 404),
        ])
    func basePath(_ path: String, _ status: Int) async throws {
        try await TestServer.with(Fixtures.node(), edge: Edge(basePath: "/vitals")) { (server) async throws in
            #expect(try await server.ask("GET", path).status == status)
        }
    }

    @Test("what is answered names paths under the base path")
    func links() async throws {
        let edge = Edge(publicURL: "https://status.example.com/vitals", basePath: "/vitals")
        try await TestServer.with(Fixtures.node(), edge: edge) { (server) async throws in
            let index = try await server.ask("GET", "/vitals").json
            #expect(index["systems"] as? String == "/vitals/api/v1/systems")
            let link = try await server.ask("GET", "/vitals/health-checks/a.sql")
            #expect(link.status == 303)
            #expect(link["Location"] == "/vitals/api/v1/health-checks/a.sql")
            let servers = try await server.ask("GET", "/vitals/api/v1/openapi.json").json["servers"]
            #expect(servers as? [[String: String]] == [["url": "https://status.example.com/vitals"]])
        }
    }

    @Test("with a token, a path outside of the base path tells nothing without it")
    func outsideNeedsToken() async throws {
        try await TestServer.with(
            Fixtures.node(), access: .token(Secret("t")), edge: Edge(basePath: "/vitals")
        ) { (server) async throws in
            #expect(try await server.ask("GET", "/api/v1/systems").status == 401)
            #expect(try await server.ask("GET", "/vitals/readyz/store").status == 404)
            #expect(try await server.ask("GET", "/vitals/api/v1/systems").status == 401)
        }
    }

    @Test("a request is one line: its route, never its path, and who sent it")
    func accessLog() async throws {
        let lines = LogLines()
        let edge = Edge(proxies: Self.local, accessLog: AccessLog(logger: lines.logger))
        try await TestServer.with(Fixtures.node(), edge: edge) { (server) async throws in
            _ = try await server.ask(
                "GET", "/api/v1/systems/a?token=s3cret",
                headers: ["X-Forwarded-For: 203.0.113.9", "User-Agent: curl/8\u{9}\"x\" \u{202E}\u{85}y"])
            _ = try await server.ask(
                "GET", "/ping/s3cret", headers: ["User-Agent: \(String(repeating: "a", count: 999))"])
            _ = try await server.ask("PROPFIND", "/api/v1/systems")
        }
        let fields = lines.fields
        try #require(fields.count == 3)
        #expect(fields[0]["method"] == "GET")
        #expect(fields[0]["route"] == "/api/v1/systems/{id}")
        #expect(fields[0]["status"] == "200")
        #expect(fields[0]["client"] == "203.0.113.9")
        #expect(fields[0]["agent"] == "curl/8 \"x\" \u{FFFD}\u{FFFD}y")
        #expect(Int(fields[0]["bytes"]?.description ?? "") ?? 0 > 100)
        #expect(fields[0]["ms"]?.description.contains(".") == true)
        #expect(fields[1]["route"] == "/ping/{code}")
        #expect(fields[1]["client"] == "127.0.0.1")
        #expect(fields[1]["agent"]?.description.utf8.count ?? 0 <= 203)
        #expect(fields[2]["method"] == "other")
        #expect(!"\(fields)".lowercased().contains("s3cret"))
    }

    @Test("who asks for /health too often is told when to come again; others are not concerned")
    func rateLimit() async throws {
        var limits = ServerLimits()
        limits.health = RateLimit(perSecond: 1, burst: 2)
        try await TestServer.with(Fixtures.node(), limits: limits, edge: Edge(proxies: Self.local)) {
            (server) async throws in
            let stranger = ["X-Forwarded-For: 203.0.113.9"]
            for _ in 0..<2 {
                #expect(try await server.ask("GET", "/health", headers: stranger).status == 200)
            }
            let refused = try await server.ask("GET", "/health", headers: stranger)
            #expect(refused.status == 429)
            #expect(refused["Retry-After"] == "1")
            #expect(try refused.problemCode == "too_many_requests")
            #expect(try await server.ask("GET", "/livez", headers: stranger).status == 200)
            #expect(
                try await server.ask("GET", "/health", headers: ["X-Forwarded-For: 203.0.113.10"]).status
                    == 200)
            for _ in 0..<5 { #expect(try await server.ask("GET", "/health").status == 200) }
        }
    }

    @Test(
        "behind a proxy a page of the address that people see may change something",
        arguments: [
            ("https://status.example.com", [], true), ("http://status.example.com", [], false),
            ("https://status.example.com:8443", [], false), ("https://evil.example.com", [], false),
            (
                "https://other.example.com",
                ["X-Forwarded-For: 203.0.113.9", "X-Forwarded-Host: other.example.com"], true
            ),
            (
                "http://other.example.com",
                ["X-Forwarded-Host: other.example.com", "X-Forwarded-Proto: https"], false
            ),
            ("http://localhost", ["X-Forwarded-Host: other.example.com"], false),
        ] as [(String, [String], Bool)])
    func origins(_ origin: String, _ fields: [String], _ isAnswered: Bool) async throws {
        let edge = Edge(publicURL: "https://Status.example.com/vitals", proxies: Self.local)
        try await TestServer.with(Fixtures.node(), edge: edge) { (server) async throws in
            let answer = try await server.ask(
                "POST", "/api/v1/health-checks/none/run", headers: fields + ["Origin: \(origin)"])
            #expect(answer.status == (isAnswered ? 404 : 403))
        }
    }
}

@Suite("What the server says of its configuration")
struct ConfigurationStatusTests {
    private static let problem = ConfigurationProblem(
        .value(file: "vitals.yaml", at: TextPosition(line: 3, column: 7), path: "systems[0].chekcs"),
        "unknown key; did you mean `checks`?")

    private static func node(_ problems: [ConfigurationProblem]) -> Backend {
        Fixtures.node { verbs in
            var status = LiveConfiguration.Status(loadedAt: Fixtures.start)
            status.problems = problems
            status.files = ["vitals.yaml"]
            status.revision = "r7"
            status.needsRestart = ["server"]
            let stored = verbs.editing.stored
            verbs.editing = Editing(
                forms: [], channelForms: [], stored: stored, status: { [status] in status },
                edit: { _ in .notRecorded }, now: { Fixtures.start })
            verbs.readiness = {
                [
                    Readiness(name: "store", isReady: true, detail: "ok"),
                    Readiness(name: "configuration", isReady: true, detail: "ok"),
                ]
            }
        }
    }

    @Test("files that are wrong are shown, and the server is ready all the same")
    func readiness() async throws {
        try await TestServer.with(Self.node([Self.problem]), access: .token(Secret("t"))) {
            (server) async throws in
            #expect(try await server.ask("GET", "/readyz").text == "ok\n")
            let stranger = try await server.ask("GET", "/readyz?verbose")
            #expect(stranger.status == 200)
            #expect(
                stranger.text
                    == "[+]store ok\n[-]configuration failed: reason withheld\nreadyz check passed\n")
            let friend = try await server.ask("GET", "/readyz?verbose", headers: ["Authorization: Bearer t"])
            #expect(friend.text.contains("[-]configuration failed: vitals.yaml:3:7: systems[0].chekcs:"))
            let one = try await server.ask("GET", "/readyz/configuration")
            #expect(one.status == 503)
            #expect(one.text == "[-]configuration failed: reason withheld\n")
            #expect(try await server.ask("GET", "/readyz/store").text == "ok\n")
            #expect(try await server.ask("GET", "/readyz/none").status == 401)
            #expect(try await server.ask("GET", "/readyz/tls").status == 404)
            #expect(try await server.ask("GET", "/livez?verbose").text == "[+]ping ok\nlivez check passed\n")
        }
    }

    @Test("the API says where what is wrong stands")
    func status() async throws {
        try await TestServer.with(Self.node([Self.problem])) { (server) async throws in
            let answer = try await server.ask("GET", "/api/v1/configuration")
            #expect(answer.status == 200)
            #expect(answer["ETag"] == "\"r7\"")
            let json = try answer.json
            let problem = try #require((json["problems"] as? [[String: Any]])?.first)
            #expect(problem["source"] as? String == "vitals.yaml")
            #expect(problem["line"] as? Int == 3)
            #expect(problem["column"] as? Int == 7)
            #expect(problem["path"] as? String == "systems[0].chekcs")
            #expect(json["needs_restart"] as? [String] == ["server"])
            #expect(json["files"] as? [String] == ["vitals.yaml"])
        }
    }
}
