import Foundation
import Testing
import VitalsTesting

@Suite("Heartbeats", .oneOfAFew)
struct HeartbeatTests {
    private static let uuid = "5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c11"

    private static let yaml = """
        systems:
          - id: shop
            checks:
              - { id: worker, heartbeat: { period: 1h, grace: 10s, token: "${TOKEN}", uuid: \(uuid) } }
              - { id: nightly, heartbeat: 24h }
        heartbeats: { ping_key: "${PING_KEY}" }
        health: { components: { queue: shop }, critical: [queue] }
        """

    private func server(_ yaml: String = Self.yaml, on stage: Stage) throws -> VitalsServer {
        try VitalsServer(
            yaml,
            environment: [
                "TOKEN": "worker-token-of-its-own", "PING_KEY": "ping-key-of-sixteen",
                "API_TOKEN": "api-token",
            ], on: stage)
    }

    /// As its clients do it.
    private func curl(_ arguments: [String], on stage: Stage) async throws -> String {
        let output = stage.folder.appending(path: UUID().uuidString).path
        let process = try ChildProcess(
            ["curl", "-sS", "-m", "20", "-w", " %{http_code}"] + arguments, in: stage.folder.path,
            output: output, asUnprivileged: false)
        _ = try await process.waitForExit()
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    private func api(_ server: VitalsServer) -> APIClient {
        APIClient(port: server.port, token: "api-token")
    }

    private func healthCheck(_ id: String, of server: VitalsServer, becomes state: String) async throws {
        try await eventually(that: "\(id) is \(state)", within: .seconds(60)) {
            try await api(server).healthCheck(id)["state"].string == state
        }
    }

    @Test("a worker's heartbeat that stops makes its component unhealthy, and healthy when it is back (S48)")
    func worker() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(
                """
                systems:
                  - id: shop
                    checks: [{ id: worker, heartbeat: { period: 10s, grace: 10s, uuid: \(Self.uuid) } }]
                health: { components: { queue: shop }, critical: [queue] }
                """, on: stage)
            try await server.start()
            let url = "http://127.0.0.1:\(server.port)"
            func health(_ word: String) async throws -> Int {
                try await eventually("the component is \(word)", within: .seconds(60)) {
                    let answer = try await server.api.get("/health")
                    let json = try JSONValue(parsing: answer.text)
                    return json["details"]["queue"].string == word ? answer.status : nil
                }
            }
            #expect(try await curl(["\(url)/ping/\(Self.uuid)"], on: stage) == "OK 200")
            #expect(try await health("healthy") == 200)
            #expect(try await health("unhealthy") == 500)
            let run = try await server.api.healthCheck("shop.worker")["last_run"]
            #expect(run["cause"].string == "heartbeat_missing")
            #expect(try await curl(["\(url)/ping/\(Self.uuid)"], on: stage) == "OK 200")
            #expect(try await health("healthy") == 200)
        }
    }

    @Test("curl pings in the words of healthchecks, Gatus and Uptime Kuma, with no token of the API")
    func dialects() async throws {
        try await Stage.run { stage in
            let server = try server(on: stage)
            try await server.start()
            let url = "http://127.0.0.1:\(server.port)"
            let key = "\(url)/ping/ping-key-of-sixteen"
            let push = "\(url)/api/push/worker-token-of-its-own"
            let nightly = try await api(server).healthCheck("shop.nightly")["heartbeat"]
            let steps: [([String], String, String)] = [
                (["\(url)/ping/\(Self.uuid)"], "OK 200", "healthy"),
                (["--data-raw", "disk full", "\(url)/ping/\(Self.uuid)/1"], "OK 200", "unhealthy"),
                (["-X", "POST", "\(key)/worker"], "OK 200", "healthy"),
                (["-I", "\(key)/shop.worker/fail"], "200", "unhealthy"),
                (["\(push)?status=up&msg=OK&ping=12"], #"{"ok":true} 200"#, "healthy"),
                (["\(push)?status=down"], #"{"ok":true} 200"#, "unhealthy"),
                (
                    [
                        "-X", "POST", "-H", "Authorization: Bearer worker-token-of-its-own",
                        "\(url)/api/v1/endpoints/shop_worker/external?success=true&duration=10s",
                    ], " 200", "healthy"
                ),
            ]
            for (arguments, answer, state) in steps {
                let found = try await curl(arguments, on: stage)
                #expect(found == answer || found.hasSuffix(answer), "\(arguments)")
                // What is answered is recorded, and in the API.
                let known = try await api(server).healthCheck("shop.worker")
                #expect(known["state"].string == state, "\(arguments)")
            }
            let path = try #require(nightly["ping_path"].string)
            #expect(try await curl(["\(url)\(path)"], on: stage) == "OK 200")
            try await healthCheck("shop.nightly", of: server, becomes: "healthy")
            let pings = try await api(server).all("health-checks/shop.worker/pings")
            #expect(
                pings.map { $0["kind"].string } == [
                    "success", "fail", "success", "fail", "success", "fail", "success",
                ])
            #expect(pings[5]["body"].string == "disk full" && pings[5]["exit_status"].number == 1)
            #expect(pings[0]["duration_ms"].number == 10_000 && pings[0]["dialect"].string == "gatus")
            for secret in [Self.uuid, "worker-token-of-its-own", "ping-key-of-sixteen"] {
                #expect(!server.output.contains(secret))
                let metrics = try await api(server).get("/metrics").text
                #expect(!metrics.contains(secret))
            }
        }
    }

    @Test("a heartbeat that is made by the API has its address at once, and none once it is gone")
    func madeByTheAPI() async throws {
        try await Stage.run { stage in
            let server = try server(on: stage)
            try await server.start()
            let made = try await api(server).send(
                "POST", "/api/v1/systems", headers: [("content-type", "application/json")],
                body: """
                    {"id":"jobs","checks":[
                      {"id":"mail","heartbeat":{"period":"10m","token":"t0ken-of-the-mail-job"}}]}
                    """)
            #expect(made.status == 201, "\(made.text)")
            let shown = try await api(server).healthCheck("jobs.mail")["heartbeat"]
            let path = try #require(shown["ping_path"].string)
            let url = "http://127.0.0.1:\(server.port)"
            #expect(try await curl(["\(url)\(path)/start"], on: stage) == "OK 200")
            #expect(try await curl(["\(url)\(path)"], on: stage) == "OK 200")
            let known = try await api(server).healthCheck("jobs.mail")
            #expect(known["state"].string == "healthy" && known["last_run"]["trigger"].string == "heartbeat")
            #expect(known["heartbeat"]["last_duration_ms"].number ?? 0 > 0)
            let listed = try await api(server).get("/api/v1/systems/jobs").text
            #expect(!listed.contains("t0ken"))
            #expect(try await api(server).send("DELETE", "/api/v1/systems/jobs").status < 300)
            #expect(try await curl(["\(url)\(path)"], on: stage) == "not found 404")
        }
    }

    @Test("what was answered is known after a kill -9")
    func killed() async throws {
        try await Stage.run { stage in
            let server = try server(on: stage)
            try await server.start()
            let url = "http://127.0.0.1:\(server.port)/ping/\(Self.uuid)"
            for round in 1...3 {
                #expect(try await curl([url, "--data-raw", "round \(round)"], on: stage) == "OK 200")
                _ = try await server.stop(SIGKILL)
                try await server.start()
                let pings = try await api(server).all("health-checks/shop.worker/pings")
                #expect(pings.map { $0["body"].string } == (1...round).reversed().map { "round \($0)" })
                let known = try await api(server).healthCheck("shop.worker")
                #expect(known["state"].string == "healthy")
                #expect(known["heartbeat"]["last_ping_at"].string == pings[0]["at"].string)
            }
        }
    }

    @Test("two that cannot be told apart, or a place that is none, are mistakes; and none can be asked")
    func mistakes() async throws {
        try await Stage.run { stage in
            let file = stage.folder.appending(path: "bad.yaml")
            try Data(
                """
                systems:
                  - id: shop
                    checks:
                      - { id: a, heartbeat: { period: 1h, uuid: \(Self.uuid) } }
                      - { id: b, heartbeat: { period: 1h, uuid: \(Self.uuid.uppercased()) } }
                      - { id: c, heartbeat: { period: 1h, key: shop_a } }
                      - { id: d, heartbeat: { cron: "0 3 * * *", timezone: Europe/Berln } }
                      - { id: e, heartbeat: 1h, conditions: ["[CONNECTED] == true"] }
                """.utf8
            ).write(to: file)
            let found = try await VitalsProgram.run(["config", "validate", "--config", file.path], on: stage)
            #expect(found.exitCode != 0)
            let lines = (found.errors + found.output).split(separator: "\n").map(String.init)
            for expected in [
                "`uuid` is that of a heartbeat on line 4; they must differ",
                "the key \"shop_a\" is that of a heartbeat on line 4; they must differ",
                "'Europe/Berln' is no time zone; did you mean Europe/Berlin?",
                "asks for [CONNECTED], which a heartbeat check never has",
            ] {
                #expect(lines.contains { $0.contains(expected) }, "\(expected) in \(lines)")
            }
            let asked = try await VitalsProgram.run(["check", "heartbeat://shop.a"], on: stage)
            #expect(asked.exitCode == 3 && asked.errors.contains("a heartbeat cannot be asked"))
        }
    }
}
