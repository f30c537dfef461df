import Testing
import VitalsCore
import VitalsEngine

@Suite("Lists")
struct ListTests {
    private static let lists = [
        "systems", "health-checks", "episodes", "transitions", "deliveries", "health-checks/a.sql/runs",
    ]

    @Test("are paged by cursor, by id, and end with null", arguments: ["systems", "health-checks"])
    func pages(_ list: String) async throws {
        let names = (1...7).map { "s\($0)" }
        try await TestServer.with(Fixtures.node(names)) { server in
            var found: [String] = []
            var next: String? = ""
            while let cursor = next {
                let answer = try await server.ask(
                    "GET", "/api/v1/\(list)?limit=3" + (cursor.isEmpty ? "" : "&cursor=\(cursor)"))
                let page = try answer.json
                let items = try #require(page["items"] as? [[String: Any]])
                #expect(items.count <= 3)
                found += items.compactMap { $0["id"] as? String }
                next = page["next_cursor"] as? String
            }
            #expect(found == (list == "systems" ? names : names.map { "\($0).sql" }))
        }
    }

    @Test("that end exactly at the limit give no cursor")
    func exactEnd() async throws {
        try await TestServer.with(Fixtures.node(["a", "b"])) { server in
            let page = try await server.ask("GET", "/api/v1/systems?limit=2").json
            #expect((page["items"] as? [Any])?.count == 2)
            #expect(page["next_cursor"] is String == false)
            #expect(page.keys.contains("next_cursor"))
        }
    }

    @Test(
        "refuse a limit that is not a whole number from 1 to 1000",
        arguments: ["0", "1001", "-1", "+5", "ten", "", "1.5", "99999999999999999999", "%31%30%30%31"])
    func badLimit(_ limit: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            for list in Self.lists {
                let answer = try await server.ask("GET", "/api/v1/\(list)?limit=\(limit)")
                #expect(answer.status == 400)
                #expect(try answer.problemCode == "bad_limit")
            }
        }
    }

    @Test("refuse a cursor that they have not given out", arguments: ["", "zz", "61", "613a", "ffff", "646"])
    func badCursor(_ cursor: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            for list in Self.lists {
                let answer = try await server.ask("GET", "/api/v1/\(list)?cursor=\(cursor)")
                #expect(answer.status == 400)
                #expect(try answer.problemCode == "bad_cursor")
            }
        }
    }

    @Test("refuse the cursor of another list")
    func foreignCursor() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let page = try await server.ask("GET", "/api/v1/systems?limit=1").json
            let cursor = try #require(page["next_cursor"] as? String)
            let answer = try await server.ask("GET", "/api/v1/health-checks?cursor=\(cursor)")
            #expect(try answer.problemCode == "bad_cursor")
        }
    }

    @Test(
        "refuse a query that is not percent-encoded UTF-8",
        arguments: ["limit=%zz", "limit=%f", "cursor=%ff"])
    func badQuery(_ query: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let code = try await server.ask("GET", "/api/v1/systems?\(query)").problemCode
            #expect(code == "bad_request")
        }
    }

    @Test("of runs are newest first, runs mixed with misses, across pages")
    func runs() async throws {
        let id = HealthCheckID("a.sql")
        let items: [HistoryItem] = (0..<5).map { number in
            let at = Fixtures.start - .seconds(Int64(number) * 10)
            return number == 2
                ? .miss(Miss(of: id, from: at, to: at + .seconds(1), count: 2, reason: .notRunning))
                : .run(Fixtures.failedRun(of: id, at: at))
        }
        let node = Fixtures.node { verbs in
            verbs.history = { asked, before, limit in
                guard asked == id else { return [] }
                return Array(items.filter { item in before.map { item.at < $0 } ?? true }.prefix(limit))
            }
        }
        try await TestServer.with(node) { server in
            var kinds: [String] = []
            var next: String? = ""
            while let cursor = next {
                let page = try await server.ask(
                    "GET",
                    "/api/v1/health-checks/a.sql/runs?limit=2" + (cursor.isEmpty ? "" : "&cursor=\(cursor)")
                ).json
                kinds += try #require(page["items"] as? [[String: Any]]).map {
                    $0["missed"] == nil ? "run" : "missed"
                }
                next = page["next_cursor"] as? String
            }
            #expect(kinds == ["run", "run", "missed", "run", "run"])
        }
    }

    @Test("of deliveries are by id, across pages")
    func deliveries() async throws {
        let node = Fixtures.node { verbs in
            verbs.deliveries = { after, limit in
                Array((1...4).map { Fixtures.delivery($0) }.filter { $0.id > after }.prefix(limit))
            }
        }
        try await TestServer.with(node) { server in
            let first = try await server.ask("GET", "/api/v1/deliveries?limit=3").json
            #expect((first["items"] as? [[String: Any]])?.compactMap { $0["id"] as? Int } == [1, 2, 3])
            let cursor = try #require(first["next_cursor"] as? String)
            let second = try await server.ask("GET", "/api/v1/deliveries?limit=3&cursor=\(cursor)").json
            #expect((second["items"] as? [[String: Any]])?.compactMap { $0["id"] as? Int } == [4])
            #expect(second["next_cursor"] is String == false)
        }
    }

    @Test("from a store that fails are 503, and do not say why")
    func storeFails() async throws {
        struct Broken: Error { let path = "/var/lib/vitals/secret.db" }
        let node = Fixtures.node { verbs in
            verbs.history = { _, _, _ in throw Broken() }
            verbs.deliveries = { _, _ in throw Broken() }
        }
        try await TestServer.with(node) { server in
            for path in ["deliveries", "health-checks/a.sql/runs"] {
                let answer = try await server.ask("GET", "/api/v1/\(path)")
                #expect(answer.status == 503)
                #expect(try answer.problemCode == "store_unavailable")
                #expect(!answer.text.contains("secret.db"))
            }
        }
    }
}
