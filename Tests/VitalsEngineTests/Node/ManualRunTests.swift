import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("Runs that somebody asks for")
struct ManualRunTests {
    @Test("is answered with what was recorded, and counts like any other")
    func done() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        try await rig.start()
        rig.run(for: .seconds(5))
        rig.behave(.refuse)
        guard case .done(let run, let view)? = rig.manual() else {
            Issue.record("not done")
            return
        }
        #expect(run.trigger == .manual && run.outcome == .fail && run.slot == nil)
        #expect(view.lastRun == run && view.evaluation.failures == 1)
        #expect(rig.memory.runs(of: NodeRig.id).last?.at == run.at)
    }

    @Test("the second within the cooldown is refused without reaching the target, and says how long to wait")
    func cooldown() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        try await rig.start()
        rig.run(for: .seconds(5))
        _ = rig.manual()
        let starts = rig.probe()?.starts.count
        guard case .cooldown(let retryAfter)? = rig.manual() else {
            Issue.record("not refused")
            return
        }
        #expect(retryAfter > .seconds(9) && retryAfter <= .seconds(10))
        #expect(rig.probe()?.starts.count == starts)
        rig.run(for: retryAfter)
        guard case .done? = rig.manual() else {
            Issue.record("refused after the cooldown")
            return
        }
    }

    @Test("of twenty at once one is accepted")
    func atOnce() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        try await rig.start()
        rig.run(for: .seconds(5))
        let starts = rig.probe()?.starts.count ?? 0
        let answers = (0..<20).map { _ in rig.ask() }
        rig.run(for: .seconds(5))
        let accepted = answers.count { if case .done? = $0.value { true } else { false } }
        let refused = answers.count { if case .cooldown? = $0.value { true } else { false } }
        #expect(accepted == 1 && refused == 19)
        #expect(rig.probe()?.starts.count == starts + 1)
    }

    @Test("scheduled runs do not consume the cooldown")
    func scheduled() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(1))])
        try await rig.start()
        rig.run(for: .seconds(10))
        guard case .done? = rig.manual() else {
            Issue.record("not accepted")
            return
        }
    }

    @Test("without a cooldown two that follow each other both run, and two at once are one run")
    func join() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        rig.settings.manualRunCooldown = .zero
        rig.behave(.pass(after: .seconds(1)))
        try await rig.start()
        rig.run(for: .seconds(5))
        let starts = rig.probe()?.starts.count ?? 0
        let answers = [rig.ask(), rig.ask()]
        rig.run(for: .seconds(3))
        let runs = answers.compactMap { if case .done(let run, _)? = $0.value { run.at } else { nil } }
        #expect(runs.count == 2 && Set(runs).count == 1)
        #expect(rig.probe()?.starts.count == starts + 1)
        _ = rig.manual()
        #expect(rig.probe()?.starts.count == starts + 2)
    }

    @Test(
        "of a disabled health check it is recorded and answered, but not evaluated; a restart shows the same")
    func disabled() async throws {
        let rig = NodeRig([NodeRig.healthCheck(isEnabled: false)])
        rig.behave(.refuse)
        try await rig.start()
        guard case .done(let run, let view)? = rig.manual() else {
            Issue.record("not done")
            return
        }
        #expect(run.outcome == .fail)
        #expect(view.evaluation == Evaluation())
        #expect(view.lastRun == run)
        rig.stop()
        try await rig.start()
        #expect(rig.view()?.lastRun == run)
        #expect(rig.types() == [])
    }

    @Test("while the store cannot be written the caller is told, and is not left waiting")
    func notRecorded() async throws {
        let rig = NodeRig([NodeRig.healthCheck(every: .seconds(3_600))])
        rig.settings.manualRunCooldown = .zero
        try await rig.start()
        rig.run(for: .seconds(5))
        rig.store.fail([.record])
        for _ in 0..<5 {
            guard case .notRecorded? = rig.manual() else {
                Issue.record("recorded")
                return
            }
        }
    }

    @Test("nobody knows a health check that is not configured")
    func unknown() async throws {
        let rig = NodeRig([NodeRig.healthCheck()])
        try await rig.start()
        guard case .unknownHealthCheck? = rig.manual(HealthCheckID("no.such")) else {
            Issue.record("known")
            return
        }
    }
}
