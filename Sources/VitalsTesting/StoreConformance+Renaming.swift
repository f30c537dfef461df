import VitalsCore
import VitalsEngine

extension StoreConformance {
    private static let ledger = Fixture.healthCheck("ledger", "sql")
    private static let ops = ChannelID("ops")

    static let renaming: [StoreConformance] = [
        StoreConformance("a health check that is called otherwise has all that it had") { store in
            try await fill(store)
            let before = try await store.load()
            var batch = Batch()
            batch.renamed = [sql.id: ledger.id]
            try await store.record(batch)
            let after = try await store.load()
            try expect(after.healthChecks[sql.id], is: nil, "the old name")
            try expect(
                after.healthChecks[ledger.id]?.evaluation, is: before.healthChecks[sql.id]?.evaluation,
                "evaluation")
            try expect(after.healthChecks[ledger.id]?.lastRun?.healthCheck, is: ledger.id, "last run")
            try expect(after.pages.map(\.healthCheck), is: [ledger.id], "pages")
            try expect(after.cooldowns, is: [PageKey(ledger.id, ops): at(11)], "cooldowns")
            try expect(after.notifications.map(\.notification.healthCheck), is: [ledger.id], "notifications")
            try expect(after.newest, is: before.newest, "newest instant")
            try expect(await store.history(of: sql.id, before: nil, limit: 10), is: [], "old history")
            try expect(await store.history(of: ledger.id, before: nil, limit: 10).count, is: 2, "history")
            let deliveries = try await store.deliveries(after: 0, limit: 10)
            try expect(deliveries.map(\.healthCheck), is: [ledger.id], "deliveries")
            let episodes = try await store.episodes(PastEpisode.Query(of: ledger.id, limit: 10))
            try expect(episodes.map(\.opened.id), is: [EpisodeID("E1")], "episodes")
        },
        StoreConformance("renamed in the batch that registers it and goes on with it") { store in
            try await fill(store)
            var batch = Batch()
            batch.renamed = [sql.id: ledger.id]
            batch.registered = [Registration(of: ledger, at: at(20))]
            batch.runs = [Fixture.pass(of: ledger.id, at: at(30))]
            batch.evaluations[ledger.id] = evaluation(.healthy, since: at(30), nil)
            batch.endedEpisodes = [EndedEpisode(id: EpisodeID("E1"), at: at(30), reason: .recovered)]
            try await store.record(batch)
            let known = try await store.load().healthChecks[ledger.id]
            try expect(known?.evaluation.state, is: .healthy, "state")
            try expect(known?.registeredAt, is: at(20), "registration")
            try expect(await store.history(of: ledger.id, before: nil, limit: 10).count, is: 3, "history")
        },
        StoreConformance("renamed twice is once, and a batch that fails renames nothing") { store in
            try await fill(store)
            var batch = Batch()
            batch.renamed = [sql.id: ledger.id]
            batch.removed = [HealthCheckID("never.registered")]
            try await expectFailure("an unknown health check") { try await store.record(batch) }
            try expect(await store.load().healthChecks[ledger.id], is: nil, "the new name")
            batch.removed = []
            try await store.record(batch)
            let once = try await store.load()
            try await store.record(batch)
            try expect(await store.load(), is: once, "state")
        },
        StoreConformance("a removed one of that name leaves its episodes and nothing else") { store in
            try await fill(store)
            var batch = Batch()
            batch.registered = [Registration(of: ledger, at: at(0))]
            batch.runs = [Fixture.pass(of: ledger.id, at: at(5)), Fixture.pass(of: ledger.id, at: at(10))]
            batch.openedEpisodes = [OpenedEpisode(id: EpisodeID("E0"), healthCheck: ledger.id, at: at(5))]
            batch.endedEpisodes = [EndedEpisode(id: EpisodeID("E0"), at: at(6), reason: .removed)]
            try await store.record(batch)
            batch = Batch()
            batch.removed = [ledger.id]
            try await store.record(batch)
            batch = Batch()
            batch.renamed = [sql.id: ledger.id]
            try await store.record(batch)
            try expect(await store.history(of: ledger.id, before: nil, limit: 10).count, is: 2, "history")
            let episodes = try await store.episodes(PastEpisode.Query(of: ledger.id, limit: 10))
            try expect(episodes.map(\.opened.id), is: [EpisodeID("E1"), EpisodeID("E0")], "episodes")
        },
        StoreConformance("one that is known keeps its name against another's") { store in
            try await fill(store)
            let before = try await store.load()
            var batch = Batch()
            batch.renamed = [sql.id: port.id, HealthCheckID("never.registered"): ledger.id]
            try await store.record(batch)
            try expect(await store.load(), is: before, "state")
        },
    ]

    private static func evaluation(
        _ state: State, since: Timestamp, _ episode: EpisodeID?
    ) -> Evaluation {
        Evaluation(
            state: state, since: since, isStale: false, failures: 3, successes: 0, nonPasses: 3,
            hasWarn: false, hasPassed: true, authFailures: 0, episode: episode)
    }

    /// `sql` with a bit of everything.
    private static func fill(_ store: any Store) async throws {
        try await register(in: store)
        var batch = Batch()
        batch.runs = [Fixture.pass(of: sql.id, at: at(10))]
        batch.misses = [Miss(of: sql.id, from: at(8), to: at(9), count: 2, reason: .late)]
        batch.evaluations[sql.id] = evaluation(.unhealthy, since: at(10), EpisodeID("E1"))
        batch.transitions = [Transition(sql.id, from: .unknown, to: .unhealthy, at: at(10))]
        batch.openedEpisodes = [OpenedEpisode(id: EpisodeID("E1"), healthCheck: sql.id, at: at(10))]
        batch.pages = [PageKey(sql.id, ops): Page(episode: EpisodeID("E1"), tellsRecovery: true)]
        batch.cooldowns = [PageKey(sql.id, ops): at(11)]
        batch.notifications = [
            Notification(
                id: NotificationID("N1"), channel: ops, kind: .down, at: at(10), createdAt: at(10),
                episode: EpisodeID("E1"), healthCheck: sql.id, body: "{}")
        ]
        try await store.record(batch)
    }
}
