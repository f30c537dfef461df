import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let lists: [StoreConformance] = [
        StoreConformance("episodes are listed newest first, of all or one, open or over, page by page") {
            store in
            try await fillEpisodes(store)
            func list(
                of id: HealthCheckID? = nil, isOpen: Bool? = nil, limit: Int = 100
            ) async throws -> [String] {
                var found: [PastEpisode] = []
                while found.count < 100 {
                    let page = try await store.episodes(
                        PastEpisode.Query(of: id, isOpen: isOpen, after: found.last?.place, limit: limit))
                    found += page
                    guard page.count == limit else { break }
                }
                return found.map(\.opened.id.text)
            }
            let all = ["E4", "E2", "E3", "E5", "E1"]
            for limit in [1, 2, 5, 100] { try expect(await list(limit: limit), is: all, "pages of \(limit)") }
            try expect(await list(of: sql.id, limit: 1), is: ["E4", "E2", "E1"], "one's")
            try expect(await list(isOpen: true, limit: 1), is: ["E4", "E5"], "open")
            try expect(await list(isOpen: false, limit: 2), is: ["E2", "E3", "E1"], "over")
            try expect(await list(of: port.id, isOpen: true), is: ["E5"], "one's that are open")
            try expect(await list(of: HealthCheckID("no.one")), is: [], "of one that is not known")
        },
        StoreConformance("an episode has its end and what opened it, as long as that run is kept") { store in
            try await register(in: store)
            let run = Fixture.fail(of: sql.id, at: at(10), message: "refused by db1")
            try await record([run], evidence: [run], in: store)
            var batch = Batch()
            let opened = OpenedEpisode(id: EpisodeID("E1"), healthCheck: sql.id, at: at(10))
            batch.openedEpisodes = [opened]
            try await store.record(batch)
            let query = PastEpisode.Query(limit: 10)
            try expect(
                await store.episodes(query),
                is: [PastEpisode(opened, ended: nil, fault: run.result.fault)], "while it lasts")
            batch = Batch()
            let ended = EndedEpisode(id: EpisodeID("E1"), at: at(100), reason: .recovered)
            batch.endedEpisodes = [ended]
            try await store.record(batch)
            _ = try await store.prune(before: at(50), limit: 100)
            try expect(
                await store.episodes(query), is: [PastEpisode(opened, ended: ended, fault: nil)], "in the end"
            )
        },
        StoreConformance("transitions are listed newest first, with what caused them, page by page") {
            store in
            try await register(in: store)
            let run = Fixture.fail(of: port.id, at: at(20), message: "refused by db1")
            try await record([run, Fixture.pass(of: sql.id, at: at(10))], evidence: [run], in: store)
            var batch = Batch()
            let transitions = [
                Transition(sql.id, from: .unknown, to: .healthy, at: at(10)),
                Transition(port.id, from: .unknown, to: .unhealthy, at: at(20)),
                Transition(sql.id, from: .healthy, to: .unknown, at: at(20)),
                Transition(port.id, from: .unhealthy, to: .unknown, at: at(30)),
                Transition(port.id, from: .unknown, to: .healthy, at: at(30)),
            ]
            batch.transitions = transitions
            try await store.record(batch)
            let all = [4, 3, 1, 2, 0].map { index in
                PastTransition(transitions[index], fault: index == 1 ? run.result.fault : nil)
            }
            for (id, expected) in [
                (nil, all), (sql.id, all.filter { $0.transition.healthCheck == sql.id }),
                (HealthCheckID("no.one"), []),
            ] {
                for limit in [1, 2, 5, 100] {
                    var found: [PastTransition] = []
                    while found.count < 100 {
                        let page = try await store.transitions(
                            PastTransition.Query(of: id, after: found.last?.place, limit: limit))
                        found += page
                        guard page.count == limit else { break }
                    }
                    try expect(found, is: expected, "pages of \(limit)")
                }
            }
        },
    ]

    /// E1 to E5, opened at 10, 20, 20, 30 and 20 s; E4 and E5 last, E3 and E5 are another health check's.
    private static func fillEpisodes(_ store: any Store) async throws {
        try await register(in: store)
        var batch = Batch()
        batch.openedEpisodes = [
            (1, sql, 10), (2, sql, 20), (3, port, 20), (4, sql, 30), (5, port, 20),
        ].map { OpenedEpisode(id: EpisodeID("E\($0)"), healthCheck: $1.id, at: at($2)) }
        batch.endedEpisodes = (1...3).map {
            EndedEpisode(id: EpisodeID("E\($0)"), at: at(40), reason: .recovered)
        }
        try await store.record(batch)
    }
}
