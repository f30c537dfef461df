import Testing
import VitalsCore

@Suite("A node that is cut off takes it for nobody's outage")
struct ConnectivityTests {
    private static let policy = Policy.every(.seconds(10))

    @Test(
        "what could not be reached is in doubt, what answered is not, nor what is our own fault already",
        arguments: [
            (.refused, .connect, true), (.unreachable, .connect, true), (.timeout, .connect, true),
            (.timeout, .resolve, true), (.dnsFailure, .resolve, true), (.dnsNXDomain, .resolve, true),
            (.internal, .connect, false), (.cutOff, .connect, false), (.reset, .tls, false),
            (.timeout, .firstByte, false), (.httpStatus, .firstByte, false),
            (.authFailed, .authenticate, false),
            (.timeout, .read, false), (.readOnly, .write, false),
        ] as [(Cause, Phase, Bool)])
    func inDoubt(cause: Cause, phase: Phase, expected: Bool) {
        let result = ProbeResult(fault: Fault(cause, in: phase, message: "no"), latency: .zero)
        #expect(isInDoubt(result, Evaluation(), nil) == expected)
        #expect(!isInDoubt(ProbeResult(latency: .zero), Evaluation(), nil))
    }

    @Test(
        "of one that is known to be unhealthy nothing is in doubt, as nothing makes it worse",
        arguments: [
            ("", true), ("P", true), ("P F F", true), ("P W W W", true), ("F F F", false),
            ("P F F F F", false), ("F F F P", true), ("F F F S", true), ("F F F I", true),
        ])
    func known(runs: String, expected: Bool) {
        var story = Story()
        story.tell(runs)
        let (evaluation, lastRun) = (story.evaluation, story.belief.lastRun)
        let found = Connectivity.isInDoubt(
            Self.failed, evaluation, lastRun: lastRun, previous: lastRun?.at, Self.policy,
            at: .second(story.second))
        #expect(found == expected)
    }

    @Test("it is in doubt again where runs wait to be recorded, and where its state is about to be given up")
    func behind() {
        var story = Story()
        story.tell("F F F")
        func isInDoubt(previous: Timestamp?, at second: Double) -> Bool {
            Connectivity.isInDoubt(
                Self.failed, story.evaluation, lastRun: story.belief.lastRun, previous: previous,
                Self.policy, at: .second(second))
        }
        #expect(!isInDoubt(previous: .second(20), at: 30))
        #expect(!isInDoubt(previous: nil, at: 30))
        #expect(isInDoubt(previous: .second(25), at: 30))
        #expect(!isInDoubt(previous: .second(20), at: 49.9))
        #expect(isInDoubt(previous: .second(20), at: 50))
    }

    /// `reached` and `lost` are what the points say in turn; the answer is what is known after each.
    @Test(
        "it is cut off if none of its reference points is reached, and not with the first that is",
        arguments: [
            ([false], [true]), ([true], [false]), ([false, false, false], [nil, nil, true]),
            ([false, true, false], [nil, false, nil]), ([true, false, false], [false, nil, nil]),
        ] as [([Bool], [Bool?])])
    func answers(reached: [Bool], expected: [Bool?]) {
        var connectivity = Connectivity(points: reached.count)
        let reply = connectivity.consult(at: .second(0))
        #expect(reply == .ask(1))
        let found = reached.map { connectivity.heard(1, isReached: $0, at: .second(0.1)) }
        #expect(found == expected)
    }

    @Test("whoever asks meanwhile waits for the same answer, which holds for a second")
    func kept() {
        var connectivity = Connectivity(points: 2)
        func expectReply(at second: Double, _ reply: Connectivity.Reply) {
            let found = connectivity.consult(at: .second(second))
            #expect(found == reply)
        }
        expectReply(at: 0, .ask(1))
        expectReply(at: 0.5, .waits(1))
        _ = connectivity.heard(1, isReached: false, at: .second(1))
        expectReply(at: 1, .waits(1))
        _ = connectivity.heard(1, isReached: false, at: .second(2))
        expectReply(at: 2, .known(isCutOff: true))
        expectReply(at: 2.999999, .known(isCutOff: true))
        expectReply(at: 3, .ask(2))
        let late = connectivity.heard(1, isReached: true, at: .second(3))
        #expect(late == nil, "what was asked before counts no more")
        let answer = connectivity.heard(2, isReached: true, at: .second(3.25))
        #expect(answer == false)
        expectReply(at: 4, .known(isCutOff: false))
        expectReply(at: 4.25, .ask(3))
    }

    @Test(
        "a reference point is reached if something at the other end answered, whatever it said",
        arguments: [
            (nil, nil, true), (.httpStatus, .firstByte, true), (.tlsCertExpired, .tls, true),
            (.timeout, .firstByte, true), (.refused, .connect, false), (.timeout, .connect, false),
            (.dnsFailure, .resolve, false), (.internal, .connect, false), (.internal, .firstByte, false),
        ] as [(Cause?, Phase?, Bool)])
    func reached(cause: Cause?, phase: Phase?, expected: Bool) {
        let fault = cause.map { Fault($0, in: phase ?? .connect, message: "no") }
        #expect(ProbeResult(fault: fault, latency: .zero).hasReachedItsTarget == expected)
    }

    @Test("a run that was cut off keeps its times and its own fault, and counts for nothing")
    func cutOff() {
        let result = ProbeResult(
            fault: Fault(.timeout, in: .connect, code: "ETIMEDOUT", message: "no answer from 192.0.2.1:5432"),
            latency: .seconds(5), phases: [PhaseTiming(.connect, .seconds(5))], trace: "> SYN")
        var expected = result
        expected.fault = Fault(
            .cutOff, in: .connect, code: "ETIMEDOUT",
            message: "cut off: no reference point answers; "
                + "the target's own fault was timeout: no answer from 192.0.2.1:5432")
        #expect(result.asCutOff == expected)
        let healthCheck = HealthCheck(
            system: SystemID("orders-db"), check: CheckID("sql"), kind: ProbeKind("tcp", isDatabase: false),
            policy: Self.policy, revision: Revision("0a"))
        func outcome(_ result: ProbeResult) -> Outcome {
            Run(of: healthCheck, at: .second(0), startedAt: .second(0), trigger: .scheduled, result: result)
                .outcome
        }
        #expect(outcome(result) == .fail)
        #expect(outcome(result.asCutOff) == .inconclusive)
        #expect(outcome(result.asCutShort) == .inconclusive)
        #expect(result.asCutShort.fault?.cause == .internal)
    }

    @Test("its message stays within 1 KiB, and whole characters")
    func longMessage() {
        let words = String(repeating: "é", count: 512)
        let result = ProbeResult(fault: Fault(.refused, in: .connect, message: words), latency: .zero)
        let message = result.asCutOff.fault?.message ?? ""
        #expect(message.utf8.count <= 1_024 && message.utf8.count > 1_020)
        #expect(message.hasPrefix("cut off: ") && message.hasSuffix("é"))
    }

    private static let failed = ProbeResult(
        fault: Fault(.refused, in: .connect, message: "refused"), latency: .zero)

    private func isInDoubt(_ result: ProbeResult, _ evaluation: Evaluation, _ lastRun: Run?) -> Bool {
        Connectivity.isInDoubt(
            result, evaluation, lastRun: lastRun, previous: nil, Self.policy, at: .second(0))
    }
}
