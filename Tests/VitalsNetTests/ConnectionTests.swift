import Dispatch
import NIOCore
import Synchronization
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite struct ConnectionTests {
    @Test func aConnectionIsAPassWithItsPhasesAndAddresses() async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let result = await network.run(try network.tcp("127.0.0.1:\(peer.port)"))
        #expect(result.fault == nil)
        #expect(result.phases.map(\.phase) == [.connect])
        #expect(result.facts[.addresses] == .list(["127.0.0.1"]))
        #expect(result.trace == "")
        try await eventually(that: "the close") { peer.closed == 1 }
    }

    @Test func aNameIsResolvedFirst() async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let result = await network.run(try network.tcp("tcp://LOCALHOST:\(peer.port)"))
        #expect(result.fault == nil)
        #expect(result.phases.map(\.phase) == [.resolve, .connect])
        #expect(result.latency >= result.phases[0].duration + result.phases[1].duration)
    }

    @Test func aNameThatIsWholeMayEndInADot() async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let probe = try network.tcp("LocalHost.:\(peer.port)")
        #expect(probe.endpoint == "localhost.:\(peer.port)")
        #expect(await network.run(probe).fault == nil)
        #expect(ProbeTarget(.host("localhost.", port: 1)).serverName == "localhost")
    }

    @Test func nobodyListeningIsRefused() async throws {
        let network = try TestNetwork()
        let closed = try RefusingPort()
        let port = closed.number
        let result = await network.run(try network.tcp("127.0.0.1:\(port)"))
        let message = "connection refused by 127.0.0.1:\(port)"
        #expect(result.fault == Fault(.refused, in: .connect, code: "ECONNREFUSED", message: message))
        #expect(result.trace.hasSuffix(message))
        #expect(result.phases.map(\.phase) == [.connect])
    }

    @Test func everyAddressIsTriedAndEachFailureIsTold() async throws {
        let port = try freePort()
        let network = try TestNetwork(hosts: "127.0.0.2 db\n127.0.0.3 db")
        let result = await network.run(try network.tcp("db:\(port)"))
        #expect(
            result.fault?.message
                == "connection refused by 127.0.0.2:\(port); connection refused by 127.0.0.3:\(port)")
        #expect(result.facts[.addresses] == .list(["127.0.0.2", "127.0.0.3"]))
    }

    @Test func anAddressThatWeCannotReachTellsLessThanOneThatRefuses() async throws {
        let port = try freePort()
        let network = try TestNetwork(hosts: "127.0.0.2 db\n255.255.255.255 db")
        let result = await network.run(try network.tcp("db:\(port)"))
        #expect(result.fault?.cause == .refused)
        #expect(result.fault?.message.contains("; ") == true)
    }

    @Test func oneAddressThatListensIsEnough() async throws {
        let peer = try await ScriptedPeer(.silence, host: "127.0.0.3")
        let network = try TestNetwork(hosts: "127.0.0.2 db\n127.0.0.3 db")
        #expect(await network.run(try network.tcp("db:\(peer.port)")).fault == nil)
    }

    @Test("an address that hangs has a head start, and is given up once another one connects")
    func headStart() async throws {
        let full = try HangingPort()
        let peer = try await ScriptedPeer(.silence, host: "127.0.0.3", port: full.number)
        let network = try TestNetwork(hosts: "127.0.0.1 db\n127.0.0.3 db")
        let result = await network.run(try network.tcp("db:\(peer.port)"), timeout: .seconds(30))
        #expect(result.fault == nil)
        #expect(result.latency >= .milliseconds(240))
        #expect(result.latency < .seconds(15))
        #expect(result.phases.map(\.phase) == [.resolve, .connect])
        let connect = try #require(result.phases.last)
        #expect(connect.duration >= .milliseconds(240))
        #expect(peer.connections == 1)
    }

    @Test func ofAddressesThatConnectAtTheSameTimeOneIsKeptAndTheOthersAreClosed() async throws {
        let first = try await ScriptedPeer(.reply("HTTP/1.1 204 No Content\r\n\r\n"))
        let second = try await ScriptedPeer(
            .reply("HTTP/1.1 204 No Content\r\n\r\n"), host: "127.0.0.3", port: first.port)
        let network = try TestNetwork(hosts: "127.0.0.1 db\n127.0.0.3 db")
        let target = ProbeTarget(.host("db", port: first.port), headStart: .nanoseconds(1))
        let request = ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n")
        for _ in 0..<50 {
            let result = await network.run(target, HTTPDialogue(request, .good(bodyLimit: 1)))
            #expect(result.fault == nil)
        }
        try await eventually(that: "all are closed") {
            first.closed == first.connections && second.closed == second.connections
        }
        let asked = (first.received + second.received).split(separator: "\r\n\r\n").count
        #expect(asked == 50)
    }

    @Test func addressesThatAllHangAreAllNamedAtTheDeadline() async throws {
        let full = try HangingPort()
        let port = full.number
        let other = try HangingPort(port, on: "127.0.0.3")
        let network = try TestNetwork(hosts: "127.0.0.2 db\n127.0.0.1 db\n127.0.0.3 db")
        let target = ProbeTarget(.host("db", port: port), headStart: .milliseconds(10))
        let result = await network.run(target, timeout: .milliseconds(300))
        #expect(
            result.fault
                == Fault(
                    .timeout, in: .connect,
                    message: """
                        connection refused by 127.0.0.2:\(port); no connection to 127.0.0.1:\(port) within \
                        300 ms; no connection to 127.0.0.3:\(port) within 300 ms
                        """))
        #expect(other.number == port)
    }

    @Test(
        "a target of one kind of address takes no other",
        arguments: [
            (IPFamily.ip4, "db", true), (.ip6, "db", false), (.any, "db", true), (.ip4, "127.0.0.1", true),
            (.ip6, "127.0.0.1", false), (.any, "127.0.0.1", true),
        ])
    func family(_ family: IPFamily, _ host: String, _ passes: Bool) async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork(hosts: "127.0.0.1 db")
        let result = await network.run(ProbeTarget(.host(host, port: peer.port), family: family))
        #expect((result.fault == nil) == passes)
        if host == "127.0.0.1", !passes {
            #expect(result.fault?.message == "127.0.0.1:\(peer.port) is no IPv6 address")
            #expect(result.fault?.cause == .badConfiguration)
        }
    }

    @Test func noAnswerToAConnectionIsATimeoutAtTheDeadline() async throws {
        let full = try HangingPort()
        let network = try TestNetwork()
        let result = await network.run(
            try network.tcp("127.0.0.1:\(full.number)"), timeout: .milliseconds(300))
        let message = "no connection to 127.0.0.1:\(full.number) within 300 ms"
        #expect(result.fault == Fault(.timeout, in: .connect, message: message))
        #expect(result.latency >= .milliseconds(290))
    }

    @Test func aNetworkWithoutARouteIsUnreachable() async throws {
        let network = try TestNetwork()
        // The class that is reserved and routed nowhere.
        let result = await network.run(try network.tcp("255.255.255.255:1"))
        #expect(result.fault?.cause == .unreachable || result.fault?.cause == .internal)
    }

    @Test(arguments: [
        ("", "no host"), ("db1", "no port"), ("db1:0", "1 to 65535"), ("db1:65536", "1 to 65535"),
        ("db1:x", "1 to 65535"), ("::1:5432", "brackets"), ("[::1", "no ]"), ("[db1]:1", "no IPv6"),
        ("dä:1", "xn--"), ("a b:1", "no name"), ("tcp://user:pa55word@db1:1", "brackets"),
    ])
    func aTargetThatCannotBeReadSaysWhyWithoutASecret(_ text: String, _ why: String) throws {
        let network = try TestNetwork()
        let error = #expect(throws: (any Error).self) { try network.tcp(text) }
        #expect("\(String(describing: error))".contains(why))
        #expect(!"\(String(describing: error))".contains("pa55word"))
    }

    @Test func aRunThatIsCancelledSaysSo() async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let probe = try network.http("http://127.0.0.1:\(peer.port)/")
        let result = await withCheckedContinuation { continuation in
            network.loops.eventLoops[0].execute {
                let cancel = probe.start(.manual(.seconds(30))) { continuation.resume(returning: $0) }
                cancel()
                cancel()
            }
        }
        #expect(result.fault?.cause == .internal)
        #expect(result.fault?.message == "cut short: the server is stopping")
    }

    @Test func theVerdictNeverComesBeforeStartReturns() async throws {
        let network = try TestNetwork()
        // An address that fails within the call.
        let closed = try RefusingPort()
        let probe = try network.tcp("127.0.0.1:\(closed.number)")
        let order = Mutex<[String]>([])
        _ = await withCheckedContinuation { continuation in
            network.loops.eventLoops[0].execute {
                _ = probe.start(.manual(.seconds(5))) { result in
                    order.withLock { $0.append("verdict") }
                    continuation.resume(returning: result)
                }
                order.withLock { $0.append("started") }
            }
        }
        #expect(order.withLock { $0 } == ["started", "verdict"])
    }

    @Test func aThousandTargetsThatHangDelayNoOther() async throws {
        let silent = try await ScriptedPeer(.silence)
        let good = try await ScriptedPeer(.replyAndClose("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
        let network = try TestNetwork()
        let hung = try network.http("http://127.0.0.1:\(silent.port)/")
        let probe = try network.http("http://127.0.0.1:\(good.port)/")
        let cancellations = Cancellations()
        try await withThrowingTaskGroup(of: ProbeResult.self) { group in
            for _ in 0..<1_000 {
                group.addTask { await network.run(hung, timeout: .seconds(300), cancellations) }
            }
            try await eventually(that: "all hang", within: .seconds(60)) { silent.connections == 1_000 }
            for _ in 0..<20 {
                #expect(await network.run(probe, timeout: .seconds(60)).fault == nil)
            }
            #expect(silent.closed == 0)
            cancellations.cancelAll()
            for try await result in group {
                #expect(result.fault?.cause == .internal)
            }
        }
        try await eventually(that: "every connection closed") { silent.closed == 1_000 }
    }

    @Test func aUnixSocketIsConnectedTo() async throws {
        let directory = try TemporaryDirectory()
        let network = try TestNetwork()
        let path = directory.file("socket")
        let missing = await network.run(ProbeTarget(.unixSocket(path: path)))
        #expect(
            missing.fault == Fault(.refused, in: .connect, code: "ENOENT", message: "no socket at \(path)"))
        let peer = try await ScriptedPeer(.silence, unixSocket: path)
        #expect(await network.run(ProbeTarget(.unixSocket(path: path))).fault == nil)
        #expect(peer.port == 0)
    }

    @Test func heavyWorkIsDoneAsideAndComesBack() async throws {
        struct Working: ProbeDialogue {
            mutating func opened() -> [ProbeStep] {
                [.enter(.authenticate), .compute(ProbeWork("sum") { 1 + 1 })]
            }
            mutating func computed(_ value: any Sendable) -> [ProbeStep] {
                [.note("had it"), .fail(.authFailed, code: "28P01", message: "got \(value), wanted s3cret")]
            }
            mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] { [] }
        }
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let target = ProbeTarget(.host("127.0.0.1", port: peer.port), secrets: [Secret("s3cret")])
        let result = await network.run(target, Working())
        #expect(
            result.fault == Fault(.authFailed, in: .authenticate, code: "28P01", message: "got 2, wanted •••")
        )
        #expect(result.trace.contains("had it"))
        #expect(!result.trace.contains("s3cret"))
    }

    @Test func whatIsReadHasALimit() async throws {
        struct Greedy: ProbeDialogue {
            mutating func opened() -> [ProbeStep] { [.send(ByteBuffer(string: "x"))] }
            mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] { [] }
        }
        let peer = try await ScriptedPeer(.flood("", "x"))
        let network = try TestNetwork()
        let target = ProbeTarget(.host("127.0.0.1", port: peer.port), readLimit: 100_000)
        let result = await network.run(target, Greedy())
        #expect(result.fault?.cause == .unexpectedReply)
        #expect(result.fault?.message == "sent more than 100000 bytes")
    }

    @Test func whateverThePeerSaysIsShownWithoutSecretsAndControls() async throws {
        struct Talking: ProbeDialogue {
            func opened() -> [ProbeStep] {
                let said = "s3cret\u{1B}]0;x"
                return [
                    .fact(.serverVersion, .text(said)), .note(said),
                    .fail(.unexpectedReply, code: said + String(repeating: "y", count: 600), message: said),
                ]
            }
            func received(_ input: inout ByteBuffer) -> [ProbeStep] { [] }
        }
        let peer = try await ScriptedPeer(.silence)
        let target = ProbeTarget(.host("127.0.0.1", port: peer.port), secrets: [Secret("s3cret")])
        let result = await (try TestNetwork()).run(target, Talking())
        #expect(result.fault?.message == "••• ]0;x")
        #expect(result.fault?.code?.hasPrefix("••• ]0;xyyy") == true)
        #expect(result.fault?.code?.utf8.count ?? 0 <= 64)
        #expect(result.facts[.serverVersion] == .text("••• ]0;x"))
        #expect(result.trace.contains("••• ]0;x"))
        #expect(!result.trace.contains("s3cret"))
    }

    @Test func workThatWasNotDoneHereInTimeIsNoTimeoutOfTheTarget() async throws {
        struct Waiting: ProbeDialogue {
            let gate: Gate
            func opened() -> [ProbeStep] {
                [.enter(.authenticate), .compute(ProbeWork("wait") { gate.wait() })]
            }
            func received(_ input: inout ByteBuffer) -> [ProbeStep] { [] }
        }
        let peer = try await ScriptedPeer(.silence)
        let gate = Gate()
        defer { gate.open() }
        let target = ProbeTarget(.host("127.0.0.1", port: peer.port))
        let network = try TestNetwork()
        let result = await network.run(target, Waiting(gate: gate), timeout: .milliseconds(50))
        #expect(result.fault?.cause == .internal)
        #expect(result.fault?.phase == .authenticate)
    }
}

/// Holds a thread until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
}
