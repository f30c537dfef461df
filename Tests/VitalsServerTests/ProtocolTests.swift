import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsServer

@Suite("HTTP")
struct ProtocolTests {
    @Test(
        "every known path tells its methods to those it does not know",
        arguments: [
            ("/", "GET, HEAD"), ("/health", "GET, HEAD"), ("/healthz", "GET, HEAD"), ("/livez", "GET, HEAD"),
            ("/readyz", "GET, HEAD"), ("/api/v1/systems", "GET, HEAD, POST"),
            ("/api/v1/systems/a", "DELETE, GET, HEAD, PUT"),
            ("/api/v1/health-checks", "GET, HEAD"), ("/api/v1/health-checks/a.sql", "GET, HEAD, PATCH"),
            ("/api/v1/health-checks/a.sql/runs", "GET, HEAD"), ("/api/v1/health-checks/a.sql/run", "POST"),
            ("/api/v1/deliveries", "GET, HEAD"), ("/api/v1/stream", "GET, HEAD"),
            ("/api/v1/openapi.json", "GET, HEAD"),
        ])
    func allow(_ path: String, _ methods: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let unknown = ["PUT", "OPTIONS", "PROPFIND", "POST", "GET"].filter { !methods.contains($0) }
            for method in unknown {
                let answer = try await server.ask(method, path)
                #expect(answer.status == 405)
                #expect(answer["Allow"] == methods)
                #expect(try answer.problemCode == "method_not_allowed")
            }
        }
    }

    @Test(
        "an unknown path or id is a problem with 404",
        arguments: [
            "/none", "/api/v1", "/api/v2/systems", "/api/v1/systems/none", "/api/v1/health-checks/none",
            "/api/v1/health-checks/none/runs", "/api/v1/systems/a/b", "/api/v1/stream?health_check=none",
        ])
    func notFound(_ path: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let answer = try await server.ask("GET", path)
            #expect(answer.status == 404)
            #expect(try answer.problemCode == "not_found")
            let head = try await server.ask("HEAD", path)
            #expect(head.status == 404)
            #expect(head["Content-Length"] == answer["Content-Length"])
        }
    }

    @Test(
        "HEAD gives the status of GET and no body", arguments: ["/", "/api/v1/systems", "/api/v1/systems/a"])
    func head(_ path: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let get = try await server.ask("GET", path)
            let head = try await server.ask("HEAD", path)
            #expect(head.status == get.status)
            #expect(head["Content-Type"] == get["Content-Type"])
            #expect(head["Content-Length"] == get["Content-Length"])
        }
    }

    @Test("several requests on one connection are answered in turn, after a HEAD too")
    func keepAlive() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            for method in ["GET", "HEAD", "POST", "GET"] {
                try await connection.send("\(method) /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let answer = try await connection.answer(hasBody: method != "HEAD")
                #expect(answer.status == (method == "POST" ? 405 : 200))
            }
        }
    }

    @Test("a body that is announced too large is refused before it comes")
    func tooLarge() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            try await connection.send(
                "POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n")
            let answer = try await connection.answer()
            #expect(answer.status == 413)
            #expect(try answer.problemCode == "content_too_large")
            try await connection.waitForEnd()
        }
    }

    @Test("a body that turns out too large is refused")
    func tooLargeInChunks() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            let chunk = "8000\r\n" + String(repeating: "x", count: 0x8000) + "\r\n"
            try await connection.send(
                "POST /livez HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk + chunk + "1\r\nx\r\n")
            let status = try await connection.answer().status
            #expect(status == 413)
            try await connection.waitForEnd()
        }
    }

    @Test("a body that does not come in time is not waited for")
    func slowBody() async throws {
        var limits = ServerLimits()
        limits.bodyTime = .milliseconds(50)
        try await TestServer.with(Fixtures.node(), limits: limits) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            try await connection.send(
                "POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab")
            let answer = try await connection.answer()
            #expect(answer.status == 408)
            #expect(try answer.problemCode == "request_timeout")
            try await connection.waitForEnd()
        }
    }

    @Test("headers without end are refused")
    func largeHeaders() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            let long = String(repeating: "x", count: 20_000)
            try await connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nX: \(long)\r\n\r\n")
            let status = try await connection.head().status
            #expect(status == 400)
            try await connection.waitForEnd()
        }
    }

    @Test("a path without end is refused")
    func largePath() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            try await connection.send("GET /\(String(repeating: "x", count: 200_000))")
            let status = try await connection.head().status
            #expect(status == 400)
            try await connection.waitForEnd()
        }
    }

    @Test("more connections than it bears wait until one is closed")
    func connections() async throws {
        var limits = ServerLimits()
        limits.connections = 2
        try await TestServer.with(Fixtures.node(), limits: limits) { server in
            let first = try await HTTPConnection.open(port: server.port)
            let second = try await HTTPConnection.open(port: server.port)
            for connection in [first, second] {
                try await connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
                let status = try await connection.answer().status
                #expect(status == 200)
            }
            first.close()
            let third = try await server.ask("GET", "/livez")
            #expect(third.status == 200)
        }
    }

    @Test("a connection on which nothing comes is closed", arguments: ["", "GET /livez HT"])
    func idle(_ beginning: String) async throws {
        var limits = ServerLimits()
        limits.idle = .milliseconds(50)
        try await TestServer.with(Fixtures.node(), limits: limits) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            // It may be closed already.
            _ = try? await connection.send(beginning)
            try await connection.waitForEnd()
        }
    }

    @Test("what is no HTTP is refused")
    func garbage() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            try await connection.send("\u{1}\u{2}\u{3}\r\n\r\n")
            let status = try await connection.head().status
            #expect(status == 400)
            try await connection.waitForEnd()
        }
    }
}
