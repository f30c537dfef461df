import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

extension TestNetwork {
    func webSocket(_ url: TargetText, _ others: [String: Settings.Value] = [:]) throws -> WebSocketProbe {
        var settings = Settings(target: url, as: "url")
        for (name, value) in others { settings.set(name, value) }
        return try WebSocketProbe(settings, userAgent: "vitals/test", loops: loops)
    }
}

@Suite("A check of a WebSocket")
struct WebSocketProbeTests {
    private func step(_ values: [String: Settings.Value]) -> Settings.Value { .object(values) }

    private func steps(_ all: [String: Settings.Value]...) -> [String: Settings.Value] {
        ["steps": .list(all.map { .object($0) })]
    }

    @Test("passes when a real server opens one and answers a ping, and takes its leave with 1000")
    func real() async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        let probe = try network.webSocket("ws://localhost:\(server.port)/mute")
        let result = await network.run(probe, measuring: .all)
        #expect(result.verdict == "pass", "\(result)")
        #expect(
            result.phases.map(\.phase) == [.resolve, .connect, .request, .firstByte, .read, .vitals])
        #expect(result.facts[.httpStatus] == .number(101))
        let vital = try #require(result.vitals.first)
        #expect(vital.name == "round_trip_seconds" && vital.unit == "s")
        #expect(try #require(vital.value) > 0)
        _ = try await eventually("the server saw the close frame") {
            server.server.output.contains("closed 1000") ? true : nil
        }
        let unmeasured = await network.run(probe)
        #expect(unmeasured.vitals.isEmpty)
        #expect(unmeasured.phases.map(\.phase).last == .read)
    }

    @Test("measures no round trip without a ping, and says why")
    func withoutPing() async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        let deaf = "ws://127.0.0.1:\(server.port)/deaf"
        let quiet = await network.run(
            try network.webSocket(TargetText(deaf), ["ping": .flag(false)]), measuring: .all)
        #expect(quiet.verdict == "pass")
        #expect(quiet.vitals.map(\.value) == [nil])
        #expect(quiet.vitals.first?.reason == "no ping is sent: `ping` is false")
        let owed = await network.run(try network.webSocket(TargetText(deaf)), timeout: .seconds(3))
        #expect(owed.verdict == "timeout in read")
        #expect(owed.fault?.message.contains("no pong to our ping within the timeout") == true)
    }

    @Test("says and hears messages, by TLS as well")
    func messages() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["localhost"])
        let server = try await WebSocketServer(certificate: (identity.certificate, identity.key))
        let network = try TestNetwork()
        let tls = ["tls": Settings.Value.object(["ca": .text(authority.certificate)])]
        let base = "wss://localhost:\(server.port)"
        let long = String(repeating: "é", count: 20_000)
        let good: [(String, [String: Settings.Value])] = [
            ("/echo", steps(["send": .text("{\"a\": \"\\n\"}"), "equals": .text("{\"a\": \"\\n\"}")])),
            ("/echo", steps(["send": .text(long), "equals": .text(long)])),
            ("/pieces", steps(["send": .text("to and fro"), "matches": .text("^to .* fro$")])),
            ("/echo", steps(["send": .text("\\x00\\xff"), "binary": .flag(true), "any": .flag(true)])),
            ("/greet", steps(["send": .text("x")], ["expect": .text("served by")], ["equals": .text("x")])),
        ]
        for (path, settings) in good {
            let probe = try network.webSocket("\(base)\(path)", settings.merging(tls) { $1 })
            let result = await network.run(probe)
            #expect(result.verdict == "pass", "\(path): \(result)")
            #expect(result.facts[.certificateNames] == .list(["localhost"]))
        }
        let other = try network.webSocket(
            "\(base)/echo",
            steps(["send": .text("one"), "equals": .text("two")]).merging(tls) { $1 })
        let result = await network.run(other, timeout: .seconds(3))
        #expect(result.verdict == "unexpected_reply in read")
        #expect(result.fault?.message == "expected “two” within the timeout, but “one” came")
        let stranger = await network.run(try network.webSocket("\(base)/echo"))
        #expect(stranger.fault?.cause == .tlsCertUntrusted)
    }

    @Test("shows conditions the reply, and waits for one where they ask")
    func conditions() async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        let base = "ws://127.0.0.1:\(server.port)"
        let greeted = try network.webSocket("\(base)/greet").observing([.body, .headers])
        let heard = await network.run(greeted)
        #expect(heard.observation?.body == Array("Request served by 1".utf8))
        #expect(
            heard.observation?.headers.contains { $0.name.lowercased() == "sec-websocket-accept" } == true)
        let asked = try network.webSocket(
            "\(base)/greet",
            steps(["any": .flag(true)], ["send": .text("{\"x\":1}"), "expect": .text("x")])
        ).observing(.body)
        #expect(await network.run(asked).observation?.body == Array("{\"x\":1}".utf8))
        let silent = try network.webSocket("\(base)/mute").observing(.body)
        let none = await network.run(silent, timeout: .milliseconds(400))
        #expect(none.fault?.cause == .timeout)
    }

    @Test("offers subprotocols, and is let in by its login only")
    func handshake() async throws {
        let server = try await WebSocketServer()
        let network = try TestNetwork()
        let base = "ws://127.0.0.1:\(server.port)"
        let spoken = await network.run(
            try network.webSocket("\(base)/echo", ["subprotocols": .texts(["chat.v1", "x"])]))
        #expect(spoken.facts[.subprotocol] == .text("chat.v1"))
        let unspoken = await network.run(
            try network.webSocket("\(base)/echo", ["subprotocols": .texts(["x"])]))
        #expect(unspoken.verdict == "protocol_mismatch in first_byte (101)")

        let login = await network.run(
            try network.webSocket("\(base)/login", ["bearer": .text("t0ken-s3cr3t")]))
        #expect(login.verdict == "pass", "\(login)")
        let wrong = await network.run(
            try network.webSocket("\(base)/login", ["bearer": .text("wr0ng-s3cr3t")]))
        #expect(wrong.verdict == "auth_failed in authenticate (401)")
        #expect(wrong.trace.contains("no login for Bearer •••"))
        #expect(!"\(wrong)".contains("wr0ng"))

        let headers: [String: Settings.Value] = [
            "headers": .pairs(["Origin": "https://me.example", "X-Key": "k3y-s3cr3t"]),
            "steps": .list([step(["expect": .text("\"Origin\": \"https://me.example\"")])]),
        ]
        #expect(await network.run(try network.webSocket("\(base)/headers", headers)).verdict == "pass")
    }

    @Test("goes through a proxy by a tunnel, in the clear and with TLS")
    func proxy() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["localhost"])
        let plain = try await WebSocketServer()
        let secure = try await WebSocketServer(certificate: (identity.certificate, identity.key))
        let proxy = try await Tinyproxy(tunnels: [plain.port, secure.port])
        let network = try TestNetwork()
        let way: [String: Settings.Value] = [
            "proxy": .text("http://127.0.0.1:\(proxy.port)"),
            "tls": .object(["ca": .text(authority.certificate)]),
        ]
        for url in ["ws://localhost:\(plain.port)/mute", "wss://localhost:\(secure.port)/mute"] {
            let result = await network.run(try network.webSocket(TargetText(url), way))
            #expect(result.verdict == "pass", "\(url): \(result)")
        }
        let forbidden = try await WebSocketServer()
        let refused = await network.run(
            try network.webSocket("ws://localhost:\(forbidden.port)/mute", way))
        #expect(refused.fault?.cause == .badConfiguration)
    }

    @Test("is refused by nginx where that knows nothing of WebSockets")
    func nginx() async throws {
        let server = try await WebSocketServer()
        let nginx = try await Nginx(
            plain: """
                location /plain { proxy_pass http://127.0.0.1:\(server.port)/echo; }
                location /passed {
                    proxy_pass http://127.0.0.1:\(server.port)/echo;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection upgrade;
                }
                location /forbidden { return 403; }
                """)
        let network = try TestNetwork()
        func verdict(_ path: String) async throws -> ProbeResult {
            await network.run(try network.webSocket("ws://127.0.0.1:\(nginx.port)\(path)"))
        }
        #expect(try await verdict("/passed").verdict == "pass")
        let page = try await verdict("/")
        #expect(page.verdict == "http_status in first_byte (200)")
        #expect(page.fault?.message.contains("takes that for an ordinary request") == true)
        // Without its headers handed on, the server behind it sees no wish for a WebSocket.
        #expect(try await verdict("/plain").fault?.cause == .httpStatus)
        #expect(try await verdict("/forbidden").fault?.code == "403")
    }
}
