import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let outbox: [StoreConformance] = [
        StoreConformance("a new notification waits for its first attempt") { store in
            try await register(in: store)
            try await add([down, itself], to: store)
            try expect(
                await store.load().notifications,
                is: [down, itself].map {
                    StoredNotification(notification: $0)
                }, "notifications")
            try expect(
                await store.deliveries(after: 0, limit: 10),
                is: [
                    delivery(1, down, .pending, at: down.createdAt, next: down.createdAt),
                    delivery(2, itself, .pending, at: itself.createdAt, next: itself.createdAt),
                ], "deliveries")
        },
        StoreConformance("a claimed notification has been attempted") { store in
            try await register(in: store)
            try await add([down], to: store)
            try await claim(down.id, in: store)
            try expect(
                await store.load().notifications,
                is: [StoredNotification(notification: down, isBegun: true)],
                "notifications")
        },
        StoreConformance("a notification that a cooldown holds back says when it is due, until it is claimed")
        {
            store in
            try await register(in: store)
            try await add([down], to: store)
            var batch = Batch()
            batch.postponed = [down.id: at(310)]
            for _ in 0..<2 {
                try await store.record(batch)
                try expect(
                    await store.load().notifications,
                    is: [StoredNotification(notification: down, nextAttemptAt: at(310))], "notifications")
                try expect(
                    await store.deliveries(after: 0, limit: 10),
                    is: [delivery(1, down, .pending, at: down.createdAt, next: at(310))], "deliveries")
            }
            try await claim(down.id, in: store)
            try await store.record(batch)
            try expect(
                await store.load().notifications,
                is: [StoredNotification(notification: down, isBegun: true)], "notifications")
        },
        StoreConformance("a delivered notification is not to be delivered any more") { store in
            try await register(in: store)
            try await add([down], to: store)
            try await claim(down.id, in: store)
            try await end(1, .delivered(httpStatus: 204), at: at(13), next: nil, in: store)
            try expect(await store.load().notifications, is: [], "notifications")
            try expect(
                await store.deliveries(after: 0, limit: 10),
                is: [delivery(1, down, .delivered, at: at(13), http: 204)], "deliveries")
        },
        StoreConformance("a failed attempt is followed by another, under the same notification") { store in
            try await register(in: store)
            try await add([down], to: store)
            try await claim(down.id, in: store)
            let failed = DeliveryOutcome.failed(httpStatus: 503, message: "answered 503", retryAfter: nil)
            try await end(1, failed, at: at(13), next: at(14), in: store)
            try expect(
                await store.load().notifications,
                is: [
                    StoredNotification(
                        notification: down, isBegun: true, endedAttempts: 1, nextAttemptAt: at(14))
                ],
                "notifications")
            try await end(
                2, .failed(httpStatus: nil, message: "refused", retryAfter: nil), at: at(14),
                next: at(16), in: store)
            try await end(3, .delivered(httpStatus: 200), at: at(17), next: nil, in: store)
            try expect(await store.load().notifications, is: [], "notifications")
            try expect(
                await store.deliveries(after: 0, limit: 10),
                is: [
                    delivery(1, down, .failed, at: at(13), http: 503, "answered 503", next: at(14)),
                    delivery(2, down, .failed, attempt: 2, at: at(14), "refused", next: at(16)),
                    delivery(3, down, .delivered, attempt: 3, at: at(17), http: 200),
                ], "deliveries")
        },
        StoreConformance("the attempt to come shows when it is due") { store in
            try await register(in: store)
            try await add([down], to: store)
            let failed = DeliveryOutcome.failed(httpStatus: nil, message: "timeout", retryAfter: nil)
            try await end(1, failed, at: at(13), next: at(14), in: store)
            try expect(
                await store.deliveries(after: 1, limit: 10),
                is: [delivery(2, down, .pending, attempt: 2, at: at(13), next: at(14))], "deliveries")
        },
        StoreConformance("a refused notification has failed for good") { store in
            try await register(in: store)
            try await add([down], to: store)
            try await end(1, .refused(httpStatus: 410, message: "gone"), at: at(13), next: nil, in: store)
            try expect(await store.load().notifications, is: [], "notifications")
            try expect(
                await store.deliveries(after: 0, limit: 10),
                is: [delivery(1, down, .failed, at: at(13), http: 410, "gone")], "deliveries")
        },
        StoreConformance("a cancelled notification is never to be delivered") { store in
            try await register(in: store)
            try await add([down], to: store)
            try await cancel(down.id, in: store)
            try expect(await store.load().notifications, is: [], "notifications")
            try expect(
                await store.deliveries(after: 0, limit: 10),
                is: [delivery(1, down, .cancelled, at: down.createdAt)], "deliveries")
        },
        StoreConformance("an attempt under way when it was cancelled is told as it ended") { store in
            try await register(in: store)
            try await add([down], to: store)
            try await claim(down.id, in: store)
            try await cancel(down.id, in: store)
            let failed = DeliveryOutcome.failed(httpStatus: 500, message: "answered 500", retryAfter: nil)
            try await end(1, failed, at: at(13), next: at(14), in: store)
            try expect(await store.load().notifications, is: [], "notifications")
            try expect(
                await store.deliveries(after: 0, limit: 10),
                is: [delivery(1, down, .failed, at: at(13), http: 500, "answered 500")], "deliveries")
        },
        StoreConformance("what failed for good is pending again once it is to be retried") { store in
            try await register(in: store)
            try await add([down], to: store)
            try await claim(down.id, in: store)
            try await end(1, .refused(httpStatus: 410, message: "gone"), at: at(13), next: nil, in: store)
            let failed = try await store.notification(down.id)
            try expect(failed?.status, is: .failed, "status")
            try expect(failed?.stored.endedAttempts, is: 1, "attempts")
            for _ in 1...2 { try await retry(down.id, at: at(60), in: store) }
            let again = StoredNotification(
                notification: down, isBegun: true, endedAttempts: 1, nextAttemptAt: at(60))
            try expect(await store.load().notifications, is: [again], "notifications")
            try expect(
                await store.notification(down.id),
                is: KnownNotification(again, status: .pending, isLastWord: true), "notification")
            try await end(2, .delivered(httpStatus: 200), at: at(61), next: nil, in: store)
            try await retry(down.id, at: at(70), in: store)
            try expect(await store.notification(down.id)?.status, is: .delivered, "status")
            try expect(
                await store.deliveries(after: 0, limit: 10),
                is: [
                    delivery(1, down, .failed, at: at(13), http: 410, "gone"),
                    delivery(2, down, .delivered, attempt: 2, at: at(61), http: 200),
                ], "deliveries")
        },
        StoreConformance("what waits for another attempt is due once it is to be retried") { store in
            try await register(in: store)
            try await add([down, itself], to: store)
            try await claim(down.id, in: store)
            let failed = DeliveryOutcome.failed(httpStatus: 503, message: "answered 503", retryAfter: nil)
            try await end(1, failed, at: at(13), next: at(900), in: store)
            for id in [down.id, itself.id] { try await retry(id, at: at(20), in: store) }
            try expect(
                await store.load().notifications,
                is: [
                    StoredNotification(
                        notification: down, isBegun: true, endedAttempts: 1, nextAttemptAt: at(20)),
                    StoredNotification(notification: itself),
                ], "notifications")
            try expect(
                await store.deliveries(after: 1, limit: 10),
                is: [
                    delivery(2, itself, .pending, at: itself.createdAt, next: at(20)),
                    delivery(3, down, .pending, attempt: 2, at: at(13), next: at(20)),
                ], "deliveries")
        },
        StoreConformance("a notification is the last word until another is written down") { store in
            try await register(in: store)
            let later = notification("N3")
            try await add([down, itself], to: store)
            try expect(await store.notification(down.id)?.isLastWord, is: true, "alone")
            try expect(await store.notification(itself.id)?.isLastWord, is: true, "of another subject")
            try await add([later], to: store)
            try expect(await store.notification(down.id)?.isLastWord, is: false, "followed by another")
            try await cancel(later.id, in: store)
            try expect(await store.notification(down.id)?.isLastWord, is: true, "which was withdrawn")
            try expect(await store.notification(later.id)?.status, is: .cancelled, "status")
            try expect(await store.notification(NotificationID("none")), is: nil, "none")
        },
        StoreConformance("the same batch twice is one") { store in
            try await register(in: store)
            let failed = DeliveryOutcome.failed(httpStatus: 500, message: "answered 500", retryAfter: nil)
            let run = Fixture.fail(of: sql.id, at: at(10))
            var batch = Batch()
            batch.registered = [Registration(of: sql, at: at(0))]
            batch.runs = [run]
            batch.evidence = [RunKey(sql.id, run.at)]
            batch.transitions = [Transition(sql.id, from: .healthy, to: .unhealthy, at: at(10))]
            batch.openedEpisodes = [OpenedEpisode(id: EpisodeID("E1"), healthCheck: sql.id, at: at(10))]
            batch.endedEpisodes = [EndedEpisode(id: EpisodeID("E0"), at: at(10), reason: .recovered)]
            batch.misses = [Miss(of: sql.id, from: at(5), to: at(6), count: 2, reason: .late)]
            batch.notifications = [down, itself]
            batch.claimed = [down.id]
            batch.attempts = [
                Attempt(
                    notification: down.id, number: 1, at: at(13), outcome: failed, nextAttemptAt: at(14))
            ]
            batch.cancelled = [itself.id]
            try await store.record(batch)
            let once = try await store.load()
            let deliveries = try await store.deliveries(after: 0, limit: 10)
            try expect(deliveries.map(\.status), is: [.failed, .cancelled, .pending], "deliveries, once")
            try await store.record(batch)
            try expect(await store.load(), is: once, "state")
            try expect(await store.deliveries(after: 0, limit: 10), is: deliveries, "deliveries")
            try expect(await store.history(of: sql.id, before: nil, limit: 10).count, is: 2, "history")
        },
        StoreConformance("deliveries are read page by page, in the order of their ids") { store in
            try await register(in: store)
            try await add((1...7).map { notification("N\($0)") }, to: store)
            let all = try await store.deliveries(after: 0, limit: 1_000)
            try expect(all.map(\.notification.text), is: (1...7).map { "N\($0)" }, "deliveries")
            try expect(await store.deliveries(after: all[2].id, limit: 2), is: Array(all[3...4]), "a page")
        },
    ]

    private static let down = notification("N1")
    private static let itself = Notification(
        id: NotificationID("N2"), channel: ChannelID("ops"), kind: .self, at: at(11), createdAt: at(12),
        episode: nil, healthCheck: nil, body: "{}")

    static func notification(_ id: String, at: Timestamp = at(10)) -> Notification {
        Notification(
            id: NotificationID(id), channel: ChannelID("ops"), kind: .down, at: at,
            createdAt: at + .milliseconds(25), episode: EpisodeID("E1"), healthCheck: sql.id,
            body: #"{"reason":"é"}"#)
    }

    static func add(_ notifications: [Notification], to store: any Store) async throws {
        var batch = Batch()
        batch.notifications = notifications
        try await store.record(batch)
    }

    static func cancel(_ id: NotificationID, in store: any Store) async throws {
        var batch = Batch()
        batch.cancelled = [id]
        try await store.record(batch)
    }

    private static func retry(_ id: NotificationID, at: Timestamp, in store: any Store) async throws {
        var batch = Batch()
        batch.retries = [Retry(of: id, at: at)]
        try await store.record(batch)
    }

    private static func claim(_ id: NotificationID, in store: any Store) async throws {
        var batch = Batch()
        batch.claimed = [id]
        try await store.record(batch)
    }

    private static func end(
        _ number: Int, _ outcome: DeliveryOutcome, at: Timestamp, next: Timestamp?, in store: any Store
    ) async throws {
        var batch = Batch()
        batch.attempts = [
            Attempt(notification: down.id, number: number, at: at, outcome: outcome, nextAttemptAt: next)
        ]
        try await store.record(batch)
    }

    private static func delivery(
        _ id: Int64, _ notification: Notification, _ status: Delivery.Status, attempt: Int = 1,
        at: Timestamp, http: Int? = nil, _ error: String? = nil, next: Timestamp? = nil
    ) -> Delivery {
        Delivery(
            id: id, notification: notification.id, episode: notification.episode, kind: notification.kind,
            healthCheck: notification.healthCheck, channel: notification.channel, attempt: attempt, at: at,
            status: status, httpStatus: http, error: error, nextAttemptAt: next)
    }
}
