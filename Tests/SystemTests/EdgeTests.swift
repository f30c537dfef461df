import Foundation
import Testing
import VitalsTesting

@Suite("How the server is reached", .oneOfAFew)
struct EdgeTests {
    @Test("behind a proxy: base path, link, client and one line a request")
    func behindProxy() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let server = try VitalsServer(
                """
                server:
                  public_url: https://status.example.com/vitals
                  base_path: /vitals
                  trusted_proxies: [127.0.0.1]
                channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
                defaults: { interval: 1s, timeout: 1s, thresholds: { failure: 1 } }
                systems: [{ id: db, checks: [{ id: port, tcp: "127.0.0.1:1" }] }]
                """, on: stage)
            try await server.start()
            let message = try await eventually("the page arrives") { receiver.messages.first }
            #expect(message.body["link"].string == "https://status.example.com/vitals/health-checks/db.port")
            let link = try await server.api.send(
                "GET", "/vitals/health-checks/db.port?secret=Xk47",
                headers: [("x-forwarded-for", "198.51.100.1, 203.0.113.9"), ("user-agent", "pager/1")])
            #expect(link.status == 303)
            let place = try #require(link.headers["location"])
            #expect(try await server.api.get(place).status == 200)
            #expect(try await server.api.get("/api/v1/systems").status == 404)
            try await eventually(that: "the request is written down") {
                server.output.contains("route=/health-checks/{id} status=303")
            }
            let line = try #require(server.output.split(separator: "\n").first { $0.contains("status=303") })
            #expect(
                line.contains(" info access: request agent=pager/1 bytes=0 client=203.0.113.9 method=GET ms=")
            )
            #expect(!server.output.contains("Xk47"))
        }
    }

    @Test("without the access log nothing is written of a request")
    func silent() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer("server: { access_log: false }\nsystems: []\n", on: stage)
            try await server.start()
            #expect(try await server.api.get("/health").status == 200)
            #expect(try await server.stop() == 0)
            #expect(!server.output.contains("access"))
        }
    }

    @Test("METRICS_ADDR answers metrics to anybody, and nothing else (S67)")
    func metricsAddress() async throws {
        try await Stage.run { stage in
            let port = try UInt16(freePort())
            let environment = ["API_TOKEN": "t0ken", "METRICS_ADDR": "127.0.0.1:\(port)"]
            let server = try VitalsServer(nil, environment: environment, on: stage)
            try await server.start()
            let metrics = APIClient(port: port)
            let answer = try await eventually("metrics are answered") {
                try? await metrics.get("/metrics")
            }
            #expect(answer.status == 200)
            #expect(answer.text.contains("vitals_build_info"))
            #expect(try await metrics.get("/api/v1/systems").status == 404)
            #expect(try await APIClient(port: port, host: "evil.example").get("/metrics").status == 403)
            #expect(try await server.api.get("/metrics").status == 401)
            let second = try VitalsServer(nil, environment: environment, on: stage)
            // Who is there while it gives up must not change how it ends.
            let visitor = Task {
                while !Task.isCancelled { _ = try? await second.api.get("/health") }
            }
            defer { visitor.cancel() }
            try second.launch()
            #expect(try await second.waitForExit() == 75)
            #expect(second.output.contains("127.0.0.1:\(port) is in use by another program"))
        }
    }

    /// Asks once over TLS, and says all that is known of the connection.
    private static let request = #"""
        printf 'GET /readyz?verbose HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' |
        exec openssl s_client -ign_eof -verify_return_error "$@" 2>&1
        """#

    @Test("with a certificate it speaks TLS 1.2 and later, and follows its files")
    func tls() async throws {
        try await Stage.run { stage in
            let authority = try await TestAuthority()
            let folder = try stage.makeFolder()
            func install(_ name: String) async throws {
                let identity = try await authority.issue(
                    for: ["localhost", "127.0.0.1"], subject: "/CN=\(name)")
                for (from, to) in [(identity.certificate, "tls.crt"), (identity.key, "tls.key")] {
                    try Data(contentsOf: URL(filePath: from)).write(
                        to: folder.appending(path: to), options: .atomic)
                }
            }
            try await install("first")
            let server = try VitalsServer(
                """
                server: { tls: { certificate: \(folder.path)/tls.crt, key: \(folder.path)/tls.key } }
                systems: []
                """,
                on: stage)
            try server.launch()
            func handshake(_ flags: String...) async throws -> (Int32, String) {
                let output = folder.appending(path: UUID().uuidString).path
                let client = try ChildProcess(
                    [
                        "sh", "-c",
                        Self.request,
                        "sh", "-CAfile", authority.certificate, "-connect", "localhost:\(server.port)",
                    ] + flags, output: output, asUnprivileged: false)
                let exitCode = try await client.waitForExit()
                return (exitCode, try String(contentsOfFile: output, encoding: .utf8))
            }
            let (_, first) = try await eventually("it answers") {
                let answer = try await handshake()
                return answer.1.contains("HTTP/1.1 200") ? answer : nil
            }
            #expect(first.contains("CN = first") || first.contains("CN=first"))
            #expect(first.contains("[+]tls ok"))
            for (flag, isAccepted) in [("-tls1_2", true), ("-tls1_3", true), ("-tls1_1", false)] {
                let said = try await handshake(flag, "-cipher", "ALL:@SECLEVEL=0").1
                #expect(said.contains("HTTP/1.1 200") == isAccepted, "\(flag): \(said.suffix(500))")
            }
            try await install("second")
            try await eventually(that: "the new one is shown") {
                try await handshake().1.contains("second")
            }
            try Data("garbage".utf8).write(to: folder.appending(path: "tls.key"))
            server.signal(SIGHUP)
            try await eventually(that: "a pair that does not fit is told") {
                try await handshake().1.contains("[-]tls failed: \(folder.path)/tls.key holds no key")
            }
            #expect(try await handshake().1.contains("second"))
            #expect(server.output.contains("the certificate is not taken up"))
            #expect(try await server.stop() == 0)
            try server.launch()
            #expect(try await server.waitForExit() == 78)
        }
    }

    @Test("what is wrong with the files is in the API with its place, and what waits for a restart is named")
    func configurationStatus() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer("systems: []\n", on: stage)
            try await server.start()
            let before = try await server.api.json("configuration")
            #expect(before["problems"].items.isEmpty)
            #expect(before["files"].items.count == 1)
            try Data("systems:\n  - { id: a, cheks: [] }\n".utf8).write(to: server.configuration)
            let wrong = try await eventually("the file is found wrong") {
                let status = try await server.api.json("configuration")
                return status["problems"].items.isEmpty ? nil : status
            }
            #expect(wrong["problems"][0]["line"].number == 2)
            #expect(wrong["problems"][0]["column"].number == 14)
            #expect(wrong["revision"] == before["revision"])
            #expect(try await server.api.get("/readyz").status == 200)
            #expect(try await server.api.get("/readyz/configuration").status == 503)
            #expect(try await server.api.get("/readyz?verbose").text.contains("[-]configuration failed: "))
            try Data("server: { access_log: false }\nsystems: []\n".utf8).write(to: server.configuration)
            let mended = try await eventually("the file is in force") {
                let status = try await server.api.json("configuration")
                return status["problems"].items.isEmpty ? status : nil
            }
            #expect(mended["needs_restart"].items.map(\.string) == ["server"])
            #expect(mended["revision"] != before["revision"])
            #expect(server.output.contains("`server` has changed, and holds from the next start on"))
        }
    }
}
