package import VitalsCore

extension Node {
    /// Runs and misses of one health check, newest first.
    package func history(
        of id: HealthCheckID, before: Timestamp?, limit: Int
    ) async throws -> [HistoryItem] {
        try await read { try await store.history(of: id, before: before, limit: limit) }
    }

    /// A stretch of a health check's time in at most `count` points.
    ///
    /// - Parameters:
    ///   - range: not empty, and at most ten years.
    ///   - count: 1 to `HistoryPoints.most`.
    package func points(
        of id: HealthCheckID, over range: Range<Timestamp>, count: Int
    ) async throws -> HistoryPoints {
        HistoryPoints(try await past(of: id, over: range), over: range, count: count)
    }

    /// What became of one vital, in at most `count` points.
    ///
    /// - Parameters:
    ///   - range: not empty.
    ///   - count: 1 to `HistoryPoints.most`.
    package func points(
        of vital: String, of id: HealthCheckID, over range: Range<Timestamp>, count: Int
    ) async throws -> VitalPoints {
        var points = VitalPoints(over: range, count: count)
        let limit = 5_000
        var rest = range
        while !rest.isEmpty {
            let readings = try await read {
                try await store.readings(of: vital, id, in: rest, limit: limit)
            }
            points.add(readings)
            guard readings.count == limit, let last = readings.last else { break }
            rest = min(last.at + .microseconds(1), rest.upperBound)..<rest.upperBound
        }
        return points
    }

    /// The share of conclusive runs that found it there, back from now; nothing where there was none.
    package func uptime(of id: HealthCheckID) async throws -> [UptimeWindow: Double] {
        let now = clock.now()
        var uptime: [UptimeWindow: Double] = [:]
        for window in UptimeWindow.allCases {
            uptime[window] = try await points(of: id, over: window.range(before: now), count: 1).tally.uptime
        }
        return uptime
    }

    /// Episodes, newest first.
    package func episodes(_ query: PastEpisode.Query) async throws -> [PastEpisode] {
        try await read { try await store.episodes(query) }
    }

    /// Transitions, newest first.
    package func transitions(_ query: PastTransition.Query) async throws -> [PastTransition] {
        try await read { try await store.transitions(query) }
    }

    /// Deliveries with an id above `after`, ascending.
    package func deliveries(after: Int64, limit: Int) async throws -> [Delivery] {
        try await read { try await store.deliveries(after: after, limit: limit) }
    }

    /// The store failed where nothing was to be recorded: if that is damage, people must know of it.
    func noteDamage(_ error: any Error) {
        guard StoreTrouble(error) == .damaged, recorder.foundDamage() else { return }
        journal.storeDamaged(error)
        outlets.alarm(.damaged)
    }

    /// What is known of a range: of its days and hours all, of its runs those that no hour tells of yet, and
    /// all of them where a chart could show them.
    private func past(of id: HealthCheckID, over range: Range<Timestamp>) async throws -> Past {
        let finest = Past.finest(over: range)
        let whole =
            Tier.day.start(of: range.lowerBound)..<Tier.day.firstStart(notBefore: range.upperBound)
        var past = Past()
        let days = try await read { try await store.tallies(of: id, by: .day, in: whole) }
        past.days = days.pieces
        let hoursFrom =
            finest == .day ? max(whole.lowerBound, days.until ?? whole.lowerBound) : whole.lowerBound
        // Hours before runs: what becomes an hour in between is then still read as runs.
        let hours = try await read {
            try await store.tallies(of: id, by: .hour, in: hoursFrom..<max(hoursFrom, whole.upperBound))
        }
        past.hours = hours.pieces
        let first = Tier.hour.start(of: range.lowerBound)
        let runsFrom = finest == nil ? first : max(first, hours.until ?? first)
        let runsTo = Tier.hour.firstStart(notBefore: range.upperBound)
        try await read { try await readRuns(of: id, in: runsFrom..<max(runsFrom, runsTo), into: &past) }
        return past
    }

    private func readRuns(
        of id: HealthCheckID, in range: Range<Timestamp>, into past: inout Past
    ) async throws {
        let limit = 5_000
        let step = Duration.microseconds(1)
        var rest = range
        while !rest.isEmpty {
            let samples = try await store.samples(of: id, in: rest, limit: limit)
            past.samples += samples
            guard samples.count == limit, let last = samples.last else { break }
            rest = (last.at + step)..<range.upperBound
        }
        rest = range
        while !rest.isEmpty {
            let misses = try await store.misses(of: id, in: rest, limit: limit)
            past.misses += misses
            guard misses.count == limit, let last = misses.last else { break }
            rest = min(last.to + step, range.upperBound)..<range.upperBound
        }
    }

    func read<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch {
            noteDamage(error)
            throw error
        }
    }
}
