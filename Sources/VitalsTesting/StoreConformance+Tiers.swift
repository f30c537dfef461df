import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let tiers: [StoreConformance] = [
        StoreConformance("hours are made of runs and misses that are over, and days of hours") { store in
            try await register(in: store)
            let runs = [10, 20, 3_599, 3_600, 90_000].map { Fixture.pass(of: sql.id, at: at($0)) }
            let fail = Fixture.fail(of: sql.id, at: at(30))
            try await record(runs + [fail], in: store)
            try await record(
                [Miss(of: sql.id, from: at(3_590), to: at(3_620), count: 4, reason: .late)], in: store)
            try expect(
                await store.rollUp(before: at(93_700), limit: 1_000),
                is: RollUp(hoursUntil: at(93_600), daysUntil: at(86_400), isDone: true), "progress")
            let first = tally([runs[0], runs[1], runs[2], fail], missed: 1)
            let second = tally([runs[3]], missed: 3)
            let last = tally([runs[4]])
            try expect(
                await hours(of: sql, in: store), is: [0: first, 3_600: second, 90_000: last], "hours")
            var day = first
            day.merge(second)
            try expect(await days(of: sql, in: store), is: [0: day], "days")
            try expect(await hours(of: port, in: store), is: [:], "hours of another")
            try expect(
                await store.tallies(of: sql.id, by: .hour, in: at(3_600)..<at(90_000)),
                is: Tallies([RolledUp(start: at(3_600), tally: second)], until: at(93_600)), "some of them")
        },
        StoreConformance("what is not over yet is in no hour, and nothing is made twice") { store in
            try await register(in: store)
            try expect(await store.tallies(of: sql.id, by: .hour, in: all).until, is: nil, "before the first")
            try await record([Fixture.pass(of: sql.id, at: at(10))], in: store)
            try expect(await store.rollUp(before: at(3_599), limit: 10).isDone, is: true, "done")
            try expect(await hours(of: sql, in: store), is: [:], "hours of what is not over")
            for _ in 0..<3 { _ = try await store.rollUp(before: at(3_600), limit: 10) }
            let run = Fixture.pass(of: sql.id, at: at(10))
            try expect(await hours(of: sql, in: store), is: [0: tally([run])], "hours")
            try expect(await days(of: sql, in: store), is: [:], "days")
        },
        StoreConformance("small steps make what one large step makes, and say when nothing is left") {
            store in
            try await register(in: store)
            let runs = (0..<200).flatMap { number in
                [sql, port].map { Fixture.pass(of: $0.id, at: at(Int64(number) * 1_000)) }
            }
            try await record(runs, in: store)
            var steps = 0
            while try await !store.rollUp(before: at(200_000), limit: 7).isDone, steps < 1_000 { steps += 1 }
            try expect(steps > 10 && steps < 1_000, is: true, "\(steps) steps")
            for healthCheck in [sql, port] {
                let own = runs.filter { $0.healthCheck == healthCheck.id }
                let over = own.filter { $0.at < at(198_000) }
                try expect(await hours(of: healthCheck, in: store), is: byTier(over, .hour), "hours")
                try expect(
                    await days(of: healthCheck, in: store),
                    is: byTier(own.filter { $0.at < at(172_800) }, .day), "days")
            }
        },
        StoreConformance("a run that comes once its hour is made is added to it and to its day, once") {
            store in
            try await register(in: store)
            try await record([Fixture.pass(of: sql.id, at: at(10))], in: store)
            _ = try await store.rollUp(before: at(90_000), limit: 10)
            let late = Fixture.fail(of: sql.id, at: at(20))
            let alone = Fixture.pass(of: port.id, at: at(7_200))
            let present = Fixture.pass(of: sql.id, at: at(90_001))
            for _ in 0..<2 { try await record([late, alone, present], in: store) }
            let both = tally([Fixture.pass(of: sql.id, at: at(10)), late])
            try expect(await hours(of: sql, in: store), is: [0: both], "hours")
            try expect(await days(of: sql, in: store), is: [0: both], "days")
            try expect(await hours(of: port, in: store), is: [7_200: tally([alone])], "hours of another")
            try expect(await days(of: port, in: store), is: [0: tally([alone])], "days of another")
        },
        StoreConformance("whatever comes while an hour is being made is in it once") { store in
            try await register(in: store)
            let runs = [sql, port].flatMap { healthCheck in
                (1...3).map { Fixture.pass(of: healthCheck.id, at: at($0 * 10)) }
            }
            try await record(runs, in: store)
            var more: [Run] = []
            for number in 0..<20 as Range<Int64> {
                let progress = try await store.rollUp(before: at(3_600), limit: 1)
                let new = [sql, port].map { Fixture.pass(of: $0.id, at: at(100 + number)) }
                try await record(new + runs, in: store)
                more += new
                if progress.isDone, number > 10 { break }
            }
            for healthCheck in [sql, port] {
                let own = (runs + more).filter { $0.healthCheck == healthCheck.id }
                try expect(await hours(of: healthCheck, in: store), is: [0: tally(own)], "hours")
            }
        },
        StoreConformance("a miss that grows is in each hour with the slots that it has there") { store in
            try await register(in: store)
            func miss(_ count: Int) -> Miss {
                Miss(of: sql.id, from: at(0), to: at(Int64(count - 1) * 600), count: count, reason: .backoff)
            }
            try await record([miss(3)], in: store)
            _ = try await store.rollUp(before: at(7_200), limit: 10)
            for count in [3, 8, 8, 15] { try await record([miss(count)], in: store) }
            try expect(
                await hours(of: sql, in: store).mapValues(\.missed), is: [0: 6, 3_600: 6], "before the next")
            _ = try await store.rollUp(before: at(10_800), limit: 10)
            try expect(
                await hours(of: sql, in: store).mapValues(\.missed), is: [0: 6, 3_600: 6, 7_200: 3], "after")
        },
        StoreConformance("an hour outlives its runs, and still gets what comes late") { store in
            try await register(in: store)
            let runs = (1...10).map { Fixture.pass(of: sql.id, at: at($0)) }
            try await record(runs, in: store)
            _ = try await store.rollUp(before: at(3_600), limit: 100)
            _ = try await store.prune(before: at(3_600), limit: 100)
            let late = Fixture.fail(of: sql.id, at: at(11))
            try await record([late], in: store)
            try expect(await hours(of: sql, in: store), is: [0: tally(runs + [late])], "hours")
            _ = try await store.prune(before: at(3_600), limit: 100)
            _ = try await store.rollUp(before: at(7_200), limit: 100)
            try expect(await hours(of: sql, in: store), is: [0: tally(runs + [late])], "hours, in the end")
        },
        StoreConformance("hours and days go by themselves, at most so many at a time") { store in
            try await register(in: store)
            try await record(
                [sql, port].flatMap { healthCheck in
                    (0..<30).map { Fixture.pass(of: healthCheck.id, at: at($0 * 3_600)) }
                }, in: store)
            _ = try await store.rollUp(before: at(40 * 3_600), limit: 1_000)
            var counts: [Int] = []
            while counts.last ?? 15 == 15, counts.count < 10 {
                counts.append(try await store.prune(.hour, before: at(20 * 3_600), limit: 15))
            }
            try expect(counts, is: [15, 15, 10], "hours, prune by prune")
            try expect(
                await hours(of: port, in: store).keys.sorted(), is: (20..<30).map { $0 * 3_600 }, "hours")
            let extent = try await store.extent()
            try expect(extent.oldestRun, is: at(0), "oldest run")
            try expect(extent.oldestHour, is: at(72_000), "oldest hour")
            try expect(extent.oldestDay, is: at(0), "oldest day")
            try expect(await store.prune(.day, before: at(86_400), limit: 15), is: 2, "days")
            try expect(await store.extent().oldestDay, is: nil, "oldest day, then")
        },
        StoreConformance("runs are counted one by one in a range, and misses that reach into it") { store in
            try await register(in: store)
            let runs = (1...9).map { Fixture.pass(of: sql.id, at: at($0 * 10)) }
            try await record(runs, in: store)
            let misses = [(1, 2), (11, 19), (21, 29), (85, 99)].map {
                Miss(of: sql.id, from: at($0), to: at($1), count: 2, reason: .late)
            }
            try await record(misses, in: store)
            let range = at(15)..<at(50)
            let samples = runs[1...3].map { Sample($0) }
            try expect(await store.samples(of: sql.id, in: range, limit: 100), is: samples, "runs")
            try expect(
                await store.samples(of: sql.id, in: range, limit: 2), is: Array(samples.prefix(2)), "two")
            try expect(
                await store.misses(of: sql.id, in: range, limit: 100), is: Array(misses[1...2]), "misses")
            try expect(
                await store.misses(of: sql.id, in: at(90)..<at(200), limit: 1), is: [misses[3]], "the last")
            try expect(await store.samples(of: port.id, in: range, limit: 100), is: [], "another's")
        },
    ]

    private static let all = at(-1_000_000)..<at(1_000_000)

    private static func tally(_ runs: [Run], missed: Int64 = 0) -> Tally {
        var tally = Tally(runs.map { Sample($0) })
        tally.missed = missed
        return tally
    }

    private static func byTier(_ runs: [Run], _ tier: Tier) -> [Int64: Tally] {
        Dictionary(grouping: runs) { seconds(tier.start(of: $0.at)) }.mapValues { tally($0) }
    }

    /// By the seconds of their starts.
    private static func hours(of healthCheck: HealthCheck, in store: any Store) async throws -> [Int64: Tally]
    {
        try await pieces(of: healthCheck, .hour, in: store)
    }

    private static func days(of healthCheck: HealthCheck, in store: any Store) async throws -> [Int64: Tally]
    {
        try await pieces(of: healthCheck, .day, in: store)
    }

    private static func pieces(
        of healthCheck: HealthCheck, _ tier: Tier, in store: any Store
    ) async throws -> [Int64: Tally] {
        let found = try await store.tallies(of: healthCheck.id, by: tier, in: all)
        return Dictionary(uniqueKeysWithValues: found.pieces.map { (seconds($0.start), $0.tally) })
    }

    private static func seconds(_ instant: Timestamp) -> Int64 {
        (instant - at(0)).microseconds / 1_000_000
    }
}
