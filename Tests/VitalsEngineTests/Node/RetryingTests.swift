import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A notification tried again by hand")
struct RetryingTests {
    private func rig(_ answer: RecordingChannel.Answer) async throws -> NodeRig {
        let rig = NodeRig([NodeRig.healthCheck(thresholds: Thresholds(failure: 1))])
        rig.answer(answer)
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(15))
        return rig
    }

    private func retry(_ rig: NodeRig, _ id: NotificationID) -> ManualRetry? {
        let answer = Box<ManualRetry>()
        guard let node = rig.node else { return nil }
        Task(executorPreference: rig.loop) { answer.value = try? await node.retry(id) }
        _ = rig.loop.run(within: .seconds(20)) { answer.value != nil }
        return answer.value
    }

    @Test("one that was refused is sent once more, and the end of its page after it")
    func refused() async throws {
        let rig = try await rig(.refuse)
        let down = try #require(rig.told().first?.notification)
        #expect(rig.types() == ["down"])
        rig.answer(.deliver)
        #expect(retry(rig, down) == .due)
        rig.run(for: .seconds(1))
        #expect(rig.told().map(\.notification) == [down, down])
        #expect(retry(rig, down) == .alreadyDelivered)
        rig.behave(.pass)
        rig.run(for: .seconds(20))
        #expect(rig.types() == ["down", "down", "recovered"])
        let deliveries = try await rig.memory.deliveries(after: 0, limit: 10)
        #expect(deliveries.map(\.status) == [.failed, .delivered, .delivered])
        #expect(deliveries.map(\.attempt) == [1, 2, 1])
    }

    @Test("one that waits for its next attempt is sent at once")
    func waiting() async throws {
        let rig = try await rig(.fail)
        rig.run(for: .seconds(600))
        let attempts = rig.told().count
        let down = try #require(rig.told().first?.notification)
        rig.answer(.deliver)
        #expect(retry(rig, down) == .due)
        rig.run(for: .milliseconds(100))
        #expect(rig.told().count == attempts + 1)
        #expect(try await rig.memory.notification(down)?.status == .delivered)
    }

    @Test("it is sent again after a restart, too")
    func restarted() async throws {
        let rig = try await rig(.refuse)
        let down = try #require(rig.told().first?.notification)
        rig.answer(.hang)
        #expect(retry(rig, down) == .due)
        rig.run(for: .seconds(1))
        rig.kill()
        rig.answer(.deliver)
        try await rig.start()
        rig.run(for: .seconds(2))
        #expect(rig.told().filter { $0.notification == down }.count == 3)
        rig.behave(.pass)
        rig.run(for: .seconds(20))
        #expect(rig.types().last == "recovered")
    }

    @Test("what is not the last word any more is not told again")
    func overtaken() async throws {
        let rig = try await rig(.refuse)
        let down = try #require(rig.told().first?.notification)
        rig.answer(.deliver)
        rig.behave(.pass)
        rig.run(for: .seconds(20))
        #expect(rig.types() == ["down", "recovered"])
        #expect(retry(rig, down) == .overtaken)
        rig.run(for: .seconds(20))
        #expect(rig.types() == ["down", "recovered"])
    }

    @Test("an onset whose end nobody wants is not told once it is over")
    func unbound() async throws {
        let healthCheck = NodeRig.healthCheck(thresholds: Thresholds(failure: 1))
        let quiet = HealthCheck(
            system: healthCheck.system, check: healthCheck.check, kind: healthCheck.kind,
            policy: healthCheck.policy, bindings: [Binding(ChannelID("ops"), onRecovered: false)],
            revision: healthCheck.revision)
        let rig = NodeRig([quiet])
        rig.answer(.refuse)
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(15))
        let down = try #require(rig.told().first?.notification)
        rig.behave(.pass)
        rig.answer(.deliver)
        rig.run(for: .seconds(20))
        #expect(retry(rig, down) == .overtaken)
        #expect(rig.types() == ["down"])
    }

    @Test("nobody is told that it is due who cannot be sure of it")
    func unrecorded() async throws {
        let rig = try await rig(.refuse)
        let down = try #require(rig.told().first?.notification)
        #expect(retry(rig, NotificationID("none")) == .unknownNotification)
        rig.store.fail([.record])
        rig.run(for: .seconds(1))
        #expect(retry(rig, down) == .notRecorded)
    }

    @Test("a channel is tried out past the outbox, and at most once in ten seconds")
    func test() async throws {
        let rig = try await rig(.deliver)
        let node = try #require(rig.node)
        let before = rig.told().count
        func test(_ id: String) -> ChannelTest? {
            let answer = Box<ChannelTest>()
            Task(executorPreference: rig.loop) { answer.value = await node.test(channel: ChannelID(id)) }
            _ = rig.loop.run(within: .seconds(9)) { answer.value != nil }
            return answer.value
        }
        #expect(test("none") == .unknownChannel)
        #expect(test("ops") == .sent(.delivered(httpStatus: 204)))
        #expect(test("ops") == .cooldown(retryAfter: .seconds(10)))
        #expect(rig.told().count == before + 1)
        #expect(rig.reasons() == ["test"])
        rig.run(for: .seconds(11))
        rig.answer(.refuse)
        #expect(test("ops") == .sent(.answered(httpStatus: 410)))
        #expect(try await rig.memory.deliveries(after: 0, limit: 10).count == 1)
    }
}
