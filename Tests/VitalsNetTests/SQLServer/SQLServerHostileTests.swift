import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The SQL Server probe, with a peer that is no such server,")
struct SQLServerHostileTests {
    private func probe(
        _ port: Int, _ query: String = "?encrypt=disable", timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        try await SQLServerHarness.probe("sqlserver://u:pencil@127.0.0.1:\(port)\(query)", timeout: timeout)
    }

    @Test("gives up a silent one, as long as it should answer")
    func silence() async throws {
        let peer = try await ScriptedPeer(.silence)
        #expect(try await probe(peer.port, timeout: .seconds(1)).verdict == "timeout in greeting")
    }

    @Test(
        "names it",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", "SSH"), ("220 mail ESMTP\r\n", "SMTP"),
            ("HTTP/1.1 400 Bad Request\r\n", "HTTP"), ("-ERR unknown\r\n", "Redis"),
            ("\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{28}", "TLS from the first byte"),
        ])
    func foreign(bytes: String, name: String) async throws {
        let peer = try await ScriptedPeer(.reply(bytes))
        for mode in ["disable", "true"] {
            let result = try await probe(peer.port, "?encrypt=\(mode)")
            #expect(result.verdict == "protocol_mismatch in greeting")
            #expect(result.fault?.message.contains(name) == true, "\(result)")
        }
    }

    @Test("calls a hang-up a reset")
    func hangUp() async throws {
        let peer = try await ScriptedPeer(.closeAtOnce)
        #expect(try await probe(peer.port).verdict.hasPrefix("reset in greeting"))
        let half = try await SQLServerPeer(behaviour: #"{"greeting": "half"}"#)
        #expect(try await probe(half.port).verdict == "reset in greeting")
    }

    @Test("stops listening to what never ends")
    func endless() async throws {
        for noise in ["x", "\u{4}", "\u{4}\u{1}"] {
            let peer = try await ScriptedPeer(.flood("", noise))
            #expect(try await probe(peer.port).verdict == "protocol_mismatch in greeting")
        }
        // Whole packets of a message without an end.
        let packet = "\u{4}\0\u{4}\0\0\0\0\0" + String(repeating: "\0", count: 1_016)
        let peer = try await ScriptedPeer(.flood("", packet))
        #expect(try await probe(peer.port).verdict == "protocol_mismatch in greeting")
    }

    @Test("gives up one that sends a byte now and then")
    func trickle() async throws {
        let peer = try await ScriptedPeer(.trickle("", "\u{4}"))
        let result = try await probe(peer.port, timeout: .seconds(1))
        #expect(["timeout in greeting", "protocol_mismatch in greeting"].contains(result.verdict))
        #expect(result.latency < .seconds(10))
    }

    @Test(
        "does not believe an answer that breaks the protocol",
        arguments: [
            // A token that there is none of; a row without columns; a value of 2 GB; columns without an end.
            ("00", "protocol_mismatch in read"), ("D107", "protocol_mismatch in read"),
            ("8101000000000000006200000000" + "00" + "D1FFFFFF7F", "protocol_mismatch in read"),
            ("81FF0F", "protocol_mismatch in read"),
            // An answer without an end; one that goes on and does not.
            ("", "protocol_mismatch in read"), ("FD0100C1000000000000000000", "protocol_mismatch in read"),
        ])
    func broken(hexadecimal: String, verdict: String) async throws {
        let peer = try await SQLServerPeer(
            behaviour: """
                {"answers": [["SERVERPROPERTY", {"columns": ["version"], "rows": [["16.0.1.1"]]}],
                 ["SELECT 1", {"raw": "\(hexadecimal)"}]]}
                """)
        #expect(try await probe(peer.port, "?encrypt=disable", timeout: .seconds(20)).verdict != "pass")
        let target = peer.target("?encrypt=disable")
        #expect(try await SQLServerHarness.probe(target).verdict == verdict)
    }
}
