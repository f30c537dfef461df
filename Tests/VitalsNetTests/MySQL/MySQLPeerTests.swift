import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("The MySQL probe, with a peer that is no such server,")
struct MySQLPeerTests {
    private func probe(
        _ peer: ScriptedPeer, _ query: String = "", timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        try await MySQLHarness.probe(
            "mysql://u:pencil@127.0.0.1:\(peer.port)/d\(query)", timeout: timeout)
    }

    @Test("gives up a silent one, as long as it should greet")
    func silence() async throws {
        let peer = try await ScriptedPeer(.silence)
        for mode in ["disable", "require"] {
            let result = try await probe(peer, "?ssl-mode=\(mode)", timeout: .seconds(1))
            #expect(result.verdict == "timeout in greeting")
        }
    }

    @Test("gives up one that greets and then is silent")
    func silentAfterGreeting() async throws {
        let peer = try await MySQLPlainPeer([MySQLBytes.greeting(capabilities: 0xDEFF_F7FF)])
        let target = "mysql://u:pencil@127.0.0.1:\(peer.port)/d"
        let result = try await MySQLHarness.probe(target, timeout: .seconds(1))
        #expect(result.verdict == "timeout in authenticate")
        let secure = try await MySQLHarness.probe(target + "?ssl-mode=require")
        #expect(secure.verdict == "tls_unsupported in tls")
    }

    @Test("tells a read that hangs from a server that is down")
    func hungRead() async throws {
        let peer = try await MySQLPlainPeer([
            MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.identity(), [],
        ])
        let result = try await MySQLHarness.probe(
            "mysql://u:pencil@127.0.0.1:\(peer.port)/d", timeout: .seconds(2))
        #expect(result.verdict == "timeout in read")
        #expect(result.facts[.role] == .text("primary"))
        let fault = try #require(result.fault)
        #expect(fault.cause.causeClass(in: fault.phase, isDatabase: true, hasPassed: true) == .partial)
    }

    @Test("stops listening to rows that never end")
    func endlessRows() async throws {
        let row = MySQLBytes.rows(["1"], Array(repeating: ["1"], count: 5_000))
        let peer = try await MySQLPlainPeer([MySQLBytes.greeting(), MySQLBytes.ok(2), row])
        let result = try await MySQLHarness.probe("mysql://u:pencil@127.0.0.1:\(peer.port)/d")
        #expect(result.verdict == "unexpected_reply in session")
    }

    @Test("stops listening to columns that never end")
    func endlessColumns() async throws {
        let names = ["", "", "", "", String(repeating: "x", count: 250), ""]
        let column =
            names.flatMap(MySQLBytes.lengthEncoded) + [0x0C, 45, 0, 40, 0, 0, 0, 0xFD, 0, 0, 0, 0, 0]
        let columns = (0..<1_000).flatMap { MySQLBytes.packet(UInt8(($0 + 2) % 256), column) }
        let peer = try await MySQLPlainPeer([
            MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.packet(1, [0xFC, 0, 1]) + columns,
        ])
        let result = try await MySQLHarness.probe("mysql://u:pencil@127.0.0.1:\(peer.port)/d")
        #expect(result.verdict == "unexpected_reply in session")
    }

    @Test("does not wait for what a length claims")
    func hugeLength() async throws {
        for huge: [UInt8] in [[0xFF, 0xFF, 0xFF, 1], [0xFE, 0xFF, 0xFF, 1, 0]] {
            let peer = try await MySQLPlainPeer([MySQLBytes.greeting(), MySQLBytes.ok(2), huge])
            let result = try await MySQLHarness.probe("mysql://u:pencil@127.0.0.1:\(peer.port)/d")
            #expect(result.verdict == "protocol_mismatch in session")
        }
        // A value that claims 2 GB, in a packet of no more than a few bytes.
        let rows = Array(MySQLBytes.rows(["1"], []).dropLast(9))
        let claim = MySQLBytes.packet(4, [0xFE, 0, 0, 0, 0x80, 0, 0, 0, 0, 65])
        let peer = try await MySQLPlainPeer([MySQLBytes.greeting(), MySQLBytes.ok(2), rows + claim])
        let result = try await MySQLHarness.probe("mysql://u:pencil@127.0.0.1:\(peer.port)/d")
        #expect(result.verdict == "protocol_mismatch in session")
    }

    @Test("stops listening to noise that never ends")
    func endlessNoise() async throws {
        for noise in ["x", "\u{1}", "\0"] {
            let peer = try await ScriptedPeer(.greet(String(repeating: noise, count: 1 << 20)))
            #expect(try await probe(peer).verdict == "protocol_mismatch in greeting")
        }
    }

    @Test("gives up one that sends a byte now and then")
    func trickle() async throws {
        let peer = try await MySQLPlainPeer([MySQLBytes.greeting()], isTrickling: true)
        let result = try await MySQLHarness.probe(
            "mysql://u:pencil@127.0.0.1:\(peer.port)/d", timeout: .milliseconds(500))
        #expect(result.verdict == "timeout in greeting")
        #expect(result.latency < .seconds(5))
    }

    @Test(
        "names it",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", "SSH"), ("220 mail ESMTP\r\n", "SMTP"),
            ("* OK IMAP ready\r\n", "IMAP"),
            ("HTTP/1.1 400 Bad Request\r\n", "HTTP"), ("-ERR unknown\r\n", "Redis"),
            ("\u{5}\0\0\0\u{b}\u{8}\u{5}\u{1a}\0", "the X port"),
        ])
    func foreign(bytes: String, name: String) async throws {
        let peer = try await ScriptedPeer(.greet(bytes))
        for mode in ["disable", "require"] {
            let result = try await probe(peer, "?ssl-mode=\(mode)")
            #expect(result.verdict == "protocol_mismatch in greeting")
            #expect(result.fault?.message.contains(name) == true, "\(result)")
        }
    }

    @Test("calls a hang-up a reset")
    func hangUp() async throws {
        let peer = try await ScriptedPeer(.closeAtOnce)
        #expect(try await probe(peer).verdict.hasPrefix("reset in greeting"))
    }

    @Test("never shows the password, whatever the peer makes of it")
    func secret() async throws {
        let peer = try await MySQLPlainPeer([
            MySQLBytes.greeting(), MySQLBytes.error(2, 1045, "is pencil the password of u?"),
        ])
        let result = try await MySQLHarness.probe("mysql://u:pencil@127.0.0.1:\(peer.port)/d")
        #expect(result.verdict == "auth_failed in authenticate (1045)")
        #expect(!"\(result)".contains("pencil"))
        #expect(result.fault?.message.contains("•••") == true)
    }

    @Test("is in the registry, under both names of its scheme")
    func registered() async throws {
        let clock = MachineClock(wall: { wallClock() }, boot: { wallClock().microseconds })
        let network = try Network(version: "test", clock: clock)
        let form = try #require(network.forms.first { $0.kind == MySQLProbe.kind })
        #expect(form.schemes == ["mysql", "mariadb"])
        let probe = try form.make("mariadb://u:pencil@DB1.example.com/d")
        #expect(probe.endpoint == "db1.example.com:3306")
        #expect(probe.address == "mysql://u@db1.example.com:3306/d?ssl-mode=require")
        #expect(probe.identity.contains("pencil"))
        #expect(probe.scrubbed("a pencil") == "a •••")
        #expect(throws: TargetError.self) { try form.make("mysql://u:p@ss@h/d") }
        try await network.shutdown()
    }
}
