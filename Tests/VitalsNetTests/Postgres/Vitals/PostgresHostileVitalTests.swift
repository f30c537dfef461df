import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("While it measures, the PostgreSQL probe keeps its verdict with a peer that")
struct PostgresHostileVitalTests {
    private static let verdict = ServerBytes.start + ServerBytes.identity + ServerBytes.one
    /// Whatever is asked: four settings, then an answer.
    private static let answer =
        ServerBytes.done + ServerBytes.done + ServerBytes.done + ServerBytes.done + ServerBytes.row("0")
        + ServerBytes.done + ServerBytes.ready

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func measure(
        _ script: ScriptedPeer.Script, within limit: Duration = .seconds(30)
    ) async throws -> (ProbeResult, ScriptedPeer) {
        let peer = try await ScriptedPeer(script)
        let result = try await PostgresHarness.measure(
            "postgres://u:pencil@127.0.0.1:\(peer.port)/d", within: limit)
        #expect(result.fault == nil, "\(result)")
        #expect(result.facts[.role] == .text("primary"))
        return (result, peer)
    }

    @Test("hangs at the third question: the rest is unknown, and it is asked to give up the query")
    func hang() async throws {
        let (result, peer) = try await measure(
            .reply(text(Self.verdict + Self.answer + Self.answer)), within: .milliseconds(500))
        #expect(result.vital("lock_waiters")?.value == 0)
        let third = try #require(result.vital("deadlocks_total"))
        #expect(third.value == nil)
        #expect(third.reason?.hasSuffix(" within 500ms (vitals)") == true, "\(third)")
        #expect(result.vital("size_bytes")?.reason == third.reason)
        try await eventually(that: "it is asked to give up the query") { peer.connections == 2 }
    }

    @Test("sends rows without an end")
    func endless() async throws {
        let (result, _) = try await measure(
            .flood(text(Self.verdict + ServerBytes.done), text(ServerBytes.row("1", "2", "3"))))
        #expect(result.vital("connections")?.reason == "the server sent rows that were not asked for")
        #expect(result.vital("xid_age")?.value == nil)
    }

    @Test("hangs up")
    func reset() async throws {
        let (result, _) = try await measure(.replyAndClose(text(Self.verdict)))
        #expect(result.vital("connections")?.reason == "the server closed the connection during a query")
        #expect(!result.vitals.contains { $0.value != nil })
    }

    @Test("breaks the protocol")
    func broken() async throws {
        let (result, _) = try await measure(.reply(text(Self.verdict + ServerBytes.message("D", [0, 9]))))
        #expect(result.vital("connections")?.reason?.contains("broke the PostgreSQL protocol") == true)
    }
}
