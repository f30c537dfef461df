import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let registering: [StoreConformance] = [
        StoreConformance("an empty store knows nothing") { store in
            try expect(await store.load(), is: StoredState(), "state")
            try expect(await store.history(of: sql.id, before: nil, limit: 10), is: [], "history")
            try expect(await store.deliveries(after: 0, limit: 10), is: [], "deliveries")
            try expect(await store.lastPrune(), is: nil, "last prune")
            try expect(await store.extent().oldestRun, is: nil, "oldest run")
        },
        StoreConformance("a registered health check begins from unknown") { store in
            try await register(in: store)
            let known = try await store.load().healthChecks
            try expect(known.count, is: 2, "health checks")
            try expect(
                known[sql.id],
                is: StoredHealthCheck(
                    evaluation: Evaluation(), revision: sql.revision, interval: sql.policy.interval,
                    isEnabled: true, registeredAt: at(0), lastRun: nil, lastSlot: nil, lastMiss: nil),
                "health check")
            try expect(await store.load().newest, is: at(0), "newest instant")
        },
        StoreConformance("registered again, a health check keeps what is believed of it") { store in
            try await register(in: store)
            var batch = Batch()
            batch.evaluations[sql.id] = wholeEvaluation
            try await store.record(batch)
            let other = Fixture.healthCheck(
                "orders-db", "sql", interval: .milliseconds(1_500), isEnabled: false, revision: "0b")
            batch = Batch()
            batch.registered = [Registration(of: other, at: at(7))]
            try await store.record(batch)
            try expect(
                await store.load().healthChecks[sql.id],
                is: StoredHealthCheck(
                    evaluation: wholeEvaluation, revision: Revision("0b"), interval: .milliseconds(1_500),
                    isEnabled: false, registeredAt: at(7), lastRun: nil, lastSlot: nil, lastMiss: nil),
                "health check")
        },
        StoreConformance("what a server calls itself is known until it is forgotten") { store in
            try await register(in: store)
            for identifier in ["7412345678901234567", "1", nil, "2"] {
                var batch = Batch()
                batch.serverIdentifiers[sql.id] = .some(identifier)
                try await store.record(batch)
                let known = try await store.load().healthChecks
                try expect(known[sql.id]?.serverIdentifier, is: identifier, "identifier")
                try expect(known[port.id]?.serverIdentifier, is: nil, "of another")
            }
            try await remove(sql.id, from: store)
            try await register(in: store)
            let known = try await store.load().healthChecks[sql.id]
            try expect(known?.serverIdentifier, is: nil, "identifier of one that came back")
        },
        StoreConformance("a removed health check is not known, but its history is") { store in
            try await register(in: store)
            try await record([Fixture.pass(of: sql.id, at: at(10))], in: store)
            try await remove(sql.id, from: store)
            let state = try await store.load()
            try expect(state.healthChecks.keys.map(\.self), is: [port.id], "health checks")
            try expect(state.newest, is: at(10), "newest instant")
            try expect(await store.history(of: sql.id, before: nil, limit: 10).count, is: 1, "history")
        },
        StoreConformance("a health check that comes back is new and has its history") { store in
            try await register(in: store)
            var batch = Batch()
            batch.runs = [Fixture.pass(of: sql.id, at: at(10))]
            batch.evaluations[sql.id] = wholeEvaluation
            try await store.record(batch)
            try await remove(sql.id, from: store)
            try await register(in: store)
            let known = try await store.load().healthChecks[sql.id]
            try expect(known?.evaluation, is: Evaluation(), "evaluation")
            try expect(await store.history(of: sql.id, before: nil, limit: 10).count, is: 1, "history")
        },
        StoreConformance("a batch that cannot be recorded leaves nothing behind") { store in
            try await register(in: store)
            var batch = Batch()
            batch.registered = [Registration(of: Fixture.healthCheck("new", "sql"), at: at(0))]
            batch.runs = [
                Fixture.pass(of: sql.id, at: at(10)),
                Fixture.pass(of: HealthCheckID("never.registered"), at: at(10)),
            ]
            batch.evaluations[sql.id] = wholeEvaluation
            let before = try await store.load()
            try await expectFailure("a run of an unknown health check") { try await store.record(batch) }
            try expect(await store.load(), is: before, "state")
            batch.runs.removeLast()
            try await store.record(batch)
            try expect(await store.load().healthChecks.count, is: 3, "health checks")
        },
        StoreConformance("a reader sees all of a batch or nothing of it") { store in
            try await register(in: store)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for second in 1...50 {
                        let at = at(Int64(second))
                        try await record([sql, port].map { Fixture.pass(of: $0.id, at: at) }, in: store)
                    }
                }
                group.addTask {
                    for _ in 0..<50 {
                        let known = try await store.load().healthChecks
                        try expect(
                            known[sql.id]?.lastRun?.at, is: known[port.id]?.lastRun?.at, "last runs")
                    }
                }
                try await group.waitForAll()
            }
        },
        StoreConformance("pages are as they were last written, and gone when closed") { store in
            try await register(in: store)
            let page = Page(episode: EpisodeID("E1"), tellsRecovery: true)
            let told = Page(episode: EpisodeID("E1"), tellsRecovery: false, told: .down)
            let ops = PageKey(sql.id, ChannelID("ops"))
            let mail = PageKey(sql.id, ChannelID("mail"))
            var batch = Batch()
            batch.pages = [ops: page, mail: page]
            try await store.record(batch)
            batch.pages = [ops: told, mail: Page?.none]
            try await store.record(batch)
            try expect(
                await store.load().pages,
                is: [StoredPage(healthCheck: sql.id, channel: ChannelID("ops"), page: told)], "pages")
        },
        StoreConformance(
            "from when a cooldown counts is as it was last written, and is forgotten when told to"
        ) {
            store in
            try await register(in: store)
            let ops = PageKey(sql.id, ChannelID("ops"))
            let mail = PageKey(sql.id, ChannelID("mail"))
            var batch = Batch()
            batch.cooldowns = [ops: at(10), mail: at(11)]
            try await store.record(batch)
            try expect(await store.load().cooldowns, is: [ops: at(10), mail: at(11)], "cooldowns")
            batch.cooldowns = [ops: at(20), mail: Timestamp?.none]
            try await store.record(batch)
            try expect(await store.load().cooldowns, is: [ops: at(20)], "cooldowns")
            batch.cooldowns = [PageKey(HealthCheckID("never.registered"), ChannelID("ops")): at(30)]
            try await expectFailure("a cooldown of an unknown health check") { try await store.record(batch) }
        },
    ]

    private static let wholeEvaluation = Evaluation(
        state: .degraded, since: at(7), isStale: true, failures: 1, successes: 2, nonPasses: 3,
        hasWarn: true, hasPassed: true, authFailures: 4, recent: RecentRuns("PFWPFP") ?? RecentRuns(),
        episode: EpisodeID("E1"))

    private static func remove(_ id: HealthCheckID, from store: any Store) async throws {
        var batch = Batch()
        batch.removed = [id]
        try await store.record(batch)
    }
}
