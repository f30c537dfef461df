import Testing
import VitalsCore
import VitalsTesting

/// What the history of a health check says of its slots: each must be run once or be recorded as missed once.
struct SlotAccount {
    /// How often each slot is accounted for, by its instant in whole milliseconds, as the API shows it.
    private(set) var times: [Int64: Int] = [:]
    private(set) var misses: [String: Int] = [:]
    /// Newest first.
    private(set) var runs: [JSONValue] = []
    private let grid: SlotGrid

    /// Reads the history once every slot up to now is in it, and expects each of them there exactly once.
    ///
    /// - Parameters:
    ///   - healthCheck: its first run in the history begins the account.
    ///   - now: up to when, by the server's clock. Default: the machine's.
    static func complete(
        of healthCheck: String, every interval: Duration, at server: VitalsServer,
        until now: Timestamp = MachineTime.wall, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> SlotAccount {
        let account = try await eventually("every slot of \(healthCheck) is accounted for") {
            let history = try await server.api.all("health-checks/\(healthCheck)/runs?limit=1000")
            let account = try SlotAccount(of: healthCheck, every: interval, history: history)
            let missing = account.missing(until: now)
            guard missing.isEmpty else { throw NoAnswer(description: "not accounted for: \(missing)") }
            return account.times.isEmpty ? nil : account
        }
        let twice = account.times.filter { $0.value != 1 }.keys.sorted()
        #expect(twice == [], "accounted for more than once", sourceLocation: sourceLocation)
        let off = account.times.keys.filter { !account.isOnGrid($0) }
        #expect(off == [], "off the grid", sourceLocation: sourceLocation)
        return account
    }

    /// - Parameter history: every item of `GET health-checks/{id}/runs`.
    init(of healthCheck: String, every interval: Duration, history: [JSONValue]) throws {
        grid = SlotGrid(HealthCheckID(healthCheck), every: interval)
        for item in history {
            let missed = item["missed"]
            if missed != .null {
                try count(missed)
                continue
            }
            runs.append(item)
            if let slot = item["slot"].instant { times[slot / 1_000, default: 0] += 1 }
        }
    }

    /// Slots from the first run to `end` that nothing is known of.
    private func missing(until end: Timestamp) -> [Int64] {
        // A first run that no slot asked for began within the millisecond shown.
        let instants = runs.compactMap { run in
            run["slot"].instant.map { $0 - 1 } ?? run["at"].instant.map { $0 + 999 }
        }
        guard let beforeFirst = instants.min() else { return [] }
        var slot = grid.next(after: Timestamp(microseconds: beforeFirst))
        var missing: [Int64] = []
        while slot <= end {
            if times[slot.microseconds / 1_000] == nil { missing.append(slot.microseconds / 1_000) }
            slot = grid.next(after: slot)
        }
        return missing
    }

    /// The API shows whole milliseconds, cut.
    private func isOnGrid(_ milliseconds: Int64) -> Bool {
        let next = grid.next(after: Timestamp(microseconds: milliseconds * 1_000 - 1))
        return next.microseconds / 1_000 == milliseconds
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
