import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("The node's own time and its alarms")
struct ClockTests {
    private static func clock(_ clock: ManualClock) -> NodeClock {
        NodeClock(clock.machine, anchor: Anchor(wall: clock.wall, boot: clock.boot))
    }

    @Test("time never goes back, follows a step forward and tells of it once")
    func steps() {
        let manual = ManualClock()
        let clock = Self.clock(manual)
        manual.advance(by: .seconds(10))
        #expect(clock.read() == (Fixture.at(10), false))
        manual.stepWall(by: .seconds(-100))
        manual.advance(by: .seconds(10))
        #expect(clock.read() == (Fixture.at(20), false))
        manual.stepWall(by: .seconds(200))
        // Whoever only wants the time takes nothing away.
        #expect(clock.now() == Fixture.at(120))
        #expect(clock.read() == (Fixture.at(120), true))
        #expect(clock.read() == (Fixture.at(120), false))
    }

    @Test("an alarm rings once, at the earliest instant that it was set to, and can be set anew")
    func alarm() {
        let loop = ManualLoop()
        let clock = Self.clock(loop.clock)
        let rings = Counter()
        let alarm = Alarm(on: loop, clock) { rings.increment() }
        alarm.set(Fixture.at(10))
        alarm.set(Fixture.at(20))
        alarm.set(Fixture.at(5))
        loop.run(for: .seconds(4))
        #expect(rings.value == 0)
        loop.run(for: .seconds(1))
        #expect(rings.value == 1)
        loop.run(for: .seconds(100))
        #expect(rings.value == 1)
        alarm.set(Fixture.at(0))
        loop.run(for: .zero)
        #expect(rings.value == 2)
    }

    @Test("a cooldown counts from what was accepted, for each health check by itself")
    func cooldown() {
        var cooldown = ManualCooldown<HealthCheckID>(.seconds(10))
        let (one, other) = (HealthCheckID("a.b"), HealthCheckID("c.d"))
        #expect(cooldown.apply(one, at: Fixture.at(0)) == nil)
        #expect(cooldown.apply(one, at: Fixture.at(4)) == .seconds(6))
        #expect(cooldown.apply(other, at: Fixture.at(4)) == nil)
        #expect(cooldown.apply(one, at: Fixture.at(10)) == nil)
        #expect(cooldown.apply(one, at: Fixture.at(19)) == .seconds(1))
        var none = ManualCooldown<HealthCheckID>(.zero)
        #expect(none.apply(one, at: Fixture.at(0)) == nil)
        #expect(none.apply(one, at: Fixture.at(0)) == nil)
    }
}
