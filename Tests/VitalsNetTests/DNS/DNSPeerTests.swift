import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Name servers that do what no real one can be made to do.
@Suite struct DNSPeerTests {
    private typealias Query = ScriptedNameServer.Query

    private func run(
        _ servers: [SocketAddress], kind: DNSKind = .a, tcp: Bool = false, timeout: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        var settings = try DNSProbeSettings(parsing: "db1.example.com", kind: kind)
        settings.usesTCP = tcp
        let network = try TestNetwork(resolver: ScriptedNameServer.settings(servers))
        return await network.run(DNSProbe(settings, loops: network.loops), timeout: timeout)
    }

    @Test func aSilentServerIsAskedAgainAndThenATimeout() async throws {
        let server = try await ScriptedNameServer { _ in [] }
        let result = try await run([server.address], timeout: .milliseconds(400))
        #expect(result.fault?.cause == .timeout)
        #expect(result.fault?.phase == .firstByte)
        #expect((2...3).contains(server.queries.count))
        #expect(Set(server.queries.map(\.id)).count == 1)
    }

    @Test func aDatagramThatWasLostIsSentAgain() async throws {
        let asked = Counted()
        let server = try await ScriptedNameServer { asked.next() == 1 ? [] : [$0.reply([10, 0, 0, 1])] }
        let result = try await run([server.address], timeout: .seconds(3))
        #expect(result.fault == nil)
        #expect(result.facts[.answers] == .list(["10.0.0.1"]))
    }

    @Test func theNextServerIsAskedWhenOneIsSilentOrNotThere() async throws {
        let silent = try await ScriptedNameServer { _ in [] }
        let absent = try SocketAddress(ipAddress: "127.0.0.1", port: try freePort())
        let server = try await ScriptedNameServer { [$0.reply([10, 0, 0, 1])] }
        for first in [silent.address, absent] {
            let result = try await run([first, server.address], timeout: .seconds(3))
            #expect(result.fault == nil)
        }
    }

    @Test func aServerThatCannotBeReachedDoesNotKeepASilentOneFromBeingAskedAgain() async throws {
        let silent = try await ScriptedNameServer { _ in [] }
        let nowhere = try SocketAddress(ipAddress: "255.255.255.255", port: 53)
        let result = try await run([silent.address, nowhere], timeout: .milliseconds(900))
        #expect(result.fault?.cause == .timeout)
        #expect(result.fault?.phase == .firstByte)
        #expect(silent.queries.count >= 2)
    }

    @Test func aServerThatIsNotThereIsRefused() async throws {
        let absent = try SocketAddress(ipAddress: "127.0.0.1", port: try freePort())
        for tcp in [false, true] {
            let result = try await run([absent], tcp: tcp)
            #expect(result.fault?.cause == .refused)
            #expect(result.fault?.message == "connection refused by \(absent.text)")
        }
    }

    @Test func answersWithAnotherIdOrAnotherQuestionArePassedOver() async throws {
        let server = try await ScriptedNameServer { query in
            let lie = Query.record(1, [6, 6, 6, 6])
            let otherName: [UInt8] = [3] + Array("bad".utf8) + [0, 0, 1, 0, 1]
            var otherKind = query.question
            otherKind[otherKind.count - 3] = 28
            return [
                query.reply(id: query.id &+ 1, answers: [lie]),
                query.reply(answers: [lie], question: otherName),
                query.reply(answers: [lie], question: otherKind), query.reply(flags: 0, answers: [lie]),
                [], [1, 2, 3], query.reply([10, 0, 0, 1]),
            ]
        }
        let result = try await run([server.address])
        #expect(result.facts[.answers] == .list(["10.0.0.1"]))
    }

    @Test(
        "records that are broken are an unexpected reply",
        arguments: [
            (DNSKind.a, [10, 0, 0]), (.aaaa, [10, 0, 0, 1]), (.mx, [0]), (.mx, [0, 1]), (.txt, [9, 1]),
            (.ns, [0xC0]), (.ns, [1, 97, 0, 0]), (.srv, [0, 1, 0, 2]), (.soa, [0, 0, 1]), (.caa, [0, 9, 1]),
            (.caa, []), (.cname, [63, 1]),
        ] as [(DNSKind, [UInt8])])
    func broken(_ kind: DNSKind, _ bytes: [UInt8]) async throws {
        let server = try await ScriptedNameServer { query in
            let record: [UInt8] =
                [0xC0, 12] + [UInt8(query.kind >> 8), UInt8(query.kind & 255), 0, 1, 0, 0, 0, 9, 0]
                + [UInt8(bytes.count)] + bytes
            return [query.reply(answers: [record])]
        }
        let result = try await run([server.address], kind: kind)
        #expect(result.fault?.cause == .unexpectedReply)
    }

    @Test func aReplyThatPromisesMoreThanThereIsIsUnexpected() async throws {
        let server = try await ScriptedNameServer { query in
            var reply = query.reply([10, 0, 0, 1])
            reply[7] = 9
            return [reply]
        }
        #expect(try await run([server.address]).fault?.cause == .unexpectedReply)
    }

    @Test(
        "whatever a TCP peer says that is no answer is told for what it is",
        arguments: [
            (ScriptedPeer.Script.closeAtOnce, Cause.reset), (.replyAndClose("\0\u{4}junk"), .unexpectedReply),
            (.replyAndClose("\0\u{9}junk"), .reset), (.reply("\0\0"), .unexpectedReply),
            (.replyAndClose("HT"), .reset),
        ])
    func hostileStream(_ script: ScriptedPeer.Script, _ cause: Cause) async throws {
        let peer = try await ScriptedPeer(script)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: peer.port)
        #expect(try await run([address], tcp: true).fault?.cause == cause)
    }

    @Test func aTruncatedAnswerWithoutTCPIsAFaultOfTheServer() async throws {
        let server = try await ScriptedNameServer { [$0.reply(flags: 0x8380)] }
        let result = try await run([server.address])
        #expect(result.fault?.cause == .refused)
        #expect(result.fault?.phase == .connect)
    }

    @Test("a run that is cancelled says so, and a late answer does no harm")
    func cancelled() async throws {
        let server = try await ScriptedNameServer { _ in [] }
        let network = try TestNetwork(resolver: server.settings)
        let cancellations = Cancellations()
        let settings = try DNSProbeSettings(parsing: "db1.example.com")
        async let run = network.run(DNSProbe(settings, loops: network.loops), cancellations)
        try await eventually(that: "the question") { !server.queries.isEmpty }
        cancellations.cancelAll()
        #expect(await run.fault?.cause == .internal)
    }
}
