import Foundation
import Testing
import VitalsTesting

@Suite("Who is let in", .oneOfAFew)
struct AccessTests {
    @Test("with a token set, only the health endpoints answer without it (S67)")
    func token() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, environment: ["API_TOKEN": "correct-horse"], on: stage)
            try await server.start()
            for path in ["/health", "/healthz", "/livez", "/readyz"] {
                #expect(try await server.api.get(path).status == 200, "\(path)")
            }
            let paths = ["systems", "health-checks", "health-checks/a.b", "deliveries", "stream", "nothing"]
            for path in paths.map({ "/api/v1/\($0)" }) + ["/", "/metrics"] {
                let refused = try await server.api.get(path)
                #expect(refused.status == 401, "\(path)")
                #expect(refused.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            }
            #expect(try await server.api.run("vitals.ready").status == 401)
            let wrong = APIClient(port: server.port, token: "battery-staple")
            #expect(try await wrong.get("/api/v1/systems").status == 401)
            let right = APIClient(port: server.port, token: "correct-horse")
            #expect(try await right.get("/api/v1/systems").status == 200)
            #expect(try await right.json("systems")["items"].items.count == 1)
        }
    }

    @Test(
        "without a token a page of another host cannot speak through a browser",
        arguments: [
            ("evil.example", 403), ("evil.example:8080", 403), ("10.0.0.1", 403), ("localhost", 200),
            ("localhost:1234", 200), ("127.0.0.1", 200), ("[::1]:8080", 200),
        ])
    func host(name: String, status: Int) async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let client = APIClient(port: server.port, host: name)
            #expect(try await client.get("/api/v1/systems").status == status)
        }
    }

    @Test("without a token it listens on loopback only, unless it is told that this is meant")
    func loopbackOnly() async throws {
        try await Stage.run { stage in
            let port = try UInt16(freePort())
            let data = try stage.makeFolder().path
            let refused = try await VitalsProgram.run(
                ["serve", "--data", data, "--listen", "0.0.0.0:\(port)"], on: stage)
            #expect(refused.exitCode == 78)
            #expect(refused.errors.contains("--insecure"))
            #expect(refused.errors.contains("API_TOKEN"))
        }
    }
}
