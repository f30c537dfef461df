import Glibc
import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite struct ResolverTests {
    private typealias Query = ScriptedNameServer.Query

    private func addresses(_ texts: String...) throws -> Resolution {
        .addresses(ResolvedAddresses(try texts.map { try SocketAddress(ipAddress: $0, port: 0) }))
    }

    @Test func asksForBothKindsOfAddressAndPutsIPv4First() async throws {
        let server = try await ScriptedNameServer { query in
            let ipv6: [UInt8] = [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1]
            return [
                query.reply(answers: [query.isIPv4 ? Query.record(1, [10, 0, 0, 1]) : Query.record(28, ipv6)])
            ]
        }
        let network = try TestNetwork(resolver: server.settings)
        #expect(await network.resolve("db1.example.com") == (try addresses("10.0.0.1", "2001:db8::1")))
        #expect(server.queries.map(\.kind).sorted() == [1, 28])
    }

    @Test func keepsAnAnswerForItsTimeWhateverTheLettersCaseAndClosingDot() async throws {
        let server = try await ScriptedNameServer { [$0.reply([10, 0, 0, 1])] }
        let network = try TestNetwork(resolver: server.settings)
        for name in ["db1.example.com", "DB1.Example.COM", "db1.example.com."] {
            #expect(await network.resolve(name) == (try addresses("10.0.0.1")))
        }
        #expect(server.queries.count == 2)
    }

    @Test func asksAgainOnceTheTimeIsOver() async throws {
        let server = try await ScriptedNameServer { [$0.reply([10, 0, 0, 1], ttl: 0)] }
        let network = try TestNetwork(resolver: server.settings)
        try await eventually(that: "a second question") {
            _ = await network.resolve("db1.example.com")
            return server.queries.count == 4
        }
    }

    @Test func oneQuestionServesAThousandWhoWait() async throws {
        let server = try await ScriptedNameServer { [$0.reply([10, 0, 0, 1])] }
        let network = try TestNetwork(resolver: server.settings)
        let expected = try addresses("10.0.0.1")
        await withTaskGroup { group in
            for _ in 0..<1_000 { group.addTask { await network.resolve("db1.example.com") } }
            for await resolution in group { #expect(resolution == expected) }
        }
        #expect(server.queries.count == 2)
    }

    @Test func aNameThatDoesNotExistIsNXDomainAndIsKept() async throws {
        let authority: [UInt8] = [0, 0, 6, 0, 1, 0, 0, 1, 0, 0, 6, 0, 0, 0, 0, 0, 30]
        let server = try await ScriptedNameServer { [$0.reply(code: 3, authorities: [authority])] }
        let network = try TestNetwork(resolver: server.settings)
        for _ in 0..<2 {
            let resolution = await network.resolve("no.example.com")
            #expect(resolution == .failure(.dnsNXDomain, message: "there is no such name as no.example.com"))
        }
        #expect(server.queries.count <= 2)
    }

    @Test func aNameWithoutAddressesIsNXDomain() async throws {
        let server = try await ScriptedNameServer { [$0.reply()] }
        let network = try TestNetwork(resolver: server.settings)
        let resolution = await network.resolve("empty.example.com")
        #expect(resolution == .failure(.dnsNXDomain, message: "the name empty.example.com has no address"))
    }

    @Test func aServerThatFailsIsAFailure() async throws {
        let server = try await ScriptedNameServer { [$0.reply(code: 2)] }
        let network = try TestNetwork(resolver: server.settings)
        let message = "name server \(server.address.text) could not resolve db1.example.com (SERVFAIL)"
        #expect(await network.resolve("db1.example.com") == .failure(.dnsFailure, message: message))
    }

    @Test func aServerThatIsNotThereIsAFailure() async throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: try freePort())
        let network = try TestNetwork(resolver: ScriptedNameServer.settings([address]))
        let message = "connection refused by name server \(address.text)"
        #expect(await network.resolve("db1.example.com") == .failure(.dnsFailure, message: message))
    }

    @Test func theNextServerIsAskedWhenOneIsSilentAndIsAskedFirstFromThenOn() async throws {
        let silent = try await ScriptedNameServer { _ in [] }
        let server = try await ScriptedNameServer { [$0.reply([10, 0, 0, 1])] }
        let network = try TestNetwork(
            resolver: ScriptedNameServer.settings([silent.address, server.address]))
        #expect(await network.resolve("db1.example.com") == (try addresses("10.0.0.1")))
        #expect(await network.resolve("db2.example.com") == (try addresses("10.0.0.1")))
        #expect(Set(silent.queries.map(\.name)) == ["db1.example.com"])
    }

    @Test func theNextServerIsAskedWhenOneFails() async throws {
        let failing = try await ScriptedNameServer { [$0.reply(code: 5)] }
        let server = try await ScriptedNameServer { [$0.reply([10, 0, 0, 1])] }
        let network = try TestNetwork(
            resolver: ScriptedNameServer.settings([failing.address, server.address]))
        #expect(await network.resolve("db1.example.com") == (try addresses("10.0.0.1")))
    }

    @Test func anAddressIsEnoughWhenTheOtherKindIsNotAnswered() async throws {
        let server = try await ScriptedNameServer { $0.isIPv4 ? [$0.reply([10, 0, 0, 1])] : [] }
        let network = try TestNetwork(resolver: server.settings)
        #expect(await network.resolve("db1.example.com") == (try addresses("10.0.0.1")))
    }

    @Test func answersWithAnotherIdOrAnotherQuestionArePassedOver() async throws {
        let server = try await ScriptedNameServer { query in
            let lie = Query.record(1, [6, 6, 6, 6])
            let other: [UInt8] = [3] + Array("bad".utf8) + [0, 0, 1, 0, 1]
            return [
                query.reply(id: query.id &+ 1, answers: [lie]), query.reply(answers: [lie], question: other),
                [], [1, 2, 3], query.reply([10, 0, 0, 1]),
            ]
        }
        let network = try TestNetwork(resolver: server.settings)
        #expect(await network.resolve("db1.example.com") == (try addresses("10.0.0.1")))
    }

    @Test func localhostNeedsNoServer() async throws {
        let network = try TestNetwork(resolver: ScriptedNameServer.settings([]))
        #expect(await network.resolve("localhost") == (try addresses("127.0.0.1", "::1")))
    }

    @Test func theHostsFileCountsAndItsChangesAreSeen() async throws {
        let directory = try TemporaryDirectory()
        let server = try await ScriptedNameServer { [$0.reply(code: 3)] }
        var settings = server.settings
        settings.hostsPath = try directory.write("hosts", "10.0.0.7 db7.example.com DB7 # ours\n")
        let network = try TestNetwork(resolver: settings)
        #expect(await network.resolve("db7") == (try addresses("10.0.0.7")))
        try directory.write("hosts", "10.0.0.8 db7\n::1 db7\nnonsense\n")
        let expected = try addresses("10.0.0.8", "::1")
        try await eventually(that: "the new address") { await network.resolve("db7") == expected }
        #expect(server.queries.isEmpty)
    }

    @Test(arguments: ["", "a b", "ä.example.com", "a..b", String(repeating: "a", count: 64)])
    func whatIsNoNameIsNeverAskedFor(_ name: String) async throws {
        let network = try TestNetwork(resolver: ScriptedNameServer.settings([]))
        guard case .failure(.badConfiguration, _) = await network.resolve(name) else {
            Issue.record("resolved \(name)")
            return
        }
    }

    @Test func aSilentServerEndsARunAtItsDeadlineAndHoldsUpNoOther() async throws {
        let server = try await ScriptedNameServer { _ in [] }
        let network = try TestNetwork(resolver: server.settings)
        let peer = try await ScriptedPeer(.silence)
        async let hung = network.run(try network.tcp("db1.example.com:5432"), timeout: .milliseconds(400))
        let good = await network.run(try network.tcp("localhost:\(peer.port)"))
        #expect(good.fault == nil)
        let result = try await hung
        #expect(result.fault?.cause == .dnsFailure)
        #expect(result.fault?.phase == .resolve)
        #expect(
            result.fault?.message
                == "no answer about db1.example.com from name server \(server.address.text) within 400 ms")
        #expect(result.latency >= .milliseconds(390))
    }

    @Test func aNameThatWasNeverAskedForIsOurOwnTrouble() async throws {
        let server = try await ScriptedNameServer { _ in [] }
        var settings = server.settings
        settings.maximumRunning = 1
        let network = try TestNetwork(resolver: settings)
        let cancellations = Cancellations()
        async let first = network.run(try network.tcp("db1.example.com:1"), cancellations)
        try await eventually(that: "the first question") { !server.queries.isEmpty }
        let second = await network.run(try network.tcp("db2.example.com:1"), timeout: .milliseconds(50))
        #expect(second.fault?.cause == .internal)
        cancellations.cancelAll()
        #expect(try await first.fault?.phase == .resolve)
    }

    @Test func aFileThatWeCannotOpenIsNotGone() throws {
        let directory = try TemporaryDirectory("vitals-hosts")
        let path = try directory.write("hosts", "10.0.0.1 db")
        var file = WatchedFile(path: path)
        #expect(file.readIfChanged() == "10.0.0.1 db")
        #expect(unlink(path) == 0)
        #expect(symlink(path, path) == 0)
        #expect(file.readIfChanged() == nil)
        #expect(unlink(path) == 0)
        #expect(file.readIfChanged() == "")
        #expect(file.readIfChanged() == nil)
    }

    /// A name server that hangs up by TCP. The port that it has by UDP may be somebody's by TCP.
    private func cutOff(
        _ script: @escaping ScriptedNameServer.Script
    ) async throws -> (ScriptedNameServer, ScriptedPeer) {
        for _ in 0..<50 {
            let server = try await ScriptedNameServer(script)
            guard let port = server.address.port else { continue }
            if let closing = try? await ScriptedPeer(.closeAtOnce, port: port) { return (server, closing) }
        }
        throw SystemError("bind")
    }

    @Test(
        "what was cut off and cannot be had by TCP is used as far as it goes",
        arguments: [true, false])
    func truncated(_ hasSome: Bool) async throws {
        let (server, closing) = try await cutOff { query in
            let answers = hasSome && query.isIPv4 ? [Query.record(1, [10, 0, 0, 1])] : []
            return [query.reply(flags: query.isIPv4 ? 0x8380 : 0x8180, answers: answers)]
        }
        let network = try TestNetwork(resolver: server.settings)
        let resolution = await network.resolve("db1.example.com")
        if hasSome {
            #expect(resolution == (try addresses("10.0.0.1")))
        } else {
            let message =
                "name server \(server.address.text) gave only a part of its answer about db1.example.com"
            #expect(resolution == .failure(.dnsFailure, message: message))
        }
        #expect(closing.connections > 0)
    }

    @Test func theServersAreAskedByTurnsIfTheFileSaysSo() async throws {
        let directory = try TemporaryDirectory("vitals-resolv")
        let servers = [
            try await ScriptedNameServer { [$0.reply([10, 0, 0, 1])] },
            try await ScriptedNameServer { [$0.reply([10, 0, 0, 1])] },
        ]
        for (text, expected) in [("options rotate", [2, 2]), ("", [4, 0])] {
            var settings = ScriptedNameServer.settings(servers.map(\.address))
            settings.resolvPath = try directory.write("resolv.conf", text)
            let network = try TestNetwork(resolver: settings)
            let before = servers.map(\.queries.count)
            for name in ["db1", "db2"] { _ = await network.resolve("\(name).example.com") }
            #expect(zip(servers, before).map { $0.queries.count - $1 } == expected)
        }
    }

    @Test func aServerThatCannotTellOfOneDomainLeavesOpenWhetherThereIsTheName() async throws {
        let directory = try TemporaryDirectory("vitals-resolv")
        let server = try await ScriptedNameServer { [$0.reply(code: $0.name == "db1.a.example" ? 2 : 3)] }
        var settings = server.settings
        settings.resolvPath = try directory.write("resolv.conf", "search a.example b.example")
        let network = try TestNetwork(resolver: settings)
        let message = "name server \(server.address.text) could not resolve db1.a.example (SERVFAIL)"
        #expect(await network.resolve("db1") == .failure(.dnsFailure, message: message))
        #expect(Set(server.queries.map(\.name)) == ["db1.a.example", "db1.b.example", "db1"])
    }

    @Test func whatWasFoundByAnotherSearchListIsForgotten() async throws {
        let directory = try TemporaryDirectory("vitals-resolv")
        let server = try await ScriptedNameServer { query in
            [query.reply([10, 0, 0, query.name == "db1.a.example" ? 1 : 2])]
        }
        var settings = server.settings
        settings.resolvPath = try directory.write("resolv.conf", "search a.example")
        let network = try TestNetwork(resolver: settings)
        #expect(await network.resolve("db1") == (try addresses("10.0.0.1")))
        try directory.write("resolv.conf", "search b.example")
        let expected = try addresses("10.0.0.2")
        try await eventually(that: "the other domain") { await network.resolve("db1") == expected }
    }
}
