import Testing
import VitalsCore
import VitalsTesting

@Suite("A dead man's switch")
struct VigilTests {
    /// The seconds at which it calls, when it is looked at each second.
    private func calls(
        every: Duration, until end: Int64, isWell: (Int64) -> Bool = { _ in true },
        takes: Int64 = 0, outcome: (Int64) -> DeliveryOutcome = { _ in .delivered(httpStatus: 200) }
    ) -> (at: [Int64], changes: [Vigil.Change]) {
        var vigil = Vigil(every: every, at: Fixture.at(0))
        var calls: [Int64] = []
        var changes: [Vigil.Change] = []
        var ends: (at: Int64, outcome: DeliveryOutcome)?
        for second in 0...end {
            if let ending = ends, ending.at <= second {
                if let change = vigil.ended(ending.outcome, at: Fixture.at(second)) { changes.append(change) }
                ends = nil
            }
            if vigil.look(isWell: isWell(second), at: Fixture.at(second)) {
                calls.append(second)
                ends = (second + max(takes, 1), outcome(second))
            }
            #expect(vigil.next(after: Fixture.at(second)) > Fixture.at(second))
            #expect(vigil.next(after: Fixture.at(second)) <= Fixture.at(second + 1))
        }
        return (calls, changes)
    }

    @Test("is called each interval while all is well, without drifting")
    func steady() {
        #expect(calls(every: .seconds(10), until: 45).at == [0, 10, 20, 30, 40])
        #expect(calls(every: .seconds(10), until: 45, takes: 8).at == [0, 10, 20, 30, 40])
    }

    @Test("is not called while anything is wrong, and at once when it is over; nothing is caught up")
    func gap() {
        let well: (Int64) -> Bool = { !(15...47).contains($0) }
        #expect(calls(every: .seconds(10), until: 70, isWell: well).at == [0, 10, 48, 58, 68])
    }

    @Test("that cannot be called is tried again soon, and is spoken of once")
    func failing() {
        let outcome: (Int64) -> DeliveryOutcome = { second in
            (20..<60).contains(second) ? .answered(httpStatus: 503) : .delivered(httpStatus: 200)
        }
        let (at, changes) = calls(every: .seconds(20), until: 100, outcome: outcome)
        #expect(at == [0, 20, 31, 42, 53, 64, 84])
        #expect(changes == [.failing(message: "answered 503"), .working])
    }

    @Test("one call at a time")
    func hanging() {
        #expect(calls(every: .seconds(5), until: 30, takes: 12).at == [0, 12, 24])
    }
}
