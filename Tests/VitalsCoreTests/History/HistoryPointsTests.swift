import Testing
import VitalsTesting

@testable import VitalsCore

@Suite("History in points")
struct HistoryPointsTests {
    private static let id = HealthCheckID("db.sql")
    private static let hour: Int64 = 3_600
    private static let day: Int64 = 86_400

    /// A pass a second in each of these ranges, and what hours and days are made of them, but only for those
    /// that the range of tallies holds.
    private static func past(
        runs: Range<Int64>?, hours: Range<Int64>? = nil, days: Range<Int64>? = nil, every step: Int64 = 60
    ) -> Past {
        func samples(_ range: Range<Int64>?) -> [Sample] {
            guard let range else { return [] }
            return stride(from: range.lowerBound, to: range.upperBound, by: Int(step)).map { sample($0) }
        }
        func pieces(_ range: Range<Int64>?, _ length: Int64) -> [RolledUp] {
            guard let range else { return [] }
            return stride(from: range.lowerBound, to: range.upperBound, by: Int(length)).map {
                RolledUp(start: Fixture.at($0), tally: Tally(samples($0..<$0 + length)))
            }
        }
        var past = Past()
        past.samples = samples(runs)
        past.hours = pieces(hours, hour)
        past.days = pieces(days, day)
        return past
    }

    private static func sample(_ second: Int64, _ outcome: Outcome = .pass, _ milliseconds: Int = 5) -> Sample
    {
        Sample(at: Fixture.at(second), outcome: outcome, latency: .milliseconds(milliseconds))
    }

    private static func points(_ past: Past, _ range: Range<Int64>, _ count: Int) -> HistoryPoints {
        HistoryPoints(past, over: Fixture.at(range.lowerBound)..<Fixture.at(range.upperBound), count: count)
    }

    private static func seconds(_ points: HistoryPoints) -> [Int64] {
        (points.points.map(\.from) + points.points.suffix(1).map(\.to)).map {
            ($0 - Fixture.at(0)).microseconds / 1_000_000
        }
    }

    @Test("of runs have one width from where they begin, and the last one is what is left")
    func widths() {
        let table: [(range: Range<Int64>, count: Int, borders: [Int64])] = [
            (0..<100, 4, [0, 25, 50, 75, 100]), (7..<27, 2, [7, 17, 27]), (0..<9, 1, [0, 9]),
        ]
        for row in table {
            let found = Self.points(Self.past(runs: 0..<100), row.range, row.count)
            #expect(Self.seconds(found) == row.borders, "\(row)")
        }
        let narrow = HistoryPoints(
            Past(), over: Fixture.at(0)..<Fixture.at(0) + .microseconds(3), count: HistoryPoints.most)
        #expect(narrow.points.count == 3)
    }

    @Test("count what lies in the range, its beginning included and its end not")
    func edges() {
        let found = Self.points(Self.past(runs: 0..<600, every: 10), 100..<200, 2)
        #expect(found.points.map(\.tally.pass) == [5, 5])
        #expect(found.tally.total == 10)
    }

    @Test("without anything are gaps, which stay in their places and have neither counts nor latencies")
    func gaps() {
        var past = Past()
        past.samples = [Self.sample(5), Self.sample(35, .fail)]
        let found = Self.points(past, 0..<40, 4)
        #expect(found.points.map(\.tally.isEmpty) == [false, true, true, false])
        #expect(found.points[1].tally.latencies == nil)
        #expect(found.points[3].tally.latencies == nil)
        #expect(found.points[3].tally.fail == 1)
    }

    @Test("have the slots that were missed, each in its own point")
    func misses() {
        var past = Past()
        past.misses = [
            Miss(
                of: Self.id, from: Fixture.at(-50), to: Fixture.at(250), count: 31, reason: .notRunning)
        ]
        #expect(Self.points(past, 0..<200, 4).points.map(\.tally.missed) == [5, 5, 5, 5])
        #expect(Self.points(past, -100..<300, 4).points.map(\.tally.missed) == [5, 10, 10, 6])
    }

    @Test("are made of runs as long as all of an hour's are there, and then of the hour")
    func finest() {
        let hours = 0..<(4 * Self.hour)
        let fine = Self.points(Self.past(runs: hours, hours: hours), 1_800..<9_000, 4)
        #expect(Self.seconds(fine) == [1_800, 3_600, 5_400, 7_200, 9_000])
        #expect(fine.tally.pass == 120)
        let pruned = Self.points(
            Self.past(runs: 5_000..<(4 * Self.hour), hours: hours), 1_800..<9_000, 4)
        #expect(Self.seconds(pruned) == [0, 3_600, 7_200, 9_000])
        #expect(pruned.points.map(\.tally.pass) == [60, 60, 30])
    }

    @Test("are made of hours as long as all of a day's are there, and then of the day")
    func hoursAndDays() {
        let days = 0..<(3 * Self.day)
        let past = Self.past(
            runs: nil, hours: (Self.day + 7 * Self.hour)..<(3 * Self.day), days: days, every: 600)
        let found = Self.points(past, (Self.hour)..<(3 * Self.day), 100)
        #expect(Self.seconds(found) == [0, Self.day, 2 * Self.day, 3 * Self.day])
        #expect(found.points.map(\.tally.pass) == [144, 144, 144])
        let fine = Self.points(past, (2 * Self.day + 1_800)..<(2 * Self.day + 3 * Self.hour), 100)
        #expect(Self.seconds(fine) == [0, 1, 2, 3].map { 2 * Self.day + $0 * Self.hour })
    }

    @Test("a run that came late, of an hour that was read before, is counted once")
    func late() {
        let whole = Self.past(runs: 0..<Self.hour, hours: 0..<Self.hour)
        var past = whole
        past.samples.append(Self.sample(3_599))
        #expect(Self.points(past, 0..<Self.hour, 1).tally.pass == 61)
        past = whole
        past.samples.removeFirst()
        #expect(Self.points(past, 0..<Self.hour, 1).tally.pass == 60)
    }

    @Test("an hour whose misses are all that it has is theirs")
    func missesOnly() {
        var past = Past()
        past.misses = [
            Miss(of: Self.id, from: Fixture.at(0), to: Fixture.at(3_540), count: 60, reason: .backoff)
        ]
        var tally = Tally()
        tally.missed = 60
        past.hours = [RolledUp(start: Fixture.at(0), tally: tally)]
        #expect(Self.points(past, 0..<1_800, 2).points.map(\.tally.missed) == [15, 15])
        past.misses = []
        #expect(Self.points(past, 0..<1_800, 2).points.map(\.tally.missed) == [60])
    }

    @Test("are never more than were asked for, and hold each thing once, wherever they are cut")
    func walk() {
        var random = SeededGenerator(seed: 11)
        let days = 0..<(4 * Self.day)
        for _ in 0..<300 {
            let firstHour = Int64.random(in: 0...48, using: &random) * Self.hour
            let firstRun = Int64.random(in: (firstHour / 900)...(3 * Self.day / 900), using: &random) * 900
            let past = Self.past(
                runs: firstRun..<days.upperBound, hours: firstHour..<days.upperBound, days: days, every: 900)
            let from = Int64.random(in: -9_000...(4 * Self.day - 2), using: &random)
            let to = Int64.random(in: (from + 1)...(4 * Self.day + 9_000), using: &random)
            let count = Int.random(in: 1...HistoryPoints.most, using: &random)
            let found = Self.points(past, from..<to, count)
            let borders = Self.seconds(found)
            #expect(found.points.count <= count)
            #expect(borders[0] <= from && borders[found.points.count] >= to)
            #expect(zip(found.points, found.points.dropFirst()).allSatisfy { $0.to == $1.from })
            for point in found.points {
                let first = max(0, (point.from - Fixture.at(0)).microseconds)
                let last = min(4 * Self.day * 1_000_000, (point.to - Fixture.at(0)).microseconds)
                let runs = max(0, (last + 899_999_999) / 900_000_000 - (first + 899_999_999) / 900_000_000)
                guard point.tally.pass == runs else {
                    Issue.record("\(from)..<\(to) in \(count): \(point.tally.pass) rather than \(runs)")
                    return
                }
            }
        }
    }

    @Test("a p95 of a year out of its days is one of all its runs")
    func year() throws {
        var random = SeededGenerator(seed: 23)
        var past = Past()
        var all: [Int] = []
        for day in 0..<365 as Range<Int64> {
            let latencies = (0..<40).map { _ in Int.random(in: 1...(day < 350 ? 10 : 900), using: &random) }
            all += latencies
            past.days.append(
                RolledUp(
                    start: Fixture.at(day * Self.day),
                    tally: Tally(latencies.map { Self.sample(day * Self.day, .pass, $0) })))
        }
        let found = Self.points(past, 0..<(365 * Self.day), 1)
        let latencies = try #require(found.points.first?.tally.latencies)
        let exact = Double(all.sorted()[Int((0.95 * Double(all.count)).rounded(.up)) - 1])
        #expect(abs(latencies.quantile(0.95).milliseconds - exact) <= exact / 256)
        #expect(latencies.sketch.count == 365 * 40)
    }

    @Test("runs are read for two days, hours for two months, and days for more")
    func fineness() {
        let table: [(hours: Int64, tier: Tier?)] = [
            (1, nil), (48, nil), (49, .hour), (30 * 24, .hour), (62 * 24, .hour), (62 * 24 + 1, .day),
            (365 * 24, .day),
        ]
        for row in table {
            let range = Fixture.at(0)..<Fixture.at(row.hours * Self.hour)
            #expect(Past.finest(over: range) == row.tier, "\(row)")
        }
    }

    @Test("hours and days are those of UTC, before 1970 too")
    func tiers() {
        let table: [(Tier, Int64, Int64)] = [
            (.hour, 3_600, 3_600), (.hour, 3_599, 0), (.hour, -1, -3_600), (.day, 86_399, 0),
            (.day, -1, -86_400),
            (.hour, -3_600, -3_600),
        ]
        for (tier, second, start) in table {
            #expect(tier.start(of: Self.epoch(second)) == Self.epoch(start), "\(tier) \(second)")
        }
        #expect(Tier.day.firstStart(notBefore: Self.epoch(1)) == Self.epoch(86_400))
        #expect(Tier.day.firstStart(notBefore: Self.epoch(86_400)) == Self.epoch(86_400))
    }

    private static func epoch(_ seconds: Int64) -> Timestamp {
        Timestamp(microseconds: seconds * 1_000_000)
    }
}
