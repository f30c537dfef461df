import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@Suite("History")
struct HistoryTests {
    private static let path = "/api/v1/health-checks/a.sql/history"

    private static func asked(_ query: String) async throws -> (range: Range<Timestamp>, count: Int)? {
        let found = Box<(range: Range<Timestamp>, count: Int)>()
        let node = Fixtures.node { verbs in
            verbs.points = { _, range, count in
                found.value = (range, count)
                return HistoryPoints(Past(), over: range, count: count)
            }
        }
        try await TestServer.with(node) { server in
            let answer = try await server.ask("GET", path + query)
            #expect(answer.status == 200)
        }
        return found.value
    }

    @Test("is of the last 24 hours in 96 points, unless it is asked for otherwise")
    func defaults() async throws {
        let day: Duration = .seconds(86_400)
        let now = Fixtures.start
        let noon = Timestamp(microseconds: 1_795_176_000_000_000)
        let table: [(query: String, range: Range<Timestamp>, count: Int)] = [
            ("", now - day..<now, 96), ("?points=500", now - day..<now, 500),
            ("?to=2026-11-20T12:00:00Z", noon - day..<noon, 96),
            ("?from=2026-11-20T12:00:00Z", noon..<now, 96),
            (
                "?from=2026-11-20T11:00:00Z&to=2026-11-20T13:00:00%2B01:00&points=1",
                noon - .seconds(3_600)..<noon, 1
            ),
            ("?from=2026-11-20T12:00:00Z&to=2099-01-01T00:00:00Z", noon..<now, 96),
        ]
        for row in table {
            let asked = try #require(try await Self.asked(row.query))
            #expect(asked == (row.range, row.count), "\(row.query)")
        }
    }

    @Test(
        "refuses points that are no whole number from 1 to 500, and ranges that are none",
        arguments: [
            ("points=0", "bad_points"), ("points=501", "bad_points"), ("points=-1", "bad_points"),
            ("points=", "bad_points"), ("points=9.5", "bad_points"),
            ("points=99999999999999999999", "bad_points"), ("from=yesterday", "bad_range"),
            ("from=", "bad_range"), ("to=1795176000", "bad_range"),
            ("from=2099-01-01T00:00:00Z", "bad_range"),
            ("from=2026-11-20T12:00:00Z&to=2026-11-20T12:00:00Z", "bad_range"),
            ("from=2026-11-20T12:00:00Z&to=2026-11-20T11:00:00Z", "bad_range"),
            ("from=2016-01-01T00:00:00Z", "bad_range"), ("from=0000-01-01T00:00:00Z", "bad_range"),
            ("to=0000-01-01T00:00:00-23:59", ""), ("from=%ff", "bad_request"),
        ])
    func refused(_ query: String, _ code: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let answer = try await server.ask("GET", "\(Self.path)?\(query)")
            #expect(answer.status == (code.isEmpty ? 200 : 400))
            #expect(try answer.problemCode ?? "" == code)
        }
    }

    @Test("shows each point with its counts and latencies, a gap as one, and uptime as a ratio")
    func points() async throws {
        let node = Fixtures.node { verbs in
            verbs.points = { _, range, count in
                var past = Past()
                past.samples = [(Outcome.pass, 2), (.warn, 4), (.fail, 900), (.inconclusive, 800)].map {
                    Sample(at: range.lowerBound, outcome: $0, latency: .milliseconds($1))
                }
                past.misses = [
                    Miss(
                        of: HealthCheckID("a.sql"), from: range.lowerBound + .seconds(30),
                        to: range.lowerBound + .seconds(39), count: 4, reason: .backoff)
                ]
                return HistoryPoints(past, over: range, count: count)
            }
            verbs.uptime = { _ in [.day: 0.9, .week: 1] }
        }
        try await TestServer.with(node) { server in
            let from = "2026-11-20T12:00:00.000Z"
            let history = try await server.ask(
                "GET", "\(Self.path)?from=\(from)&to=2026-11-20T12:01:00Z&points=3"
            ).json
            #expect(history["from"] as? String == from)
            #expect(history["to"] as? String == "2026-11-20T12:01:00.000Z")
            let uptime = try #require(history["uptime_ratio"] as? [String: Any])
            #expect(uptime["24h"] as? Double == 0.9)
            #expect(uptime["7d"] as? Double == 1)
            #expect(uptime.keys.contains("30d") && uptime["30d"] is Double == false)
            let points = try #require(history["points"] as? [[String: Any]])
            #expect(points.map { $0["at"] as? String } == [10, 30, 50].map { "2026-11-20T12:00:\($0).000Z" })
            let counts = points.map { $0["counts"] as? [String: Int] }
            #expect(counts[0] == ["pass": 1, "warn": 1, "fail": 1, "inconclusive": 1, "missed": 0])
            #expect(counts[1]?["missed"] == 4)
            #expect(counts[2]?.values.allSatisfy { $0 == 0 } == true)
            let latency = try #require(points[0]["latency_ms"] as? [String: Double])
            #expect(latency["min"] == 2 && latency["max"] == 4)
            #expect(abs((latency["median"] ?? 0) - 2) < 0.008)
            #expect(abs((latency["p95"] ?? 0) - 4) < 0.016)
            #expect(points[1]["latency_ms"] is [String: Any] == false)
        }
    }

    @Test(
        "of episodes and transitions is paged by cursor, newest first",
        arguments: ["episodes", "transitions"])
    func pages(_ list: String) async throws {
        let node = Fixtures.node { verbs in
            verbs.episodes = { query in
                let all = Fixtures.episodes.filter { episode in
                    query.after.map { episode.place.follows($0) } ?? true
                }
                return Array(all.prefix(query.limit))
            }
            verbs.transitions = { query in
                let all = Fixtures.transitions.filter { transition in
                    query.after.map { transition.place.follows($0) } ?? true
                }
                return Array(all.prefix(query.limit))
            }
        }
        try await TestServer.with(node) { server in
            for limit in [1, 2, 5, 1_000] {
                var found: [String] = []
                var next: String? = ""
                while let cursor = next {
                    let page = try await server.ask(
                        "GET", "/api/v1/\(list)?limit=\(limit)" + (cursor.isEmpty ? "" : "&cursor=\(cursor)")
                    ).json
                    found += try #require(page["items"] as? [[String: Any]]).compactMap {
                        ($0["opened_at"] ?? $0["at"]) as? String
                    }
                    next = page["next_cursor"] as? String
                }
                #expect(found == (1...5).map { (Fixtures.start - .seconds($0 * 100)).iso8601 }, "\(limit)")
            }
        }
    }

    @Test("of episodes and transitions asks for what the query names")
    func filters() async throws {
        let episodes = Box<PastEpisode.Query>()
        let transitions = Box<PastTransition.Query>()
        let node = Fixtures.node { verbs in
            verbs.episodes = {
                episodes.value = $0
                return []
            }
            verbs.transitions = {
                transitions.value = $0
                return []
            }
        }
        let id = HealthCheckID("a.sql")
        try await TestServer.with(node) { server in
            _ = try await server.ask("GET", "/api/v1/episodes?health_check=a.sql&open=true&limit=7")
            #expect(episodes.value == PastEpisode.Query(of: id, isOpen: true, limit: 8))
            _ = try await server.ask("GET", "/api/v1/episodes?open=false")
            #expect(episodes.value == PastEpisode.Query(isOpen: false, limit: 101))
            _ = try await server.ask("GET", "/api/v1/transitions?health_check=a.sql")
            #expect(transitions.value == PastTransition.Query(of: id, limit: 101))
            let answer = try await server.ask("GET", "/api/v1/episodes?open=1")
            #expect(try answer.problemCode == "bad_request")
        }
    }

    @Test(
        "out of a store that fails is 503",
        arguments: ["health-checks/a.sql/history", "episodes", "transitions"])
    func storeFails(_ path: String) async throws {
        struct Broken: Error {}
        let node = Fixtures.node { verbs in
            verbs.points = { _, _, _ in throw Broken() }
            verbs.episodes = { _ in throw Broken() }
            verbs.transitions = { _ in throw Broken() }
        }
        try await TestServer.with(node) { server in
            let answer = try await server.ask("GET", "/api/v1/\(path)")
            #expect(answer.status == 503)
            #expect(try answer.problemCode == "store_unavailable")
        }
    }
}
