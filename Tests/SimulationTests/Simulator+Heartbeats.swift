import VitalsCore

@testable import VitalsEngine

/// What pings, as the seed has its targets behave.
extension Simulator {
    /// When the next target has something to say.
    mutating func expectPing() { nextPingAt = pingsAt.min() ?? .max }

    mutating func ping() throws(Interruption) {
        // What ended before is handed over before.
        if let flight = node.flights.first, flight.endsAt <= boot { return try endFlight() }
        guard let place = pingsAt.indices.min(by: { pingsAt[$0] < pingsAt[$1] }) else { return }
        let id = scenario.ids[place]
        let schedule = scenario.healthChecks.first { $0.id == id }?.heartbeat
        if let schedule, case .every(let period) = schedule.rhythm {
            // Of what happens in the same microsecond two things would have one key.
            boot += 1_000
            // Early, as whoever is never late must be.
            pingsAt[place] = boot + period.microseconds * Int64(50 + generator.below(50)) / 100
            try say(place, id, schedule)
            boot += 1_000
        } else {
            pingsAt[place] = boot + 60_000_000
        }
        expectPing()
    }

    private mutating func say(
        _ place: Int, _ id: HealthCheckID, _ schedule: HeartbeatSchedule
    ) throws(Interruption) {
        switch targets[place].behaviour {
        case .passes: try send(.success, id)
        case .isSlow:
            isAtWork[place].toggle()
            try send(isAtWork[place] ? .start : .success, id)
        case .refuses: try send(.failure(status: 3), id)
        case .hangs, .stalls: break
        case .flaps: try send(generator.oneIn(2) ? .success : .failure(status: nil), id)
        case .locks: try send(.start, id)
        case .rejectsLogin: try send(.log, id)
        case .isMisspelt:
            try send(.success, id)
            try send(.success, id)
        case .isOursToBlame:
            pingsAt[place] += schedule.grace.microseconds * 2
            try send(.success, id)
        }
    }

    /// Nobody hears it while the node stops or is not there.
    private mutating func send(_ kind: Ping.Kind, _ id: HealthCheckID) throws(Interruption) {
        guard !node.isStopping else { return }
        pingCount += 1
        let now = now()
        trace.note(.pinged, scenario.place(of: id), now.microseconds, at: boot)
        let heard = HeardPing(
            of: id, at: now, Ping(kind), dialect: .healthchecks, client: "", agent: "", body: "")
        _ = node.inbox.add(heard, ticket: pingCount, at: now)
        try effect()
    }
}
