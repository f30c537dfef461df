import Foundation
import Testing
import VitalsCore
import VitalsTesting

@Suite("Secrets", .oneOfAFew)
struct SecretTests {
    @Test("a wrong password is ours to mend, and no secret ever leaves (S71)")
    func wrongPassword() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let token = "token-Zq8vN2"
            let password = "wrong-p@ss/w?rd-Xk47"
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            try await postgres.addMonitor()
            let server = try VitalsServer(
                """
                channels:
                  - { id: ops, default: true, webhook: { url: "\(receiver.url)", secret: "${OPS_SECRET}" } }
                systems:
                  - id: db
                    checks:
                      - id: sql
                        postgres: "postgres://monitor:${DB_PASSWORD}@127.0.0.1:\(postgres.port)/postgres"
                        interval: 1s
                        thresholds: { failure: 1, success: 1 }
                health: { components: { orders: db }, critical: [orders] }
                """,
                environment: ["OPS_SECRET": receiver.secret, "DB_PASSWORD": password, "API_TOKEN": token],
                on: stage)
            try await server.start()
            var api = server.api
            api.token = token
            let client = api
            let check = try await eventually("it has run") {
                let check = try await client.healthCheck("db.sql")
                return check["last_run"] == .null ? nil : check
            }
            #expect(check["state"].string == "unknown")
            #expect(check["last_run"]["outcome"].string == "fail")
            #expect(check["last_run"]["cause"].string == "auth_failed")
            #expect(check["last_run"]["phase"].string == "authenticate")

            var texts = [check["last_run"]["message"].string ?? ""]
            let lists = [
                "systems", "health-checks", "health-checks/db.sql", "health-checks/db.sql/runs", "deliveries",
            ]
            for path in lists { texts.append(try await client.get("/api/v1/\(path)").text) }
            let health = try await server.api.get("/health").text
            #expect(!health.contains("auth"))
            texts.append(health)
            let checked = try await VitalsProgram.run(
                ["check", postgres.monitorURL(password: password), "--json"], on: stage)
            texts += [checked.output, checked.errors]
            #expect(try await server.stop() == 0)
            texts.append(server.output)
            texts += try files(in: server.data)
            texts += receiver.messages.map(\.request.text)

            let secrets = [
                password, "wrong-p%40ss%2Fw%3Frd-Xk47", "Xk47", token, receiver.secret,
                String(receiver.secret.dropFirst("whsec_".count)),
            ]
            for (index, text) in texts.enumerated() {
                for secret in secrets {
                    #expect(!text.contains(secret), "text \(index) holds a secret")
                }
            }
        }
    }

    @Test("a key and a token that a WebSocket server says back stay where they are")
    func saidBack() async throws {
        try await Stage.run { stage in
            let (socket, realtime) = (try await WebSocketServer(), try await RealtimePeer())
            let (token, key) = ("t0ken-Zq8vN2", "k3y/of-nobody-Xk47")
            let server = try VitalsServer(
                """
                systems:
                  - id: sockets
                    checks:
                      - id: plain
                        websocket: { url: "ws://127.0.0.1:\(socket.port)/login", bearer: "${TOKEN}" }
                        interval: 1s
                      - id: realtime
                        supabase: { url: "supabase+http://127.0.0.1:\(realtime.port)", api_key: "${KEY}" }
                        interval: 1s
                """, environment: ["TOKEN": token, "KEY": key], on: stage)
            try await server.start()
            var texts: [String] = []
            for id in ["sockets.plain", "sockets.realtime"] {
                let run = try await eventually("\(id) has run") {
                    let run = try await server.api.healthCheck(id)["last_run"]
                    return run == .null ? nil : run
                }
                #expect(run["cause"].string == "auth_failed", "\(run)")
                texts.append(try await server.api.get("/api/v1/health-checks/\(id)/runs").text)
            }
            for path in ["systems", "checks", "health-checks"] {
                texts.append(try await server.api.get("/api/v1/\(path)").text)
            }
            #expect(try await server.stop() == 0)
            texts.append(server.output)
            texts += try files(in: server.data)
            for (index, text) in texts.enumerated() {
                for secret in [token, "Zq8vN2", key, "k3y%2Fof-nobody-Xk47", "Xk47"] {
                    #expect(!text.contains(secret), "text \(index) holds a secret")
                }
            }
        }
    }

    /// Whatever is in the files of a folder, each byte as a character.
    private func files(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).map { file in
            String(decoding: try Data(contentsOf: file).filter { $0 < 128 }, as: Unicode.ASCII.self)
        }
    }
}
