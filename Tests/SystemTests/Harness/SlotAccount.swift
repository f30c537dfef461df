import Testing
import VitalsCore

/// What the history of a health check says of its slots: each must be run once or be recorded as missed once.
struct SlotAccount {
    /// How often each slot is accounted for, by its instant in whole milliseconds, as the API shows it.
    private(set) var times: [Int64: Int] = [:]
    private(set) var misses: [String: Int] = [:]
    private let grid: SlotGrid

    /// - Parameter history: every item of `GET health-checks/{id}/runs`.
    init(of healthCheck: String, every interval: Duration, history: [JSONValue]) throws {
        grid = SlotGrid(HealthCheckID(healthCheck), every: interval)
        for item in history {
            let missed = item["missed"]
            if missed != .null {
                try count(missed)
            } else if let slot = item["slot"].instant {
                times[slot / 1_000, default: 0] += 1
            }
        }
    }

    /// Whether every slot from the first to the last that the history knows is accounted for exactly once.
    func expectComplete(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let first = try #require(times.keys.min(), "the history has no slot", sourceLocation: sourceLocation)
        let last = try #require(times.keys.max(), sourceLocation: sourceLocation)
        var slot = grid.next(after: Timestamp(microseconds: first * 1_000 - 1))
        var expected: [Int64] = []
        while slot.microseconds / 1_000 <= last {
            expected.append(slot.microseconds / 1_000)
            slot = grid.next(after: slot)
        }
        #expect(
            times.keys.sorted() == expected, "a slot is missing, or off the grid",
            sourceLocation: sourceLocation)
        let twice = times.filter { $0.value != 1 }.keys.sorted()
        #expect(twice == [], "accounted for more than once", sourceLocation: sourceLocation)
    }

    private mutating func count(_ missed: JSONValue) throws {
        let from = try #require(missed["from"].instant)
        let to = try #require(missed["to"].instant)
        let number = Int(try #require(missed["count"].number))
        misses[try #require(missed["reason"].string), default: 0] += number
        var slot = grid.next(after: Timestamp(microseconds: from - 1))
        var counted = 0
        while slot.microseconds / 1_000 <= to / 1_000 {
            times[slot.microseconds / 1_000, default: 0] += 1
            counted += 1
            slot = grid.next(after: slot)
        }
        #expect(counted == number, "a miss of \(number) slots covers \(counted)")
    }
}
