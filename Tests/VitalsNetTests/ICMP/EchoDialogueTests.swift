import NIOCore
import Synchronization
import Testing
import VitalsCore

@testable import VitalsNet

@Suite struct EchoDialogueTests {
    /// A time that stands still until it is told to go on.
    private final class Time: Sendable {
        private let value = Mutex(NIODeadline.uptimeNanoseconds(0))

        var now: NIODeadline { value.withLock { $0 } }
        func pass(_ amount: TimeAmount) { value.withLock { $0 = $0 + amount } }
    }

    private let time = Time()
    private let payload = [UInt8](repeating: 7, count: 16)

    private func dialogue(count: Int = 2, maximumLoss: Int? = nil) throws -> EchoDialogue {
        var settings = try EchoProbeSettings(parsing: "127.0.0.1")
        settings.count = count
        settings.maximumLoss = maximumLoss
        return EchoDialogue(
            settings, interval: .milliseconds(200), payload: payload, now: { [time] in time.now })
    }

    private func request(_ sequence: UInt16) -> ProbeStep {
        .send(ByteBuffer(bytes: [8, 0, 0, 0, 0, 0, UInt8(sequence >> 8), UInt8(sequence & 255)] + payload))
    }

    private func reply(
        _ sequence: UInt8, type: UInt8 = 0, code: UInt8 = 0, payload: [UInt8]? = nil
    ) -> ByteBuffer {
        ByteBuffer(bytes: [type, code, 1, 2, 3, 4, 0, sequence] + (payload ?? self.payload))
    }

    private func facts(_ sent: Int, _ received: Int, loss: Int, _ times: [Int]) -> [ProbeStep] {
        let names = [FactName.roundTripMinimum, .roundTripAverage, .roundTripMaximum]
        return [
            .fact(.packetsSent, .number(sent)), .fact(.packetsReceived, .number(received)),
            .fact(.lossPercent, .number(loss)),
        ] + zip(names, times).map { .fact($0, .number($1)) }
    }

    @Test func requestsLeaveOneAfterTheOtherAndAllRepliesAreAPass() throws {
        var dialogue = try dialogue()
        #expect(
            dialogue.opened() == [.enter(.request), request(0), .wake(after: .milliseconds(200))])
        time.pass(.milliseconds(1))
        var first = reply(0)
        #expect(dialogue.received(&first) == [])
        #expect(first.readableBytes == 0)
        time.pass(.milliseconds(199))
        #expect(dialogue.woken() == [request(1), .wake(after: .seconds(1))])
        time.pass(.milliseconds(4))
        var second = reply(1, type: 129)
        #expect(dialogue.received(&second) == facts(2, 2, loss: 0, [1_000, 2_500, 4_000]) + [.pass()])
    }

    @Test func theRestIsWaitedForFourTimesAsLongAsTheSlowest() throws {
        var dialogue = try dialogue()
        _ = dialogue.opened()
        _ = dialogue.woken()
        time.pass(.milliseconds(600))
        var late = reply(1)
        #expect(dialogue.received(&late) == [.wake(after: .milliseconds(2_400))])
        #expect(
            dialogue.woken() == facts(2, 1, loss: 50, [600_000, 600_000, 600_000]) + [.pass()])
    }

    @Test(
        "more may be lost than is allowed, and none of it told as a pass",
        arguments: [(nil, true), (50, true), (49, false), (0, false)] as [(Int?, Bool)])
    func loss(_ allowed: Int?, _ passes: Bool) throws {
        var dialogue = try dialogue(maximumLoss: allowed)
        _ = dialogue.opened()
        _ = dialogue.woken()
        var only = reply(0)
        _ = dialogue.received(&only)
        let steps = dialogue.timedOut()
        #expect(steps.contains(.pass()) == passes)
        let message = "lost 1 of 2 echo requests (50 %, allowed \(allowed ?? 99) %)"
        #expect(steps.contains(.fail(.condition, message: message)) != passes)
    }

    @Test func silenceIsLeftToBeATimeoutWithItsFacts() throws {
        var dialogue = try dialogue(count: 1)
        #expect(dialogue.opened() == [.enter(.request), request(0)])
        #expect(dialogue.timedOut() == facts(1, 0, loss: 100, []))
    }

    @Test(
        "what is no reply to a request of ours does not count",
        arguments: [
            [], [0], [0, 0, 0, 0, 0, 0, 0], [8, 0, 0, 0, 0, 0, 0, 0], [3, 1, 0, 0, 0, 0, 0, 0],
            [0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0xFF, 0xFF],
        ] as [[UInt8]])
    func foreign(_ header: [UInt8]) throws {
        var dialogue = try dialogue()
        _ = dialogue.opened()
        var message = ByteBuffer(bytes: header + (header.count == 8 ? payload : []))
        #expect(dialogue.received(&message) == [])
        #expect(message.readableBytes == 0)
        var other = reply(0, payload: [UInt8](repeating: 8, count: 16))
        #expect(dialogue.received(&other) == [])
        var longer = reply(0, payload: payload + [7])
        #expect(dialogue.received(&longer) == [])
    }

    @Test func aReplyThatComesTwiceCountsOnce() throws {
        var dialogue = try dialogue()
        _ = dialogue.opened()
        for _ in 0..<3 {
            var again = reply(0)
            #expect(dialogue.received(&again) == [])
        }
        #expect(dialogue.timedOut().prefix(2) == facts(1, 1, loss: 0, []).prefix(2))
    }

    @Test(
        "a target is a host alone",
        arguments: [("127.0.0.1:1", "no port"), ("", "no host"), ("a b", "no name"), ("[::1]:2", "no port")])
    func complaints(_ text: String, _ why: String) throws {
        let error = #expect(throws: (any Error).self) { try EchoProbeSettings(parsing: text) }
        #expect("\(String(describing: error))".contains(why))
    }

    @Test(arguments: [
        ("::1", "::1"), ("icmp://DB1", "db1"), ("[2001:DB8::1]", "2001:db8::1"), ("db1.", "db1."),
    ])
    func hosts(_ text: String, _ host: String) throws {
        #expect(try EchoProbeSettings(parsing: text).host == host)
    }
}
