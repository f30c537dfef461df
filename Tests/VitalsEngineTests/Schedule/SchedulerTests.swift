import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("The scheduler")
struct SchedulerTests {
    @Test("whoever wants a run of a health check that is not there is told so")
    func unknown() {
        let loop = ManualLoop()
        let clock = NodeClock(
            loop.clock.machine, anchor: Anchor(wall: loop.clock.wall, boot: loop.clock.boot))
        let scheduler = Scheduler(
            [], Schedule([], total: 1, perTarget: 1, at: Fixture.at(0)), on: loop, clock,
            beat: Beat(Fixture.at(0)), ended: { _ in }, missed: { _ in })
        let answer = Box<Int?>()
        scheduler.run(HealthCheckID("db.sql")) { answer.value = .some($0) }
        loop.run(for: .zero)
        #expect(answer.value == .some(nil))
    }
}
