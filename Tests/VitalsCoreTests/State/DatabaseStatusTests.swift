import Testing
import VitalsCore

@Suite("A database's state in the words of its metrics")
struct DatabaseStatusTests {
    private static func evaluation(
        _ state: State, hasPassed: Bool = true, isStale: Bool = false
    ) -> Evaluation {
        Evaluation(
            state: state, since: nil, isStale: isStale, failures: 0, successes: 0, nonPasses: 0,
            hasWarn: false, hasPassed: hasPassed, authFailures: 0, episode: nil)
    }

    @Test(
        "follows its state",
        arguments: [
            (State.healthy, DatabaseStatus.up, true), (.degraded, .degraded, true),
            (.unhealthy, .down, false), (.unknown, .unknown, false),
        ])
    func states(state: State, status: DatabaseStatus, isUp: Bool) {
        let found = DatabaseStatus(Self.evaluation(state), lastFault: nil)
        #expect(found == status)
        #expect(found.isUp == isUp)
    }

    @Test("what is ours to mend is misconfigured, for as long as nothing is known and somebody has looked")
    func misconfigured() {
        let refused = Fault(.authFailed, in: .authenticate, message: "")
        let gone = Fault(.dbMissing, in: .session, message: "")
        func status(_ evaluation: Evaluation, _ fault: Fault) -> DatabaseStatus {
            DatabaseStatus(evaluation, lastFault: fault)
        }
        #expect(status(Self.evaluation(.unknown, hasPassed: false), refused) == .misconfigured)
        #expect(status(Self.evaluation(.unknown, hasPassed: false), gone) == .misconfigured)
        // A database that was there once is no mistake in writing its name.
        #expect(status(Self.evaluation(.unknown), gone) == .unknown)
        #expect(status(Self.evaluation(.unknown, hasPassed: false, isStale: true), refused) == .unknown)
        #expect(status(Self.evaluation(.unhealthy), refused) == .down)
        #expect(
            status(
                Self.evaluation(.unknown, hasPassed: false), Fault(.refused, in: .connect, message: ""))
                == .unknown)
    }

    @Test("a service is well in halves, and nobody knows how well what is unknown is")
    func halves() {
        #expect(State.allCases.map(\.halves) == [nil, 2, 1, 0])
    }
}
