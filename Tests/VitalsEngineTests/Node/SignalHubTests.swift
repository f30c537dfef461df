import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("Signals are handed on, kept and resumed")
struct SignalHubTests {
    private static let all = SignalHub.Filter(types: ["transition", "delivery"], healthCheck: nil)
    private static let one = SignalHub.Filter(types: ["transition"], healthCheck: NodeRig.id)

    private static func transition(_ second: Int64, _ id: HealthCheckID = NodeRig.id) -> Signal.Content {
        .transition(Transition(id, from: .healthy, to: .unhealthy, at: Fixture.at(second)), nil)
    }

    private static func run(_ second: Int64, _ id: HealthCheckID = NodeRig.id) -> Signal.Content {
        .runCompleted(Fixture.pass(of: id, at: Fixture.at(second)))
    }

    private static func sequences(_ subscription: SignalHub.Subscription, _ hub: SignalHub) async -> [Int] {
        hub.close()
        var sequences: [Int] = []
        for await signal in subscription.signals { sequences.append(signal.sequence) }
        return sequences
    }

    @Test("a listener gets what it asked for, in order; runs only of a health check that it names")
    func filters() async {
        let hub = SignalHub()
        let (all, one) = (hub.subscribe(Self.all, after: nil), hub.subscribe(Self.one, after: nil))
        let other = HealthCheckID("other.sql")
        hub.publish([Self.transition(1), Self.run(2), Self.transition(3, other), Self.run(4, other)])
        #expect(await Self.sequences(all, hub) == [1, 3])
        #expect(await Self.sequences(one, hub) == [1, 2])
        #expect(hub.listeners == 0)
    }

    @Test("a connection that was broken goes on after the last signal that it got")
    func resume() async {
        let hub = SignalHub()
        hub.publish((1...9).map { Self.transition($0) })
        let subscription = hub.subscribe(Self.all, after: 6)
        #expect(!subscription.mustReset && subscription.sequence == 6)
        hub.publish([Self.transition(10)])
        #expect(await Self.sequences(subscription, hub) == [7, 8, 9, 10])
    }

    @Test(
        "after an unknown signal, or more than can be caught up with, it begins afresh",
        arguments: [-1, 5, 99_999])
    func reset(after: Int) async {
        let hub = SignalHub()
        hub.publish((1...10_006).map { Self.transition($0) })
        let subscription = hub.subscribe(Self.all, after: after)
        #expect(subscription.mustReset && subscription.sequence == 10_006)
        hub.publish([Self.transition(10_007)])
        #expect(await Self.sequences(subscription, hub) == [10_007])
    }

    @Test("a thousand runs a second do not push the transitions out")
    func rings() async {
        let hub = SignalHub()
        hub.publish([Self.transition(1)])
        hub.publish((2...20_000).map { Self.run($0) })
        #expect(!hub.subscribe(Self.all, after: 0).mustReset)
        #expect(hub.subscribe(Self.one, after: 0).mustReset)
        let last = hub.subscribe(Self.one, after: 19_995)
        #expect(await Self.sequences(last, hub) == [19_996, 19_997, 19_998, 19_999, 20_000])
    }

    @Test("a listener more than a thousand behind is let go, and another is not")
    func slow() async {
        let hub = SignalHub()
        let slow = hub.subscribe(Self.all, after: nil)
        hub.publish((1...1_000).map { Self.transition($0) })
        let fresh = hub.subscribe(Self.all, after: nil)
        hub.publish([Self.transition(1_001)])
        #expect(hub.listeners == 1)
        #expect(await Self.sequences(slow, hub).count == 1_000)
        #expect(await Self.sequences(fresh, hub) == [1_001])
    }

    @Test("a listener that goes away is forgotten")
    func goesAway() {
        let hub = SignalHub()
        do {
            let subscription = hub.subscribe(Self.all, after: nil)
            #expect(hub.listeners == 1)
            withExtendedLifetime(subscription) {}
        }
        #expect(hub.listeners == 0)
    }

    @Test("once the server stops there is nothing to listen to")
    func closed() async {
        let hub = SignalHub()
        hub.close()
        #expect(await Self.sequences(hub.subscribe(Self.all, after: nil), hub) == [])
    }
}
