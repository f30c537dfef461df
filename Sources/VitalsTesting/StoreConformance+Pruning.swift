import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let pruning: [StoreConformance] = [
        StoreConformance("what is old goes and what is young stays") { store in
            try await register(in: store)
            for id in [sql.id, port.id] {
                try await record((1...10).map { Fixture.pass(of: id, at: at($0 * 10)) }, in: store)
                try await record(
                    [
                        Miss(of: id, from: at(41), to: at(42), count: 2, reason: .late),
                        Miss(of: id, from: at(43), to: at(61), count: 2, reason: .late),
                    ], in: store)
            }
            try expect(await store.prune(before: at(50), limit: 2_000), is: 10, "rows")
            for id in [sql.id, port.id] {
                try expect(
                    await store.history(of: id, before: nil, limit: 100).map(\.at),
                    is: [100, 90, 80, 70, 60, 50, 43].map { at($0) }, "history of \(id)")
            }
            try expect(await store.extent().oldestRun, is: at(50), "oldest run")
            try expect(await store.prune(before: at(50), limit: 2_000), is: 0, "rows, again")
        },
        StoreConformance("a prune removes at most as many rows as it may, until nothing is left") { store in
            try await register(in: store)
            for id in [sql.id, port.id] {
                try await record((1...10).map { Fixture.pass(of: id, at: at($0)) }, in: store)
            }
            try await add((1...3).map { notification("N\($0)") }, to: store)
            for number in 1...3 { try await cancel(NotificationID("N\(number)"), in: store) }
            var counts: [Int] = []
            while counts.last ?? 7 == 7, counts.count < 10 {
                counts.append(try await store.prune(before: at(1_000), limit: 7))
            }
            try expect(counts, is: [7, 7, 7, 5], "rows, prune by prune")
            try expect(await store.extent().oldestRun, is: nil, "oldest run")
            try expect(await store.deliveries(after: 0, limit: 10), is: [], "deliveries")
        },
        StoreConformance("what is still to be told stays, however old") { store in
            try await register(in: store)
            let page = Page(episode: EpisodeID("E1"), tellsRecovery: true, told: .down)
            var batch = Batch()
            batch.openedEpisodes = [OpenedEpisode(id: EpisodeID("E1"), healthCheck: sql.id, at: at(10))]
            batch.pages = [PageKey(sql.id, ChannelID("ops")): page]
            batch.notifications = [notification("N1"), notification("N2")]
            batch.cancelled = [NotificationID("N1")]
            try await store.record(batch)
            let before = try await store.load()
            try expect(await store.prune(before: at(1_000), limit: 100), is: 2, "rows")
            try expect(await store.load(), is: before, "state")
            try expect(
                await store.deliveries(after: 0, limit: 10).map(\.notification.text), is: ["N2"],
                "deliveries")
        },
        StoreConformance("an episode goes once it is over, old, and nobody is still to be told of it") {
            store in
            try await register(in: store)
            var batch = Batch()
            let ids = (1...4).map { EpisodeID("E\($0)") }
            batch.openedEpisodes = ids.map { OpenedEpisode(id: $0, healthCheck: sql.id, at: at(10)) }
            batch.endedEpisodes = zip(ids, [20, 200, 20]).map {
                EndedEpisode(id: $0, at: at($1), reason: .recovered)
            }
            batch.pages = [PageKey(sql.id, ChannelID("ops")): Page(episode: ids[2], tellsRecovery: true)]
            try await store.record(batch)
            try expect(await store.prune(before: at(100), limit: 100), is: 1, "rows: E1")
            try expect(await store.prune(before: at(1_000), limit: 100), is: 1, "rows: E2")
            batch = Batch()
            batch.pages = [PageKey(sql.id, ChannelID("ops")): Page?.none]
            try await store.record(batch)
            try expect(await store.prune(before: at(1_000), limit: 100), is: 1, "rows: E3; E4 is not over")
        },
        StoreConformance("a notification that ended lately keeps its deliveries") { store in
            try await register(in: store)
            try await add([notification("N1", at: at(100))], to: store)
            try await cancel(NotificationID("N1"), in: store)
            try expect(await store.prune(before: at(50), limit: 100), is: 0, "rows")
            try expect(await store.deliveries(after: 0, limit: 10).count, is: 1, "deliveries")
        },
        StoreConformance("an outage that lasts longer than its history keeps its message") { store in
            try await register(in: store)
            let runs = (1...10).map { Fixture.fail(of: sql.id, at: at($0), message: "refused by db1") }
            try await record(runs, evidence: [runs[0]], in: store)
            try expect(await store.prune(before: at(5), limit: 100), is: 4, "rows")
            try expect(
                await store.history(of: sql.id, before: nil, limit: 100),
                is: runs[4...].reversed().map { .run($0) }, "history")
            try expect(await store.prune(before: at(1_000), limit: 100), is: 7, "rows, evidence too")
        },
        StoreConformance("the belief of a health check outlives its history") { store in
            try await register(in: store)
            var batch = Batch()
            batch.runs = [Fixture.pass(of: sql.id, at: at(10))]
            batch.transitions = [Transition(sql.id, from: .unknown, to: .healthy, at: at(10))]
            batch.evaluations[sql.id] = Evaluation(
                state: .healthy, since: at(10), isStale: false, failures: 0, successes: 1, nonPasses: 0,
                hasWarn: false, hasPassed: true, authFailures: 0, episode: nil)
            try await store.record(batch)
            try expect(await store.prune(before: at(1_000), limit: 100), is: 2, "rows")
            let known = try await store.load().healthChecks[sql.id]
            try expect(known?.evaluation, is: batch.evaluations[sql.id], "evaluation")
            try expect(known?.lastRun, is: nil, "last run")
        },
        StoreConformance("the last prune is remembered") { store in
            try await store.setLastPrune(at(10))
            try await store.setLastPrune(at(20))
            try expect(await store.lastPrune(), is: at(20), "last prune")
        },
    ]
}
