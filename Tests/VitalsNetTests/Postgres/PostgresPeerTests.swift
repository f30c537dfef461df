import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("The PostgreSQL probe, with a peer that is no such server,")
struct PostgresPeerTests {
    private func probe(
        _ peer: ScriptedPeer, _ query: String = "", timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        try await PostgresHarness.probe(
            "postgres://u:pencil@127.0.0.1:\(peer.port)/d\(query)", timeout: timeout)
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    @Test("gives up a silent one in the phase that it hangs in")
    func silence() async throws {
        let peer = try await ScriptedPeer(.silence)
        let plain = try await probe(peer, timeout: .seconds(2))
        #expect(plain.verdict == "timeout in authenticate")
        let secure = try await probe(peer, "?sslmode=require", timeout: .seconds(2))
        #expect(secure.verdict == "timeout in tls")
        #expect(plain.latency < .seconds(20))
    }

    @Test("tells a read that hangs from a server that is down")
    func hungRead() async throws {
        let peer = try await ScriptedPeer(.reply(text(ServerBytes.start + ServerBytes.identity)))
        let result = try await probe(peer, timeout: .seconds(4))
        #expect(result.verdict == "timeout in read")
        #expect(result.facts[.role] == .text("primary"))
        let fault = try #require(result.fault)
        #expect(fault.cause.causeClass(in: fault.phase, isDatabase: true, hasPassed: true) == .partial)
    }

    @Test("stops listening to notices that never end")
    func endlessNotices() async throws {
        let notice = ServerBytes.message("N", Array(repeating: 65, count: 20_000))
        let peer = try await ScriptedPeer(.flood(text(notice), text(notice)))
        #expect(try await probe(peer).verdict == "unexpected_reply in authenticate")
    }

    @Test("stops listening to noise that never ends")
    func endlessNoise() async throws {
        let peer = try await ScriptedPeer(.flood("x", String(repeating: "x", count: 1 << 20)))
        let result = try await probe(peer)
        #expect(result.verdict == "protocol_mismatch in authenticate", "\(result)")
    }

    @Test("does not wait for the gigabyte that a message claims to be")
    func hugeMessage() async throws {
        let peer = try await ScriptedPeer(.flood("R\u{40}\0\0\0", String(repeating: "x", count: 1 << 20)))
        #expect(try await probe(peer).verdict == "protocol_mismatch in authenticate")
    }

    @Test("gives up one that sends a byte now and then")
    func trickle() async throws {
        let peer = try await ScriptedPeer(.trickle("", text(ServerBytes.start)))
        let result = try await probe(peer, timeout: .milliseconds(300))
        #expect(result.fault?.cause == .timeout)
        #expect(result.latency < .seconds(5))
    }

    @Test(
        "names it",
        arguments: [
            (ScriptedPeer.Script.greet("J\0\0\0\n8.0.36\0"), "MySQL"),
            (.replyAndClose("HTTP/1.1 400 Bad Request\r\n"), "HTTP"),
            (.greet("SSH-2.0-OpenSSH_9.2\r\n"), "SSH"), (.reply("-ERR unknown command\r\n"), "Redis"),
        ])
    func foreign(script: ScriptedPeer.Script, name: String) async throws {
        let peer = try await ScriptedPeer(script)
        for (mode, phase) in [("disable", "authenticate"), ("require", "tls")] {
            let result = try await probe(peer, "?sslmode=\(mode)")
            #expect(result.verdict == "protocol_mismatch in \(phase)")
            #expect(result.fault?.message.contains(name) == true)
        }
    }

    @Test("calls a hang-up a reset")
    func hangUp() async throws {
        let peer = try await ScriptedPeer(.closeAtOnce)
        #expect(try await probe(peer).fault?.cause == .reset)
        let later = try await ScriptedPeer(.replyAndClose(text(ServerBytes.start)))
        let fault = try await probe(later).fault
        #expect(fault?.cause == .reset)
        #expect(fault?.phase == .session)
    }

    @Test("never shows the password, whatever the peer makes of it")
    func secret() async throws {
        let peer = try await ScriptedPeer(
            .reply(text(ServerBytes.error("28P01", "is pencil the password of u?"))))
        let result = try await probe(peer)
        #expect(result.verdict == "auth_failed in authenticate (28P01)")
        #expect(!"\(result)".contains("pencil"))
        #expect(result.fault?.message.contains("•••") == true)
    }

    @Test("is in the registry, under both names of its scheme")
    func registered() async throws {
        let clock = MachineClock(wall: { wallClock() }, boot: { wallClock().microseconds })
        let network = try Network(version: "test", clock: clock)
        let form = try #require(network.forms.first { $0.kind == PostgresProbe.kind })
        #expect(form.schemes == ["postgres", "postgresql"])
        let probe = try form.make("postgresql://u:pencil@DB1.example.com/d")
        #expect(probe.endpoint == "db1.example.com:5432")
        #expect(probe.address == "postgres://u@db1.example.com:5432/d?sslmode=require")
        #expect(probe.identity.contains("pencil"))
        #expect(throws: TargetError.self) { try form.make("postgres://u:p@ss@h/d") }
        try await network.shutdown()
    }
}
