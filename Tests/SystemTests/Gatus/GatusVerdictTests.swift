import Foundation
import Testing
import VitalsTesting

@testable import vitals

/// A configuration of Gatus, imported by the built program and served by it, gives the verdicts that Gatus's
/// documentation says.
@Suite("An imported configuration of Gatus", .oneOfAFew)
struct GatusVerdictTests {
    /// One endpoint, and whether Gatus's documentation has it healthy.
    struct Endpoint {
        let name: String
        /// Its keys but the name.
        let keys: String
        let isHealthy: Bool
        /// What of the documentation says so, in other words.
        let why: String

        init(_ name: String, _ keys: String, _ conditions: String..., healthy: Bool, _ why: String) {
            let list = conditions.map { "\"\($0)\"" }.joined(separator: ", ")
            self.init(name, keys, list, healthy, why)
        }

        private init(_ name: String, _ keys: String, _ list: String, _ isHealthy: Bool, _ why: String) {
            self.name = name
            self.keys = "\(keys), conditions: [\(list)]"
            self.isHealthy = isHealthy
            self.why = why
        }
    }

    private static func statuses(_ web: String) -> [Endpoint] {
        func url(_ path: String) -> String { "url: \"\(web)/\(path)\"" }
        return [
            Endpoint("status", url("ok"), "[STATUS] == 200", healthy: true, "200 passes"),
            Endpoint("status-201", url("created"), "[STATUS] == 200", healthy: false, "201 fails"),
            Endpoint("status-404", url("missing"), "[STATUS] == 200", healthy: false, "404 fails"),
            Endpoint("below", url("created"), "[STATUS] < 300", healthy: true, "201 is below 300"),
            Endpoint(
                "below-302", url("moved") + ", client: { ignore-redirect: true }", "[STATUS] < 300",
                healthy: false, "302 fails, where redirects are not followed"),
            Endpoint("at-most", url("ok"), "[STATUS] <= 299", healthy: true, "200 is at most 299"),
            Endpoint("above", url("missing"), "[STATUS] > 400", healthy: true, "404 is above 400"),
            Endpoint("above-200", url("ok"), "[STATUS] > 400", healthy: false, "200 is not"),
            Endpoint("any", url("limited"), "[STATUS] == any(200, 429)", healthy: true, "429 is one of them"),
            Endpoint("any-201", url("created"), "[STATUS] == any(200, 429)", healthy: false, "201 is none"),
            Endpoint(
                "pattern", url("created"), "[STATUS] == pat(2*)", healthy: true, "a dear way to say 2xx"),
            Endpoint(
                "redirect", url("moved"), "[STATUS] == 200", healthy: true,
                "redirects are followed by default"),
            Endpoint(
                "unasked", url("broken"), "[BODY] == broken", healthy: true,
                "conditions alone decide: no status is asked for"),
            Endpoint(
                "all-of-them", url("ok"), "[STATUS] == 200", "[BODY].status == DOWN", healthy: false,
                "one condition that fails makes it unhealthy"),
            Endpoint(
                "two", url("ok"), "[STATUS] == 200", "[BODY].status == UP", healthy: true, "the first example"
            ),
        ]
    }

    private static func bodies(_ web: String) -> [Endpoint] {
        func url(_ path: String) -> String { "url: \"\(web)/\(path)\"" }
        return [
            Endpoint("body", url("one"), "[BODY] == 1", healthy: true, "the body is 1"),
            Endpoint("body-object", url("created"), "[BODY] == 1", healthy: false, "{} is not 1"),
            Endpoint("path", url("ok"), "[BODY].user.name == john", healthy: true, "the value at a path"),
            Endpoint("index", url("ok"), "[BODY].data[0].id == 1", healthy: true, "the value in a list"),
            Endpoint("both", url("ok"), "[BODY].age == [BODY].id", healthy: true, "two values of the answer"),
            Endpoint("length", url("ok"), "len([BODY].data) < 5", healthy: true, "a list of less than 5"),
            Endpoint("letters", url("john"), "len([BODY].name) == 8", healthy: true, "a text of 8"),
            Endpoint("letters-3", url("bob"), "len([BODY].name) == 8", healthy: false, "bob has 3"),
            Endpoint("absent", url("john"), "has([BODY].errors) == false", healthy: true, "no such path"),
            Endpoint(
                "present", url("bob"), "has([BODY].errors) == false", healthy: false, "an empty list is there"
            ),
            Endpoint("has", url("ok"), "has([BODY].users) == true", healthy: true, "the path exists"),
            Endpoint("has-not", url("created"), "has([BODY].users) == true", healthy: false, "{} has it not"),
            Endpoint("glob", url("john"), "[BODY].name == pat(john*)", healthy: true, "john.doe matches"),
            Endpoint("glob-bob", url("bob"), "[BODY].name == pat(john*)", healthy: false, "bob does not"),
            Endpoint("one-of", url("john"), "[BODY].id == any(1, 2)", healthy: true, "2 is one of them"),
            Endpoint("one-of-3", url("bob"), "[BODY].id == any(1, 2)", healthy: false, "3 is none of them"),
            Endpoint(
                "page", url("page"), "[STATUS] == 200", "[BODY] == pat(*<h1>Example Domain</h1>*)",
                healthy: true,
                "the example that looks for a header in a page"),
        ]
    }

    private static func ways(_ targets: GatusTargets, slow: String) -> [Endpoint] {
        let web = "http://127.0.0.1:\(targets.port)"
        return [
            Endpoint(
                "connected", "url: \"\(web)/ok\"", "[CONNECTED] == true", healthy: true,
                "there was a connection"),
            Endpoint(
                "address", "url: \"\(web)/ok\"", "[IP] == 127.0.0.1", healthy: true, "the target's address"),
            Endpoint("address-0", "url: \"\(web)/ok\"", "[IP] == 0.0.0.0", healthy: false, "another address"),
            Endpoint(
                "quick", "url: \"\(web)/ok\"", "[RESPONSE_TIME] < 9000", healthy: true,
                "below, in milliseconds"),
            Endpoint("slow", "url: \"\(slow)/\"", "[RESPONSE_TIME] < 500", healthy: false, "above 500 ms"),
            Endpoint(
                "posted", "url: \"\(web)/posted\", method: POST, body: \"x\", headers: { X-Token: abc }",
                "[STATUS] == 201", "[BODY] == abc", healthy: true, "method, headers and body are sent"),
            Endpoint(
                "graphql", "url: \"\(web)/typed\", method: POST, graphql: true, body: \"{ users }\"",
                "[BODY] == application/json 21", healthy: true,
                "the body is wrapped as the query of a JSON object, and typed so"),
            Endpoint(
                "private", "url: \"http://me:secret@127.0.0.1:\(targets.port)/private\"", "[STATUS] == 200",
                healthy: true, "user and password of a URL log in"),
            Endpoint(
                "trusted", "url: \"https://127.0.0.1:\(targets.lasting)/\"", "[STATUS] == 200",
                healthy: false,
                "the chain is verified by default"),
            Endpoint(
                "lasting", "url: \"https://127.0.0.1:\(targets.lasting)/\", client: { insecure: true }",
                "[CERTIFICATE_EXPIRATION] > 48h", healthy: true, "20 days are more than 48 hours"),
            Endpoint(
                "ending", "url: \"https://127.0.0.1:\(targets.ending)/\", client: { insecure: true }",
                "[CERTIFICATE_EXPIRATION] > 48h", healthy: false, "24 hours are not"),
            Endpoint(
                "tls", "url: \"tls://127.0.0.1:\(targets.ending)\", client: { insecure: true }",
                "[CONNECTED] == true", healthy: true, "conditions alone judge the days of a certificate"),
            Endpoint(
                "tls-ended", "url: \"tls://127.0.0.1:\(targets.ended)\"", "[CONNECTED] == true",
                healthy: false,
                "a certificate that has ended is verified"),
            Endpoint(
                "mail", "url: \"starttls://127.0.0.1:\(targets.mail.port)\", client: { insecure: true }",
                "[CONNECTED] == true", "[CERTIFICATE_EXPIRATION] > 48h", healthy: true,
                "the example for STARTTLS"),
        ]
    }

    private static func sockets(_ targets: GatusTargets, closed: Int) -> [Endpoint] {
        let server = "127.0.0.1:\(targets.namesPort)"
        func dns(_ name: String, _ type: String) -> String {
            "url: \"\(server)\", dns: { query-name: \"\(name)\", query-type: \(type) }"
        }
        return [
            Endpoint(
                "database", "url: \"tcp://127.0.0.1:\(targets.postgres.port)\"", "[CONNECTED] == true",
                healthy: true, "works for databases"),
            Endpoint(
                "closed", "url: \"tcp://127.0.0.1:\(closed)\"", "[CONNECTED] == true", healthy: false,
                "nothing listens there"),
            Endpoint(
                "closed-on-purpose", "url: \"tcp://127.0.0.1:\(closed)\"", "[CONNECTED] == false",
                healthy: true,
                "[CONNECTED] is whether a connection could be made"),
            Endpoint(
                "dialogue",
                "url: \"tcp://127.0.0.1:\(targets.port)\", body: \"GET /one HTTP/1.0\\r\\n\\r\\n\"",
                "[CONNECTED] == true", "[BODY] == pat(*200 OK*)", healthy: true,
                "a body is sent, and the first bytes of the answer are [BODY]"),
            Endpoint(
                "dns", dns("www.gatus.example", "A"), "[BODY] == 93.184.215.14", "[DNS_RCODE] == NOERROR",
                healthy: true, "the example for DNS"),
            Endpoint(
                "dns-other", dns("www.gatus.example", "A"), "[BODY] == 93.184.215.15", healthy: false,
                "another address"),
            Endpoint(
                "dns-none", dns("none.gatus.example", "A"), "[DNS_RCODE] == NXDOMAIN", healthy: true,
                "the response code is what is asked for"),
            Endpoint(
                "dns-names", dns("gatus.example", "NS"), "[BODY] == pat(*.gatus.example.)", healthy: true,
                "names end in a dot in Gatus"),
        ]
    }

    private static func webSockets(_ targets: GatusTargets) -> [Endpoint] {
        func url(_ path: String) -> String { "url: \"ws://127.0.0.1:\(targets.webSocket.port)/\(path)\"" }
        return [
            Endpoint(
                "websocket", url("greet") + ", body: status", "[BODY] == pat(*served by*)", healthy: true,
                "the example for WebSockets: the first message is the body"),
            Endpoint(
                "websocket-echo", url("echo") + ", body: status", "[CONNECTED] == true", "[BODY] == status",
                healthy: true, "the body is sent"),
            Endpoint(
                "websocket-other", url("echo") + ", body: status", "[BODY] == other", healthy: false,
                "another message"),
            Endpoint(
                "websocket-page", "url: \"ws://127.0.0.1:\(targets.port)/ok\"", "[CONNECTED] == true",
                healthy: false, "no WebSocket there"),
        ]
    }

    private static let pushToken = "potato-of-the-example"

    /// "success: Whether the status check was successful or not", by the key and the token that clients have.
    private static func checkPushes(to server: VitalsServer) async throws {
        for (isSuccess, state) in [(true, "healthy"), (false, "unhealthy"), (true, "healthy")] {
            let answer = try await server.api.send(
                "POST", "/api/v1/endpoints/core_nightly-job/external?success=\(isSuccess)&error=none",
                headers: [("Authorization", "Bearer \(pushToken)")])
            #expect(answer.status == 200)
            let healthChecks = try await server.api.all("health-checks?limit=100")
            let pushed = healthChecks.first { $0["check"]["kind"].string == "heartbeat" }
            #expect(pushed?["state"].string == state)
        }
    }

    private static func pings() -> [Endpoint] {
        [
            Endpoint("ping", "url: \"icmp://127.0.0.1\"", "[CONNECTED] == true", healthy: true, "it answers"),
            Endpoint(
                "ping-nobody", "url: \"icmp://192.0.2.1\", client: { timeout: 1s }", "[CONNECTED] == true",
                healthy: false, "nobody answers"),
        ]
    }

    /// As people write it, with what endpoints share behind an anchor.
    private static func yaml(_ endpoints: [Endpoint], port: Int) -> String {
        """
        metrics: true
        web: { address: 127.0.0.1, port: \(port) }
        alerting:
          custom:
            url: "https://alerts.example.com/${ALERT_TOKEN}"
            method: POST
            body: '{"text": "[ENDPOINT_NAME] [ALERT_TRIGGERED_OR_RESOLVED]"}'
        x-shared: &shared
          group: core
          interval: 1m
          alerts: [{ type: custom, failure-threshold: 1, send-on-resolved: true, description: call }]
        external-endpoints:
          - name: nightly job
            group: core
            token: \(pushToken)
            heartbeat: { interval: 1h }
            alerts: [{ type: custom, failure-threshold: 1, success-threshold: 1 }]
        endpoints:

        """
            + endpoints.map { "  - { <<: *shared, name: \"\($0.name)\", \($0.keys) }" }.joined(
                separator: "\n")
    }

    @Test("gives the verdicts that Gatus's documentation says, for each of its kinds and conditions")
    func verdicts() async throws {
        try await Stage.run { stage in
            let targets = try await GatusTargets()
            let slow = try stage.httpTarget(.answerAfter(.milliseconds(700), 200))
            let closed = try RefusingPort()
            let web = "http://127.0.0.1:\(targets.port)"
            let endpoints =
                Self.statuses(web) + Self.bodies(web) + Self.ways(targets, slow: slow.url)
                + Self.sockets(targets, closed: Int(closed.number)) + Self.webSockets(targets)
                + Self.pings()
            #expect(endpoints.count >= 40)

            let yaml = try await Self.imported(Self.yaml(endpoints, port: 1), on: stage)
            let server = try VitalsServer(yaml, environment: ["ALERT_TOKEN": "t0ken"], on: stage)
            try await server.start()
            let healthChecks = try await eventually("every endpoint has run", within: .seconds(60)) {
                let all = try await server.api.all("health-checks?limit=100")
                let isDone = all.allSatisfy { $0["last_run"]["outcome"].string != nil }
                return isDone && all.count == endpoints.count + 1 ? all : nil
            }
            for endpoint in endpoints where !endpoint.name.hasPrefix("ping") {
                let healthCheck = healthChecks.first { $0["system"]["id"].string == endpoint.name }
                let run = try #require(healthCheck?["last_run"], "\(endpoint.name) is missing")
                #expect(
                    (run["outcome"].string == "pass") == endpoint.isHealthy,
                    "\(endpoint.name), of which Gatus says: \(endpoint.why); here: \(run)")
            }
            try await Self.checkPushes(to: server)
            try await Self.checkPings(yaml, on: stage)
        }
    }

    /// The text of what the built program makes of it, which it also takes.
    private static func imported(_ yaml: String, on stage: Stage) async throws -> String {
        let folder = try stage.makeFolder()
        let (input, output) = (folder.appending(path: "config.yaml"), folder.appending(path: "vitals.yaml"))
        try Data(yaml.utf8).write(to: input)
        let imported = try await VitalsProgram.run(
            ["import", "gatus", input.path, "--output", output.path], on: stage)
        try #require(imported.exitCode == 0, "\(imported.errors)")
        #expect(!imported.errors.contains("could not be"), "\(imported.errors)")
        let validated = try await VitalsProgram.run(
            ["config", "validate", "--config", output.path], environment: ["ALERT_TOKEN": "t0ken"], on: stage)
        #expect(validated.exitCode == 0, "\(validated)")
        return try String(contentsOf: output, encoding: .utf8)
    }

    /// Pings take a network in which the kernel allows them: one of the server's own, where we may make one.
    private static func checkPings(_ yaml: String, on stage: Stage) async throws {
        guard geteuid() == 0 else { return }
        let network = """
            echo '0 2147483647' > /proc/sys/net/ipv4/ping_group_range
            /usr/bin/python3 -c 'import fcntl, socket, struct
            fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 1))'
            exec "$@"
            """
        let server = try VitalsServer(
            yaml, environment: ["ALERT_TOKEN": "t0ken"],
            through: ["/usr/bin/unshare", "--net", "/bin/sh", "-c", network, "sh"], on: stage)
        try server.launch()
        let items = try await eventually("both pings have run", within: .seconds(60)) { () -> [JSONValue]? in
            let asked = try await VitalsProgram.run(
                ["status", "--all", "--json", "--url", "http://127.0.0.1:\(server.port)"],
                through: ["/usr/bin/nsenter", "--net", "--target", "\(server.pid ?? 0)"], on: stage)
            guard let answer = try? JSONValue(parsing: asked.output) else { return nil }
            let pings = answer["items"].items.filter { $0["check"]["kind"].string == "icmp" }
            let haveRun = pings.allSatisfy { $0["last_run"]["outcome"].string != nil }
            return pings.count == 2 && haveRun ? pings : nil
        }
        for endpoint in pings() {
            let run = items.first { $0["system"]["id"].string == endpoint.name }?["last_run"]
            #expect(
                (run?["outcome"].string == "pass") == endpoint.isHealthy,
                "\(endpoint.name): \(String(describing: run))")
        }
    }
}
