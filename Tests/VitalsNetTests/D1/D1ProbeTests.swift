import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("A D1 check")
struct D1ProbeTests {
    private func probe(
        _ network: TestNetwork, port: Int, _ others: [String: Settings.Value] = [:],
        budgets: D1Budgets = D1Budgets()
    ) throws -> D1Probe {
        try D1Probe(
            D1Replies.settings(port: port, others), loops: network.loops, budgets: budgets,
            userAgent: "vitals/test")
    }

    @Test("a stand-in for the API is one to curl, too")
    func acceptedByCurl() async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse(body: D1Replies.good)))
        let directory = try TemporaryDirectory()
        let output = try await run(
            [
                "curl", "-sf", "-X", "POST", "-H", "Authorization: Bearer \(D1Replies.key)", "--json",
                #"{"sql":"SELECT 1"}"#, "http://127.0.0.1:\(peer.port)/client/v4/x",
            ], in: directory)
        #expect(output == D1Replies.good)
    }

    @Test("asks as the API is asked, and measures")
    func asks() async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse(body: D1Replies.good)))
        let network = try TestNetwork()
        let result = await network.run(try probe(network, port: peer.port), measuring: .all)
        #expect(result.fault == nil)
        #expect(result.facts[.queryTime] == .number(217))
        #expect(
            result.vitals.map(\.name).sorted()
                == ["attempts", "query_ms", "size_bytes", "size_used_percent"])
        let lines = peer.received.split(separator: "\r\n").map(String.init)
        let path = "/client/v4/accounts/\(D1Replies.account)/d1/database/\(D1Replies.database)/query"
        #expect(lines.first == "POST \(path) HTTP/1.1")
        #expect(lines.contains("Authorization: Bearer \(D1Replies.key)"))
        #expect(lines.contains("Content-Type: application/json"))
        #expect(lines.last == #"{"sql":"SELECT 1"}"#)
        let quick = await network.run(try probe(network, port: peer.port))
        #expect(quick.vitals.isEmpty)
    }

    @Test("a query that was tried more than once degrades")
    func attempts() async throws {
        let twice = D1Replies.good.replacing("\"total_attempts\":1", with: "\"total_attempts\":2")
        let peer = try await ScriptedPeer(.reply(httpResponse(body: twice)))
        let network = try TestNetwork()
        let result = await network.run(try probe(network, port: peer.port), measuring: .all)
            .judged(by: D1Vitals.rules)
        #expect(result.fault?.cause == .vital)
        #expect(result.fault?.code == "attempts")
    }

    @Test(
        "what goes wrong is told where it does, without the key, whatever the answer quotes",
        arguments: [
            (403, D1Replies.failure(10_000, "bad \(D1Replies.key)"), Cause.authFailed, Phase.authenticate),
            (504, D1Replies.page + D1Replies.key, .backendUnavailable, .body),
            (200, D1Replies.page + D1Replies.key, .unexpectedReply, .body),
        ])
    func faults(status: Int, body: String, cause: Cause, phase: Phase) async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse(status, body: body)))
        let network = try TestNetwork()
        let result = await network.run(try probe(network, port: peer.port))
        #expect(result.fault?.cause == cause)
        #expect(result.fault?.phase == phase)
        #expect(!"\(result)".contains(D1Replies.key))
    }

    @Test(
        "a peer that is no server, or never ends, is told in time",
        arguments: [
            (ScriptedPeer.Script.silence, Cause.timeout), (.closeAtOnce, .reset),
            (.reply("HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n{"), .timeout),
            (.flood("HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n", "{\"a\":"), .unexpectedReply),
            (.replyAndClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"succ"), .unexpectedReply),
            (.trickle("HTTP/1.1 200 OK\r\n\r\n", String(repeating: " ", count: 10_000)), .timeout),
        ])
    func hostile(script: ScriptedPeer.Script, cause: Cause) async throws {
        let peer = try await ScriptedPeer(script)
        let network = try TestNetwork()
        let result = await network.run(try probe(network, port: peer.port), timeout: .seconds(1))
        #expect(result.fault?.cause == cause)
    }

    @Test("asked to ask less often: nothing more is sent with that key, by any check, and it is no outage")
    func paused() async throws {
        let limited = httpResponse(429, ["Retry-After: 120"], body: D1Replies.failure(10_000, "rate"))
        let peer = try await ScriptedPeer(.reply(limited))
        let network = try TestNetwork()
        let budgets = D1Budgets()
        let first = await network.run(try probe(network, port: peer.port, budgets: budgets))
        #expect(first.fault?.cause == .rateLimited)
        #expect(first.retryAfter == .seconds(120))
        let other = try probe(network, port: peer.port, ["database": .text("other")], budgets: budgets)
        let second = await network.run(other)
        #expect(second.fault?.cause == .rateLimited)
        #expect(second.fault?.message.contains("Cloudflare wants no calls with this key") == true)
        #expect(try #require(second.retryAfter) <= .seconds(120))
        #expect(peer.connections == 1)
        let key = try probe(network, port: peer.port, ["api_key": .text("another")], budgets: budgets)
        _ = await network.run(key)
        #expect(peer.connections == 2)
    }

    @Test("beyond the budget of its key nothing is sent")
    func spent() async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse(body: D1Replies.good)))
        let network = try TestNetwork()
        let budgets = D1Budgets(limit: 2)
        for _ in 0..<2 {
            let result = await network.run(try probe(network, port: peer.port, budgets: budgets))
            #expect(result.fault == nil)
        }
        let result = await network.run(try probe(network, port: peer.port, budgets: budgets))
        #expect(result.fault?.cause == .rateLimited)
        #expect(result.fault?.message.contains("of the 1200 that Cloudflare allows") == true)
        #expect(result.fault?.message.contains(D1Replies.key) == false)
        #expect(result.retryAfter != nil)
        #expect(peer.connections == 2)
    }

    @Test("another key, database, base or trust is another target; the plan is not")
    func identity() throws {
        let network = try TestNetwork()
        let plain = try probe(network, port: 1)
        #expect(!plain.address.contains(D1Replies.key))
        #expect(try probe(network, port: 1, ["plan": .text("free")]).identity == plain.identity)
        for (name, value) in [("api_key", "x"), ("url", "d1://a/b"), ("verify", "none")] {
            #expect(try probe(network, port: 1, [name: .text(value)]).identity != plain.identity)
        }
        #expect(try probe(network, port: 2).identity != plain.identity)
        let remote = try probe(network, port: 1, ["base_url": .text("http://api.example.com")])
        #expect(remote.warnings == ["the key goes to http://api.example.com unencrypted"])
        #expect(plain.warnings.isEmpty)
    }
}
