import Testing
import VitalsCore

@testable import VitalsServer

@Suite("Access")
struct AccessTests {
    private static let token = Access.token(Secret("s3cret-token"))

    @Test(
        "with a token every path but the health endpoints needs it",
        arguments: [
            "/", "/api/v1/systems", "/api/v1/systems/a", "/api/v1/health-checks", "/api/v1/deliveries",
            "/api/v1/stream", "/api/v1/openapi.json", "/nothing", "/health/", "//health", "/%68ealth",
            "/HEALTH",
        ])
    func needsToken(_ path: String) async throws {
        try await TestServer.with(Fixtures.node(), access: Self.token) { server in
            let refused = try await server.ask("GET", path)
            #expect(refused.status == 401)
            #expect(try refused.problemCode == "unauthorized")
            #expect(refused["WWW-Authenticate"] == "Bearer realm=\"vitals\"")
            #expect(!refused.text.contains("s3cret"))
        }
    }

    @Test(
        "with a token the health endpoints answer anybody",
        arguments: ["/health", "/healthz", "/livez", "/readyz"])
    func publicPaths(_ path: String) async throws {
        try await TestServer.with(Fixtures.node(), access: Self.token) { server in
            let answers = [
                try await server.ask("GET", path),
                try await server.ask("GET", path, host: "vitals.example.com"),
                try await server.ask("GET", "\(path)?verbose"),
                try await server.ask("POST", path),
            ]
            #expect(answers.map(\.status) == [200, 200, 200, 405])
        }
    }

    @Test(
        "only the very token opens",
        arguments: [
            ("Bearer s3cret-token", 200), ("bearer s3cret-token", 200), ("Bearer s3cret-toke", 401),
            ("Bearer s3cret-tokenn", 401), ("Bearer s3cret-tokens3cret-token", 401), ("Bearer ", 401),
            ("Bearer", 401), ("Basic s3cret-token", 401), ("s3cret-token", 401), ("", 401),
        ])
    func tokens(_ authorization: String, _ status: Int) async throws {
        try await TestServer.with(Fixtures.node(), access: Self.token) { server in
            let answer = try await server.ask(
                "GET", "/api/v1/systems", headers: ["Authorization: \(authorization)"])
            #expect(answer.status == status)
        }
    }

    @Test(
        "without a token only a Host that is this machine's own is answered",
        arguments: [
            ("localhost", true), ("localhost:8080", true), ("LOCALHOST:1", true), ("127.0.0.1", true),
            ("127.0.0.1:8080", true), ("127.9.8.7", true), ("[::1]", true), ("[::1]:8080", true),
            ("rebound.example.com", false), ("rebound.example.com:8080", false),
            ("localhost.example.com", false),
            ("127.0.0.1.example.com", false), ("127.0.0.256", false), ("10.0.0.1", false), ("0.0.0.0", false),
            ("[::]", false), ("[2001:db8::1]:8080", false), ("", false),
        ])
    func hosts(_ host: String, _ isAnswered: Bool) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            for path in ["/health", "/api/v1/systems"] {
                let answer = try await server.ask("GET", path, host: host)
                #expect(answer.status == (isAnswered ? 200 : 403))
                if !isAnswered { #expect(try answer.problemCode == "forbidden_host") }
            }
        }
    }

    @Test("two Hosts are refused, whoever asks", arguments: [Access.loopback, .anyone, token])
    func twoHosts(_ access: Access) async throws {
        try await TestServer.with(Fixtures.node(), access: access) { server in
            let answer = try await server.ask("GET", "/health", headers: ["Host: localhost"])
            #expect(answer.status == 400)
        }
    }

    @Test(
        "a page of another origin may not post",
        arguments: [
            ("http://localhost:8080", true), ("https://localhost:8080", true), ("http://localhost", false),
            ("http://evil.example.com", false), ("http://localhost:8080.example.com", false), ("null", false),
            ("", false), ("http://localhost:8080/path", false),
        ])
    func origins(_ origin: String, _ isAnswered: Bool) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let answer = try await server.ask(
                "POST", "/api/v1/health-checks/none/run", host: "localhost:8080",
                headers: ["Origin: \(origin)"])
            #expect(answer.status == (isAnswered ? 404 : 403))
            if !isAnswered { #expect(try answer.problemCode == "forbidden_origin") }
        }
    }

    @Test(
        "every answer forbids sniffing, caching and framing",
        arguments: ["/health", "/api/v1/systems", "/none"])
    func headers(_ path: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let answer = try await server.ask("GET", path)
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'")
            #expect(answer["Server"] == nil)
        }
    }
}

@Suite("Where the server may listen")
struct ListenPolicyTests {
    @Test(
        "on loopback without a token it answers this machine alone, even if told to be insecure",
        arguments: ["127.0.0.1", "127.3.2.1", "localhost", "::1", "[::1]"])
    func loopback(_ host: String) throws {
        for isInsecure in [false, true] {
            #expect(
                try ListenPolicy.access(listeningOn: host, token: nil, isInsecure: isInsecure) == .loopback)
        }
    }

    @Test(
        "elsewhere it needs a token, or to be told that it may be open",
        arguments: ["0.0.0.0", "::", "[::]", "10.1.2.3", "vitals.example.com", "127.0.0.1.example.com", ""])
    func elsewhere(_ host: String) throws {
        #expect(throws: ListenRefusal(host: host)) {
            try ListenPolicy.access(listeningOn: host, token: nil, isInsecure: false)
        }
        #expect(throws: ListenRefusal(host: host)) {
            try ListenPolicy.access(listeningOn: host, token: Secret(""), isInsecure: false)
        }
        #expect(try ListenPolicy.access(listeningOn: host, token: nil, isInsecure: true) == .anyone)
        #expect(
            try ListenPolicy.access(listeningOn: host, token: Secret("t"), isInsecure: false)
                == .token(Secret("t")))
    }

    @Test("the refusal says what mends it")
    func words() {
        let text = ListenRefusal(host: "0.0.0.0").description
        #expect(text.contains("0.0.0.0") && text.contains("API_TOKEN") && text.contains("--insecure"))
    }
}
