import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The Redis probe, with a peer that is no such server,")
struct RedisPeerTests {
    private func probe(
        _ peer: ScriptedPeer, _ login: String = "u:pencil@", timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        try await RedisHarness.probe("redis://\(login)127.0.0.1:\(peer.port)", timeout: timeout)
    }

    @Test("gives up a silent one")
    func silence() async throws {
        let result = try await probe(ScriptedPeer(.silence), timeout: .seconds(1))
        #expect(result.verdict == "timeout in authenticate")
    }

    @Test(
        "names it",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", "SSH"), ("220 mail ESMTP\r\n", "SMTP"),
            ("* OK IMAP ready\r\n", "IMAP"), ("+OK POP3 ready\r\n", "POP3"),
            ("HTTP/1.1 400 Bad Request\r\n", "HTTP"), ("\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{46}", "TLS"),
            ("J\0\0\0\n8.4.2\0", "MySQL"), ("EFATAL", "PostgreSQL"),
        ])
    func foreign(bytes: String, name: String) async throws {
        for script in [ScriptedPeer.Script.greet(bytes), .reply(bytes)] {
            let result = try await probe(ScriptedPeer(script))
            #expect(result.verdict == "protocol_mismatch in authenticate")
            #expect(result.fault?.message.contains(name) == true, "\(result)")
        }
    }

    @Test(
        "stops listening to what never ends",
        arguments: [
            ("*1000000000\r\n", ":1\r\n", "unexpected_reply"), ("", "*1\r\n", "protocol_mismatch"),
            ("$2000000000\r\n", "x", "unexpected_reply"), ("+", "x", "protocol_mismatch"),
            ("", "x", "protocol_mismatch"),
            (">1\r\n:1\r\n", ">1\r\n:1\r\n", "unexpected_reply"),
        ])
    func endless(first: String, again: String, cause: String) async throws {
        let result = try await probe(ScriptedPeer(.flood(first, again)))
        #expect(result.verdict == "\(cause) in authenticate", "\(result)")
    }

    @Test("gives up one that sends a byte now and then, and one that hangs up in the middle")
    func trickle() async throws {
        let rest = String(repeating: "x", count: 1_000)
        let slow = try await probe(ScriptedPeer(.trickle("$1000\r\n", rest)), timeout: .milliseconds(500))
        #expect(slow.verdict == "timeout in authenticate")
        #expect(slow.latency < .seconds(5))
        let cut = try await probe(ScriptedPeer(.replyAndClose("%7\r\n$6\r\nserv")))
        #expect(cut.verdict == "reset in authenticate")
        let gone = try await probe(ScriptedPeer(.closeAtOnce))
        #expect(gone.verdict.hasPrefix("reset in authenticate"))
    }

    @Test("says what protected mode is, and who may not pass")
    func denied() async throws {
        // Sent to who comes from another machine, which no test does.
        let text = "-DENIED Redis is running in protected mode because protected mode is enabled\r\n"
        let result = try await probe(ScriptedPeer(.greet(text)), "")
        #expect(result.verdict == "host_blocked in authenticate (DENIED)")
        #expect(result.fault?.message.contains("protected mode") == true)
    }

    @Test("never shows the password, whatever the peer makes of it")
    func secret() async throws {
        let result = try await probe(ScriptedPeer(.reply("-WRONGPASS is pencil the password of u?\r\n")))
        #expect(result.verdict == "auth_failed in authenticate (WRONGPASS)")
        #expect(!"\(result)".contains("pencil"))
        #expect(result.fault?.message.contains("•••") == true)
    }

    @Test("is in the registry, under each name of its scheme")
    func registered() async throws {
        let clock = MachineClock(wall: { wallClock() }, boot: { wallClock().microseconds })
        let network = try Network(version: "test", clock: clock)
        let form = try #require(network.forms.first { $0.kind == RedisProbe.kind })
        #expect(form.schemes.prefix(2) == ["redis", "valkey"] && !form.schemes.contains("unix"))
        let probe = try form.make("valkeys://u:pencil@DB1.example.com/2")
        #expect(probe.endpoint == "db1.example.com:6379")
        #expect(probe.address == "rediss://u:@db1.example.com:6379/2?sslmode=require")
        #expect(probe.identity.contains("pencil"))
        #expect(probe.scrubbed("a pencil") == "a •••")
        #expect(throws: TargetError.self) { try form.make("redis://u:p@ss@h") }
        try await network.shutdown()
    }
}
