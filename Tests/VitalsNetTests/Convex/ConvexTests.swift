import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("A Convex check")
struct ConvexTests {
    private func probe(
        _ network: TestNetwork, _ url: String, _ others: [String: Settings.Value] = [:]
    ) throws -> any Probe {
        try ConvexProbe.form(on: network.loops, userAgent: "vitals/test").make(Settings(http: url, others))
    }

    private func result(
        _ script: ScriptedPeer.Script, _ others: [String: Settings.Value] = [:],
        timeout: Duration = .seconds(30)
    ) async throws -> (result: ProbeResult, peer: ScriptedPeer) {
        let peer = try await ScriptedPeer(script)
        let network = try TestNetwork()
        let probe = try probe(network, "convex+http://127.0.0.1:\(peer.port)", others)
        return (await network.run(probe, timeout: timeout), peer)
    }

    @Test("a stand-in for a deployment is one to curl, too")
    func acceptedByCurl() async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse(body: "0.1.0")))
        let output = try await run(
            ["curl", "-sf", "http://127.0.0.1:\(peer.port)/version"], in: try TemporaryDirectory())
        #expect(output == "0.1.0")
    }

    @Test(
        "is a deployment and nothing more",
        arguments: [
            ("convex+https://happy-animal-123.convex.cloud", "convex+https://happy-animal-123.convex.cloud"),
            ("convex://h.convex.cloud/", "convex+https://h.convex.cloud"),
            ("CONVEX+HTTP://127.0.0.1:3210", "convex+http://127.0.0.1:3210"),
        ])
    func targets(url: String, address: String) throws {
        #expect(try probe(try TestNetwork(), url).address == address)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "happy.convex.cloud", "https://happy.convex.cloud", "convex+https://", "convex+https://h/x",
            "convex+https://u:s3cr3t@h", "convex+https://h?a=b", "convex+https://h#x",
        ])
    func refuses(url: String) throws {
        let network = try TestNetwork()
        do {
            _ = try probe(network, url)
            Issue.record("taken: \(url)")
        } catch let error as TargetError {
            #expect(!error.message.contains("s3cr3t"))
        }
    }

    @Test("the arguments of a query are a JSON object, and for a query")
    func arguments() throws {
        let network = try TestNetwork()
        func refusal(_ others: [String: Settings.Value]) -> String? {
            do {
                _ = try probe(network, "convex://h", others)
                return nil
            } catch { return (error as? TargetError)?.field }
        }
        #expect(refusal(["args": .text("{}")]) == "args")
        #expect(refusal(["query": .text("a:b"), "args": .text("[1]")]) == "args")
        #expect(refusal(["query": .text("a:b"), "args": .text("{")]) == "args")
        #expect(refusal(["query": .text("a:b"), "args": .text(#"{"n": 1}"#)]) == nil)
    }

    @Test("asks for the version, and tells it")
    func version() async throws {
        let (result, peer) = try await result(.reply(httpResponse(body: "precompiled-2026-11-01")))
        #expect(result.fault == nil)
        #expect(result.facts[.serverVersion] == .text("precompiled-2026-11-01"))
        #expect(peer.received.hasPrefix("GET /version HTTP/1.1\r\n"))
    }

    @Test(
        "whatever is no fault of the server shows that it is there",
        arguments: [
            (404, true), (401, true), (302, true), (200, true), (500, false), (503, false),
        ])
    func statuses(status: Int, passes: Bool) async throws {
        let body = status == 200 ? "<html>" : "no"
        let (result, _) = try await result(.reply(httpResponse(status, body: body)))
        #expect((result.fault == nil) == passes)
        if !passes { #expect(result.fault?.cause == .backendUnavailable) }
        #expect(result.facts[.serverVersion] == nil)
    }

    @Test("asked to ask less often is no outage")
    func limited() async throws {
        let (result, _) = try await result(.reply(httpResponse(429, ["Retry-After: 9"], body: "")))
        #expect(result.fault?.cause == .rateLimited)
        #expect(result.retryAfter == .seconds(9))
    }

    @Test(
        "a query is posted; what goes wrong in the application comes with 200",
        arguments: [
            (200, #"{"status":"success","value":1,"logLines":[]}"#, nil),
            (200, #"{"status":"error","errorMessage":"Server Error"}"#, Cause.unexpectedReply),
            (560, #"{"status":"error","errorMessage":"boom"}"#, .unexpectedReply),
            (
                200, #"{"status":"error","errorMessage":"Could not find public function for 'a:b'."}"#,
                .notProvisioned
            ),
            (200, "<html>", .unexpectedReply), (200, "{}", .unexpectedReply), (404, "", .dbMissing),
            (403, "{}", .authFailed), (400, #"{"code":"BadJson","message":"no"}"#, .httpStatus),
            (503, "", .backendUnavailable),
        ] as [(Int, String, Cause?)])
    func query(status: Int, body: String, cause: Cause?) async throws {
        let (result, peer) = try await result(
            .reply(httpResponse(status, body: body)),
            ["query": .text("a:b"), "args": .text(#"{ "n": 1 }"#)])
        #expect(result.fault?.cause == cause)
        #expect(peer.received.hasPrefix("POST /api/query HTTP/1.1\r\n"))
        #expect(peer.received.hasSuffix(#"{"path":"a:b","args":{"n":1},"format":"json"}"#))
    }

    @Test("what variables put into the arguments is shown nowhere")
    func secrets() async throws {
        let peer = try await ScriptedPeer(
            .reply(httpResponse(body: #"{"status":"error","errorMessage":"no s3cr3tvalue"}"#)))
        let network = try TestNetwork()
        let text = TargetText(#"{"k":"s3cr3tvalue"}"#, variables: [6..<17])
        let probe = try probe(
            network, "convex+http://127.0.0.1:\(peer.port)",
            ["query": .text("a:b"), "args": .text(text)])
        let result = await network.run(probe)
        #expect(result.fault?.message.contains("no •••") == true)
        #expect(!"\(result)".contains("s3cr3tvalue"))
    }

    @Test(
        "a peer that is no server, or never ends, is told in time",
        arguments: [
            (ScriptedPeer.Script.silence, Cause.timeout), (.closeAtOnce, .reset),
            (.flood("HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n", "0.1"), .unexpectedReply),
            (.reply("SSH-2.0-OpenSSH_9.2\r\n"), .protocolMismatch),
        ])
    func hostile(script: ScriptedPeer.Script, cause: Cause) async throws {
        let (result, _) = try await result(script, timeout: .seconds(1))
        #expect(result.fault?.cause == cause)
    }

    @Test("over TLS by HTTP/2, with the days that the certificate has left")
    func secure() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["127.0.0.1"])
        let nginx = try await Nginx(
            [identity], directives: #"location /version { return 200 "1.2.3"; }"#, speaksHTTP2: true)
        let network = try TestNetwork()
        let url = "convex+https://127.0.0.1:\(nginx.securePorts[0])"
        let result = await network.run(
            try probe(network, url, ["ca": .text(authority.certificate)]), measuring: .all)
        #expect(result.fault == nil, "\(result)")
        #expect(result.facts[.httpVersion] == .text("2"))
        #expect(result.facts[.serverVersion] == .text("1.2.3"))
        #expect(result.vitals.map(\.name) == ["certificate_days_left"])
        let untrusted = await network.run(try probe(network, url))
        #expect(untrusted.fault?.cause == .tlsCertUntrusted)
    }

    @Test("conditions see what a query returned")
    func observed() async throws {
        let body = #"{"status":"success","value":"ok"}"#
        let peer = try await ScriptedPeer(.reply(httpResponse(body: body)))
        let network = try TestNetwork()
        let probe = try probe(
            network, "convex+http://127.0.0.1:\(peer.port)", ["query": .text("a:b")]
        ).observing([.body, .status])
        let observation = try #require(await network.run(probe).observation)
        #expect(observation.status == 200)
        #expect(observation.body == Array(body.utf8))
    }
}
