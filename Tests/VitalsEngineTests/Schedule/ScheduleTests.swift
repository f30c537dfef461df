import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

struct ScheduleTests {
    private static func plan(
        _ id: String, every interval: Duration = .seconds(10), isEnabled: Bool = true, isNew: Bool = false,
        to endpoint: String? = nil
    ) -> Schedule.Plan {
        Schedule.Plan(
            id: HealthCheckID(id), interval: interval, isEnabled: isEnabled, endpoint: endpoint ?? id,
            isNew: isNew)
    }

    private static func schedule(_ plans: Schedule.Plan..., total: Int = 100) -> Schedule {
        Schedule(plans, total: total, perTarget: 64, at: Fixture.at(0))
    }

    private static func slot(
        _ id: String, _ number: Int64, every interval: Duration = .seconds(10)
    ) -> Timestamp {
        let first = SlotGrid(HealthCheckID(id), every: interval).next(after: Fixture.at(0))
        return first + interval * Int(number)
    }

    @Test("a health check that has run before waits for its slot, and runs under its instant")
    func slots() throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        let first = Self.slot("a.b", 0)
        #expect(schedule.tick(at: first - .microseconds(1)) == [])
        let due = try #require(schedule.nextDue)
        #expect(due >= first && due < first + .milliseconds(5))
        let job = Job(index: 0, ticket: 1, trigger: .scheduled, at: first)
        #expect(schedule.tick(at: due) == [.start(job)])
    }

    @Test("nothing is caught up: the newest slot runs, the ones before it are one row of misses")
    func lateness() {
        var schedule = Self.schedule(Self.plan("a.b"))
        let newest = Self.slot("a.b", 3)
        let actions = schedule.tick(at: newest + .seconds(4))
        #expect(
            actions == [
                .miss(
                    Miss(
                        of: HealthCheckID("a.b"), from: Self.slot("a.b", 0), to: Self.slot("a.b", 2),
                        count: 3,
                        reason: .late)),
                .start(Job(index: 0, ticket: 1, trigger: .scheduled, at: newest)),
            ])
    }

    @Test("slots that pass while their target's own places are taken are misses of that reason")
    func targetLimit() throws {
        let plans = [Self.plan("a.b", to: "db"), Self.plan("c.d", to: "db")]
        var schedule = Schedule(plans, total: 100, perTarget: 1, at: Fixture.at(0))
        let first = max(Self.slot("a.b", 0), Self.slot("c.d", 0))
        let actions = schedule.tick(at: first)
        #expect(actions.count == 1)
        let running = try Self.job(actions)
        let waiting = plans[1 - running.index].id
        let interval = Duration.seconds(10)
        let newest = SlotGrid(waiting, every: interval).latest(at: first + interval * 3)
        var missed: [Miss] = []
        for action in schedule.tick(at: first + interval * 3) {
            if case .miss(let miss) = action { missed.append(miss) }
        }
        #expect(missed.map(\.reason) == [.targetLimit])
        #expect(missed.map(\.healthCheck) == [waiting])
        #expect(missed.map(\.to) == [newest - interval])
    }

    @Test("whoever is late with what falls due does less at once, until the timer rings in time again")
    func overload() throws {
        let plans = (0..<200).map { Self.plan("s\($0).sql", every: .seconds(1)) }
        var schedule = Schedule(plans, total: 1_000, perTarget: 64, at: Fixture.at(0))
        var now = Fixture.at(0)
        var jobs: [Job] = []
        func started(_ actions: [ScheduleAction]) -> [Job] {
            actions.compactMap { if case .start(let job) = $0 { job } else { nil } }
        }
        for _ in 0..<200 {
            now = now + .milliseconds(5)
            jobs += started(schedule.tick(at: now))
        }
        #expect(jobs.count == 200)
        // The loop hangs for a second, while all of them are in flight.
        now = now + .seconds(1)
        #expect(schedule.tick(at: now) == [])
        for job in jobs {
            _ = schedule.finish(job, timedOut: false, at: now)
        }
        #expect(schedule.running == 150)
        for _ in 0..<40 {
            now = now + .milliseconds(5)
            _ = schedule.tick(at: now)
        }
        #expect(schedule.running == 200)
    }

    @Test("a run in flight holds back its own slot, which runs when it ends, if no newer one has come")
    func inFlight() throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        let job = try Self.job(schedule.tick(at: Self.slot("a.b", 0)))
        #expect(schedule.tick(at: Self.slot("a.b", 1)) == [])
        let next = schedule.finish(job, timedOut: false, at: Self.slot("a.b", 1) + .seconds(1))
        #expect(next == [.start(Job(index: 0, ticket: 2, trigger: .scheduled, at: Self.slot("a.b", 1)))])
    }

    @Test(
        "a slot whose successor comes while it waits for the run in flight is a miss, told after that run",
        arguments: [false, true])
    func missedInFlight(isStopped: Bool) throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        let job = try Self.job(schedule.tick(at: Self.slot("a.b", 0)))
        for slot in [1, 2, 3] as [Int64] {
            #expect(schedule.tick(at: Self.slot("a.b", slot)) == [])
        }
        if isStopped { schedule.stop() }
        let actions = schedule.finish(job, timedOut: false, at: Self.slot("a.b", 3) + .seconds(1))
        let miss = Miss(
            of: HealthCheckID("a.b"), from: Self.slot("a.b", 1), to: Self.slot("a.b", 2), count: 2,
            reason: .inFlight)
        #expect(actions.first == .miss(miss))
        #expect(actions.count == (isStopped ? 1 : 2))
    }

    @Test("slots that a step of the clock passed over are misses of that reason")
    func clockJump() {
        var schedule = Self.schedule(Self.plan("a.b"))
        let actions = schedule.tick(at: Self.slot("a.b", 360), jumped: true)
        let miss = Miss(
            of: HealthCheckID("a.b"), from: Self.slot("a.b", 0), to: Self.slot("a.b", 359), count: 360,
            reason: .clockJump)
        #expect(actions.first == .miss(miss))
    }

    @Test("slots before the end of a back-off are misses, and the first after it runs")
    func backOff() {
        var schedule = Self.schedule(Self.plan("a.b"))
        schedule.backOff(0, until: Self.slot("a.b", 1) + .seconds(1))
        for number in [0, 1] as [Int64] {
            let at = Self.slot("a.b", number)
            let miss = Miss(of: HealthCheckID("a.b"), from: at, to: at, count: 1, reason: .backoff)
            #expect(schedule.tick(at: at) == [.miss(miss)])
        }
        #expect(schedule.tick(at: Self.slot("a.b", 2)).count == 1)
        #expect(schedule.running == 1)
    }

    @Test("a confirmation is dropped when a slot comes first, and when one has just come")
    func confirmations() throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        let job = try Self.job(schedule.tick(at: Self.slot("a.b", 0)))
        _ = schedule.finish(job, timedOut: false, at: job.at)
        schedule.confirm(0, of: job.at, at: Self.slot("a.b", 1) + .seconds(1))
        let next = try Self.job(schedule.tick(at: Self.slot("a.b", 1)))
        _ = schedule.finish(next, timedOut: false, at: next.at)
        #expect(schedule.tick(at: Self.slot("a.b", 1) + .seconds(2)) == [])
        schedule.confirm(0, of: next.at, at: next.at + .seconds(2))
        let confirm = try Self.job(schedule.tick(at: next.at + .seconds(2)))
        #expect(confirm.trigger == .confirm)
    }

    @Test("a confirmation is dropped when a later run began before it was known to be wanted")
    func confirmedAlready() throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        let slow = try Self.job(schedule.tick(at: Self.slot("a.b", 0)))
        #expect(schedule.tick(at: Self.slot("a.b", 1)) == [])
        let end = Self.slot("a.b", 1) + .seconds(1)
        let next = try Self.job(schedule.finish(slow, timedOut: false, at: end))
        schedule.confirm(0, of: slow.at, at: end + .seconds(1))
        _ = schedule.finish(next, timedOut: false, at: end)
        #expect(schedule.tick(at: end + .seconds(2)) == [])
    }

    @Test("somebody who asks for a run joins the one in flight, or starts one at once")
    func manual() throws {
        var schedule = Self.schedule(Self.plan("a.b"), Self.plan("c.d", isEnabled: false))
        let (ticket, actions) = schedule.manual(0, at: Fixture.at(1))
        let job = try Self.job(actions)
        #expect(job.trigger == .manual && job.ticket == ticket && job.at == Fixture.at(1))
        let joined = schedule.manual(0, at: Fixture.at(1))
        #expect(joined.ticket == ticket && joined.actions == [])
        let disabled = schedule.manual(1, at: Fixture.at(1))
        #expect(try Self.job(disabled.actions).index == 1)
    }

    @Test("a slot that is due but was not looked at yet comes before a run that somebody asks for")
    func dueSlotFirst() throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        let slot = Self.slot("a.b", 0)
        let job = try Self.job(schedule.manual(0, at: slot + .milliseconds(2)).actions)
        #expect(job.trigger == .scheduled && job.at == slot)
    }

    @Test("a slot that is due but was not looked at yet is run when the run before it ends")
    func dueSlotAfterRun() throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        let slot = Self.slot("a.b", 0)
        let (_, actions) = schedule.manual(0, at: slot - .seconds(1))
        let after = schedule.finish(try Self.job(actions), timedOut: false, at: slot + .milliseconds(2))
        #expect(try Self.job(after).at == slot)
    }

    @Test("the keys of runs that no slot asked for are unique, and no slot's")
    func keys() throws {
        var schedule = Self.schedule(Self.plan("a.b", every: .microseconds(3), isEnabled: false))
        var keys: [Int64] = []
        for _ in 0..<50 {
            let job = try Self.job(schedule.manual(0, at: Fixture.at(1)).actions)
            keys.append(job.at.microseconds)
            _ = schedule.finish(job, timedOut: false, at: Fixture.at(1))
        }
        #expect(Set(keys).count == 50)
        #expect(keys == keys.sorted())
        let grid = SlotGrid(HealthCheckID("a.b"), every: .microseconds(3))
        #expect(keys.allSatisfy { grid.latest(at: Timestamp(microseconds: $0)).microseconds != $0 })
    }

    @Test("a disabled health check has no slots and no confirmations")
    func disabled() {
        var schedule = Self.schedule(Self.plan("a.b", isEnabled: false, isNew: true))
        schedule.confirm(0, of: Fixture.at(0), at: Fixture.at(1))
        #expect(schedule.nextDue == nil)
        #expect(schedule.tick(at: Fixture.at(100)) == [])
    }

    @Test("once stopped nothing is started, whatever falls due, ends or is asked for")
    func stop() throws {
        var schedule = Self.schedule(Self.plan("a.b"), Self.plan("c.d"), total: 1)
        let at = max(Self.slot("a.b", 0), Self.slot("c.d", 0))
        let job = try Self.job(schedule.tick(at: at))
        schedule.stop()
        #expect(schedule.finish(job, timedOut: false, at: at) == [])
        #expect(schedule.tick(at: at + .seconds(100)) == [])
        #expect(schedule.manual(0, at: at + .seconds(100)).actions == [])
        schedule.confirm(1, of: at, at: at)
        #expect(schedule.running == 0)
    }

    @Test("ten thousand new health checks run within one interval and at no more than twice the average rate")
    func firstRuns() {
        let plans = (0..<10_000).map { Self.plan("system-\($0).check", isNew: true) }
        var schedule = Schedule(plans, total: 100_000, perTarget: 64, at: Fixture.at(0))
        var runs: [Int: Int] = [:]
        var perWindow: [Int: Int] = [:]
        while let due = schedule.nextDue, due < Fixture.at(10) {
            for case .start(let job) in schedule.tick(at: due) {
                runs[job.index, default: 0] += 1
                perWindow[Int((due - Fixture.at(0)).microseconds / 100_000), default: 0] += 1
                _ = schedule.finish(job, timedOut: false, at: due)
            }
        }
        #expect(runs.count == 10_000)
        let windows = (0..<100).map { perWindow[$0] ?? 0 }
        #expect((windows.max() ?? 0) <= 200)
        let seconds = (0...90).map { windows[$0..<($0 + 10)].reduce(0, +) }
        #expect((seconds.max() ?? 0) <= 2_000)
    }

    @Test("a handful of new health checks run at once, though their interval is an hour")
    func fewFirstRuns() {
        let plans = (0..<5).map { Self.plan("s\($0).c", every: .seconds(3_600), isNew: true) }
        var schedule = Schedule(plans, total: 100, perTarget: 64, at: Fixture.at(0))
        #expect(schedule.tick(at: Fixture.at(1)).count == 5)
    }

    @Test("of what falls due at once no more begin than a batch has, those first that were due first")
    func batches() throws {
        let plans = ["a", "b", "c", "d", "e"].map { Self.plan("\($0).x") }
        let order = plans.indices.sorted { Self.slot(plans[$0].id.text, 0) < Self.slot(plans[$1].id.text, 0) }
        var schedule = Schedule(plans, total: 100, perTarget: 64, batch: 2, at: Fixture.at(0))
        // All have come by the end of an interval, and none twice.
        var now = Self.slot(plans[order[4]].id.text, 0)
        #expect(now < Self.slot(plans[order[0]].id.text, 1))
        var begun: [[Int]] = []
        while begun.joined().count < 5 {
            let starts = schedule.tick(at: now).compactMap {
                if case .start(let job) = $0 { job.index } else { nil }
            }
            begun.append(starts)
            now = min(try #require(schedule.nextDue), now + .milliseconds(5))
        }
        #expect(begun == [[order[0], order[1]], [order[2], order[3]], [order[4]]])
    }

    @Test("what was held for a change goes on by its newest slot, which answers who waits for a run as well")
    func resumed() throws {
        var schedule = Self.schedule(Self.plan("a.b"))
        _ = schedule.suspend([HealthCheckID("a.b")])
        let slots = (0...2).map { Self.slot("a.b", $0) }
        for slot in slots { #expect(schedule.tick(at: slot) == []) }
        #expect(schedule.manual(0, at: slots[2] + .seconds(1)).actions == [])
        let miss = Miss(of: HealthCheckID("a.b"), from: slots[0], to: slots[1], count: 2, reason: .late)
        #expect(
            schedule.resume([HealthCheckID("a.b")], at: slots[2] + .seconds(2)) == [
                .miss(miss), .start(Job(index: 0, ticket: 1, trigger: .scheduled, at: slots[2])),
            ])
    }

    @Test("a run that somebody waits for waits for no batch")
    func manualBeyondBatch() {
        let plans = ["a", "b"].map { Self.plan("\($0).x") }
        var schedule = Schedule(plans, total: 100, perTarget: 64, batch: 1, at: Fixture.at(0))
        #expect(schedule.manual(0, at: Fixture.at(1)).actions.count == 1)
        #expect(schedule.manual(1, at: Fixture.at(1)).actions.count == 1)
    }

    private static func job(_ actions: [ScheduleAction]) throws -> Job {
        try #require(actions.compactMap { if case .start(let job) = $0 { job } else { nil } }.last)
    }
}
