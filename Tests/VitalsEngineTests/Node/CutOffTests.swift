import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A node with reference points")
struct CutOffTests {
    private static let quick = NodeRig.healthCheck(thresholds: Thresholds(failure: 1))
    private static let timeout = ScriptedProbe.Behaviour.fault(
        Fault(.timeout, in: .connect, message: "no answer"), after: .milliseconds(900))

    private func rig(_ healthChecks: [HealthCheck] = [quick]) -> NodeRig {
        let rig = NodeRig(healthChecks)
        rig.behave(.pass(after: .milliseconds(20)), point: "one")
        rig.behave(.pass(after: .milliseconds(20)), point: "two")
        return rig
    }

    @Test("says that a target is down if one of them is reached, and asks once for it")
    func connected() async throws {
        let rig = rig()
        rig.behave(.refuse, point: "one")
        try await rig.start()
        rig.run(for: .seconds(15))
        #expect(rig.point("one")?.starts == [])
        rig.behave(.refuse)
        rig.run(for: .seconds(60))
        #expect(rig.types() == ["down"])
        #expect(rig.memory.runs(of: NodeRig.id).last?.result.fault?.cause == .refused)
        #expect(rig.point("one")?.starts.count == 1)
        #expect(rig.point("two")?.starts.count == 1)
    }

    @Test("says of nothing that it is down while none of them is reached, and of what stays down afterwards")
    func cutOff() async throws {
        let rig = rig()
        try await rig.start()
        rig.run(for: .seconds(15))
        for point in ["one", "two"] { rig.behave(Self.timeout, point: point) }
        rig.behave(.refuse)
        rig.run(for: .seconds(20))
        #expect(rig.types() == [])
        #expect(rig.view()?.evaluation.state == .healthy)
        let run = try #require(rig.memory.runs(of: NodeRig.id).last)
        #expect(run.outcome == .inconclusive)
        #expect(run.result.fault?.cause == .cutOff)
        #expect(run.result.fault?.phase == .connect)
        #expect(
            run.result.fault?.message
                == "cut off: no reference point answers; "
                + "the target's own fault was refused: connection refused"
        )
        rig.behave(.pass, point: "two")
        rig.run(for: .seconds(10))
        #expect(rig.types() == ["down"])
        #expect(rig.memory.slotFaults(of: Self.quick, until: rig.clock.wall) == [])
    }

    @Test("calls a state unknown when it was cut off for long, and tells of itself")
    func lasting() async throws {
        let rig = rig()
        try await rig.start()
        rig.run(for: .seconds(15))
        for point in ["one", "two"] { rig.behave(.refuse, point: point) }
        rig.behave(.refuse)
        rig.run(for: .seconds(60))
        #expect(rig.view()?.evaluation.state == .unknown)
        #expect(rig.view()?.evaluation.isStale == true)
        #expect(rig.reasons() == ["inconclusive_cut_off"])
        #expect(!rig.types().contains("down"))
    }

    @Test("keeps a run in flight until they have answered, with its own times, and delays no other")
    func waiting() async throws {
        let other = NodeRig.healthCheck("other", every: .seconds(1))
        let rig = rig([
            NodeRig.healthCheck(every: .seconds(1), thresholds: Thresholds(failure: 1)), other,
        ])
        try await rig.start()
        rig.run(for: .seconds(5))
        rig.behave(.hang, point: "one")
        rig.behave(.hang, point: "two")
        rig.behave(.refuse)
        rig.run(for: .seconds(30))
        let runs = rig.memory.runs(of: NodeRig.id)
        let cutOff = runs.filter { $0.result.fault?.cause == .cutOff }
        #expect(cutOff.count > 5)
        #expect(
            cutOff.allSatisfy {
                $0.result.latency == .microseconds(410) && $0.startedAt - $0.at < .milliseconds(10)
            })
        let misses = rig.memory.misses(of: NodeRig.id)
        #expect(misses.count > 5 && misses.allSatisfy { $0.reason == .inFlight })
        #expect(rig.memory.slotFaults(of: rig.healthChecks[0], until: rig.clock.wall) == [])
        #expect(rig.memory.misses(of: other.id) == [])
        #expect(rig.memory.runs(of: other.id).allSatisfy { $0.startedAt - $0.at < .milliseconds(10) })
    }

    @Test("asks once for all that fail within a second")
    func together() async throws {
        let many = (0..<20).map { NodeRig.healthCheck("db\($0)", every: .seconds(2)) }
        let rig = rig(many)
        for healthCheck in many { rig.behave(.refuse, healthCheck.id) }
        try await rig.start()
        rig.run(for: .seconds(6))
        let starts = rig.point("one")?.starts ?? []
        #expect(!starts.isEmpty && starts.count <= 7)
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 >= .seconds(1) })
        #expect(many.allSatisfy { rig.view($0.id)?.evaluation.state == .unhealthy })
    }

    @Test("does not ask about what is known to be unhealthy, nor about what answered")
    func unasked() async throws {
        let rig = rig()
        rig.behave(.refuse)
        try await rig.start()
        rig.run(for: .seconds(120))
        #expect(rig.point("one")?.starts.count == 1)
        rig.behave(.fault(Fault(.httpStatus, in: .firstByte, message: "500"), after: .milliseconds(5)))
        rig.run(for: .seconds(60))
        rig.behave(.pass)
        rig.run(for: .seconds(20))
        rig.behave(.fault(Fault(.httpStatus, in: .firstByte, message: "500"), after: .milliseconds(5)))
        rig.run(for: .seconds(20))
        #expect(rig.view()?.evaluation.state == .unhealthy)
        #expect(rig.point("one")?.starts.count == 1)
    }

    @Test("answers who asked for a run by hand once the reference points have answered")
    func manual() async throws {
        let rig = rig()
        for point in ["one", "two"] { rig.behave(Self.timeout, point: point) }
        rig.behave(.refuse)
        try await rig.start()
        let answer = rig.manual()
        guard case .done(let run, _) = answer else {
            Issue.record("\(String(describing: answer))")
            return
        }
        #expect(run.result.fault?.cause == .cutOff)
    }

    @Test("stops in time while it waits for them, and takes nothing for an outage")
    func stopping() async throws {
        let rig = rig()
        for point in ["one", "two"] { rig.behave(.never, point: point) }
        try await rig.start()
        rig.run(for: .seconds(15))
        rig.behave(.refuse)
        _ = rig.loop.run(within: .seconds(15)) { rig.point("one")?.starts.isEmpty == false }
        rig.run(for: .milliseconds(100))
        #expect(rig.stop(within: .seconds(15)))
        let run = try #require(rig.memory.runs(of: NodeRig.id).last)
        #expect(run.outcome == .inconclusive)
        #expect(run.result.fault?.cause == .internal)
        #expect(rig.types() == [])
    }
}
