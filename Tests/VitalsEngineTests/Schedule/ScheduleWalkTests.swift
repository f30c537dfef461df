import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

struct ScheduleWalkTests {
    @Test("every slot is one run, one miss, or waits, whatever happens", arguments: 0..<60)
    func everySlot(seed: UInt64) {
        var walk = ScheduleWalk(seed: seed)
        for _ in 0..<1_500 { walk.step() }
        #expect(walk.faults == [])
        #expect(walk.account() == [])
    }
}

/// A schedule whose runs take as long as chance wants, with everything that may befall it.
private struct ScheduleWalk {
    private struct Flight {
        let job: Job
        let end: Timestamp
    }

    private let start = Fixture.at(0)
    private let plans: [Schedule.Plan]
    private let total: Int
    private let perTarget: Int
    private var schedule: Schedule
    private var generator: SeededGenerator
    private var now: Timestamp
    private var flights: [Flight] = []
    private var runs: [Int: [Job]] = [:]
    private var misses: [Int: [Miss]] = [:]
    private var lastTicket = 0
    private(set) var faults: [String] = []

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        total = Int.random(in: 1...8, using: &generator)
        perTarget = Int.random(in: 1...3, using: &generator)
        var plans: [Schedule.Plan] = []
        for number in 0..<12 {
            plans.append(
                Schedule.Plan(
                    id: HealthCheckID("s\(number).c"),
                    interval: .milliseconds(Int.random(in: 200...5_000, using: &generator)),
                    isEnabled: number != 5, endpoint: "target \(number % 5)",
                    isNew: Bool.random(using: &generator)))
        }
        self.plans = plans
        now = start
        schedule = Schedule(plans, total: total, perTarget: perTarget, at: start)
    }

    mutating func step() {
        let index = Int.random(in: 0..<plans.count, using: &generator)
        switch Int.random(in: 0..<20, using: &generator) {
        case 0: perform(schedule.manual(index, at: now).actions)
        case 1: schedule.confirm(index, of: schedule.entries[index].lastStarted ?? now, at: later(2_000))
        case 2: schedule.backOff(index, until: later(10_000))
        case 3:
            now = later(60_000)
            perform(schedule.tick(at: now, jumped: true))
        case 4:
            now = later(20_000)
            perform(schedule.tick(at: now))
        default: advance()
        }
    }

    /// To whatever comes next.
    private mutating func advance() {
        let ending = flights.min { $0.end < $1.end }
        if let ending, ending.end <= schedule.nextDue ?? ending.end {
            now = max(now, ending.end)
            flights.removeAll { $0.job == ending.job }
            let timedOut = Int.random(in: 0..<3, using: &generator) == 0
            perform(schedule.finish(ending.job, timedOut: timedOut, at: now))
        } else if let due = schedule.nextDue {
            now = max(now, due)
            perform(schedule.tick(at: now))
        }
    }

    private mutating func later(_ milliseconds: Int) -> Timestamp {
        now + .milliseconds(Int.random(in: 0...milliseconds, using: &generator))
    }

    private mutating func perform(_ actions: [ScheduleAction]) {
        for action in actions {
            switch action {
            case .miss(let miss):
                guard let index = plans.firstIndex(where: { $0.id == miss.healthCheck }) else { continue }
                if let flight = flights.first(where: { $0.job.index == index }), flight.job.at < miss.from {
                    faults.append("\(miss) is told before \(flight.job)")
                }
                misses[index, default: []].append(miss)
            case .start(let job):
                begin(job)
            }
        }
        if flights.count != schedule.running { faults.append("running is \(schedule.running)") }
    }

    private mutating func begin(_ job: Job) {
        if flights.contains(where: { $0.job.index == job.index }) {
            faults.append("two runs of \(job.index)")
        }
        flights.append(Flight(job: job, end: later(4_000)))
        if job.ticket <= lastTicket { faults.append("ticket \(job.ticket) after \(lastTicket)") }
        lastTicket = job.ticket
        if flights.count > total { faults.append("\(flights.count) in flight") }
        let target = plans[job.index].endpoint
        if flights.count(where: { plans[$0.job.index].endpoint == target }) > perTarget {
            faults.append("too many to \(target)")
        }
        if job.at > now { faults.append("\(job) before its time") }
        if let last = runs[job.index]?.last, last.at >= job.at { faults.append("\(job) after \(last)") }
        if !plans[job.index].isEnabled, job.trigger != .manual { faults.append("\(job) is disabled") }
        runs[job.index, default: []].append(job)
    }

    /// What is wrong with the slots from the start to now.
    func account() -> [String] {
        var wrong: [String] = []
        for (index, plan) in plans.enumerated() where plan.isEnabled {
            let grid = SlotGrid(plan.id, every: plan.interval)
            var slots = (runs[index] ?? []).filter { $0.trigger == .scheduled }.map(\.at)
            for miss in (misses[index] ?? []) + schedule.entries[index].held {
                if grid.count(from: miss.from, through: miss.to) != miss.count { wrong.append("\(miss)") }
                var slot = miss.from
                while slot <= miss.to {
                    slots.append(slot)
                    slot = grid.next(after: slot)
                }
            }
            if let pending = schedule.entries[index].pendingSlot { slots.append(pending) }
            slots.sort()
            var expected: [Timestamp] = []
            var slot = grid.next(after: start)
            while slot < schedule.entries[index].nextSlot {
                expected.append(slot)
                slot = grid.next(after: slot)
            }
            if slots != expected { wrong.append("\(plan.id): \(slots.count) of \(expected.count) slots") }
            if schedule.entries[index].nextSlot < grid.latest(at: now) {
                wrong.append("\(plan.id) is behind")
            }
        }
        return wrong
    }
}
