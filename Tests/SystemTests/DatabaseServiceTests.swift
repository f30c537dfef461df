import Foundation
import Testing
import VitalsTesting

@Suite("Databases behind HTTP: Cloudflare D1 and Convex", .oneOfAFew)
struct DatabaseServiceTests {
    private static let key = "s3cr3t-cl0udflare-t0ken"
    private static let account = "0123456789abcdef"
    private static let thresholds = "thresholds: { failure: 1, success: 1 }, confirm_every: off"

    private func yaml(_ check: String) -> String {
        """
        systems:
          - id: shop
            checks: [{ id: db, \(check), interval: 2s, timeout: 2s, \(Self.thresholds) }]
        """
    }

    @Test("S58: D1 is up by success, down with its message, down without a right; the key is shown nowhere")
    func d1() async throws {
        try await Stage.run { stage in
            let good = HTTPTarget.Behaviour.answer(200, body: #"{"success":true,"result":[]}"#)
            let api = try stage.httpTarget(good)
            // As containers are given their secrets.
            let file = try stage.makeFolder().appending(path: "key")
            try Data("\(Self.key)\n".utf8).write(to: file)
            let variables = [
                "CLOUDFLARE_API_KEY_FILE": file.path, "D1_API_BASE_URL": "\(api.url)/client/v4",
            ]
            let server = try VitalsServer(
                yaml("d1: 'd1://\(Self.account)/orders'"), environment: variables, on: stage)
            try await server.start()
            try await server.healthCheck("shop.db", becomes: "healthy")
            let request = try #require(api.requests.first?.message)
            #expect(request.method == "POST")
            #expect(request.path == "/client/v4/accounts/\(Self.account)/d1/database/orders/query")
            #expect(request.headers["authorization"] == "Bearer \(Self.key)")
            #expect(request.text == #"{"sql":"SELECT 1"}"#)

            let failure = #"{"success":false,"errors":[{"code":7500,"message":"no luck \#(Self.key)"}]}"#
            api.behave(.answer(200, body: failure))
            try await server.healthCheck("shop.db", becomes: "unhealthy")
            let run = try await server.api.healthCheck("shop.db")["last_run"]
            #expect(run["message"].string?.contains("no luck •••") == true)
            api.behave(good)
            try await server.healthCheck("shop.db", becomes: "healthy")
            api.behave(.answer(403, body: #"{"success":false,"errors":[]}"#))
            try await server.healthCheck("shop.db", becomes: "unhealthy")

            for path in ["systems", "health-checks", "health-checks/shop.db/runs", "configuration"] {
                let answer = try await server.api.get("/api/v1/\(path)")
                #expect(!answer.text.contains(Self.key), "\(path)")
            }
            #expect(!server.output.contains(Self.key))
            #expect(try await server.stop() == 0)
        }
    }

    @Test("a token that is limited pauses every check that uses it, and is an outage of none")
    func limited() async throws {
        try await Stage.run { stage in
            let good = HTTPTarget.Behaviour.answer(200, body: #"{"success":true,"result":[]}"#)
            let api = try stage.httpTarget(good)
            let common = "interval: 1s, \(Self.thresholds)"
            let server = try VitalsServer(
                """
                systems:
                  - id: shop
                    checks:
                      - { id: db, d1: "d1://acc/one", \(common) }
                      - { id: other, d1: "d1://acc/two", \(common) }
                """,
                environment: ["CLOUDFLARE_API_KEY": Self.key, "D1_API_BASE_URL": api.url], on: stage)
            try await server.start()
            for id in ["shop.db", "shop.other"] { try await server.healthCheck(id, becomes: "healthy") }
            api.behave(.answer(429, headers: [("Retry-After", "600")], body: "{}"))
            for id in ["shop.db", "shop.other"] {
                try await eventually("\(id) is left alone", within: .seconds(30)) {
                    let slots = try await server.api.all("health-checks/\(id)/runs")
                    return slots.contains { $0["missed"]["reason"].string == "backoff" } ? true : nil
                }
                let health = try await server.api.healthCheck(id)
                #expect(health["last_run"]["cause"].string == "rate_limited")
                #expect(health["last_run"]["outcome"].string == "inconclusive")
                #expect(health["state"].string == "healthy")
            }
            // One of them was told; a run of the other that was under way may have been told as well.
            let told = api.requests.filter { $0.answer == 429 }.count
            #expect((1...2).contains(told), "\(told) calls were made of a token that is limited")
            #expect(try await server.stop() == 0)
        }
    }

    @Test("S59: Convex is up whatever it answers but a fault of its own; down when it closes, or TLS fails")
    func convex() async throws {
        try await Stage.run { stage in
            let authority = try await TestAuthority()
            let nginx = try await SecureServer(try await authority.issue(for: ["127.0.0.1"], days: 90))
            let check =
                "convex: { url: 'convex+https://127.0.0.1:\(nginx.port)', ca: \(authority.certificate) }"
            let server = try VitalsServer(yaml(check), on: stage)
            try await server.start()
            try await server.healthCheck("shop.db", becomes: "healthy")
            try await nginx.answer(503)
            try await server.healthCheck("shop.db", becomes: "unhealthy")
            try await nginx.answer(404)
            try await server.healthCheck("shop.db", becomes: "healthy")
            await nginx.stop()
            try await server.healthCheck("shop.db", becomes: "unhealthy")
            try await nginx.answer(404)
            try await server.healthCheck("shop.db", becomes: "healthy")
            try await nginx.show(try await authority.issue(for: ["elsewhere.example.com"], days: 90))
            try await server.healthCheck("shop.db", becomes: "unhealthy")
            let run = try await server.api.healthCheck("shop.db")["last_run"]
            #expect(run["cause"].string == "tls_cert_name_mismatch")
            #expect(try await server.stop() == 0)
        }
    }
}
