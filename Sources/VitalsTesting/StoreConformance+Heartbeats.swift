import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let heartbeats: [StoreConformance] = [
        StoreConformance("what was heard of a heartbeat comes back, whatever it was") { store in
            try await register(in: store)
            try expect(await store.load().healthChecks[sql.id]?.heartbeat, is: nil, "before the first ping")
            var heartbeat = Heartbeat(listeningSince: Timestamp(microseconds: 0))
            for (index, ping) in everyPing.enumerated() {
                heartbeat.apply(ping, at: at(Int64(index)))
                var batch = Batch()
                batch.heartbeats[sql.id] = heartbeat
                try await store.record(batch)
                try expect(
                    await store.load().healthChecks[sql.id]?.heartbeat, is: heartbeat, "after \(ping)")
            }
            try expect(await store.load().healthChecks[port.id]?.heartbeat, is: nil, "another")
        },
        StoreConformance("pings come back newest first, each once, and count as the newest instant") {
            store in
            try await register(in: store)
            let heard = everyPing.enumerated().map { ping($1, at: Int64($0) + 1) }
            for _ in 1...2 { try await record(heard, in: store) }
            let newest = Array(heard.reversed())
            try expect(await store.pings(of: sql.id, before: nil, limit: 100), is: newest, "all")
            try expect(
                await store.pings(of: sql.id, before: nil, limit: 2), is: [newest[0], newest[1]], "two")
            try expect(
                await store.pings(of: sql.id, before: newest[2].at, limit: 1), is: [newest[3]], "the next")
            try expect(await store.pings(of: port.id, before: nil, limit: 9), is: [], "of another")
            try expect(await store.load().newest, is: newest[0].at, "newest")
        },
        StoreConformance("removing a heartbeat forgets what was heard, and keeps the pings") { store in
            try await register(in: store)
            var batch = Batch()
            batch.heartbeats[sql.id] = Heartbeat(
                starts: [], lastEnd: nil, lastHeard: at(1), listeningSince: Timestamp(microseconds: 0))
            batch.pings = [ping(Ping(.log), at: 1)]
            try await store.record(batch)
            batch = Batch()
            batch.removed = [sql.id]
            try await store.record(batch)
            try await register(in: store)
            try expect(await store.load().healthChecks[sql.id]?.heartbeat, is: nil, "heartbeat")
            try expect(await store.pings(of: sql.id, before: nil, limit: 9).count, is: 1, "pings")
        },
        StoreConformance("pings are pruned with the runs") { store in
            try await register(in: store)
            try await record((1...10).map { ping(Ping(.success), at: $0) }, in: store)
            try expect(await store.prune(before: at(4), limit: 2), is: 2, "rows")
            try expect(await store.prune(before: at(4), limit: 9), is: 1, "rows, again")
            try expect(
                await store.pings(of: sql.id, before: nil, limit: 9).map(\.at),
                is: (4...10).reversed().prefix(9).map { at(Int64($0)) }, "pings")
        },
        StoreConformance("a ping is recorded with its batch, or neither is") { store in
            try await expectFailure("an unknown health check") {
                try await record([ping(Ping(.success), at: 1)], in: store)
            }
        },
    ]

    private static let everyPing = [
        Ping(.start), Ping(.success, duration: .microseconds(1_234_567)),
        Ping(.start, run: "5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c11"), Ping(.failure(status: nil)),
        Ping(.log, run: "r"), Ping(.failure(status: 255), run: "ü"), Ping(.start, run: ""), Ping(.success),
    ]

    private static func ping(_ ping: Ping, at seconds: Int64) -> HeardPing {
        HeardPing(
            of: sql.id, at: at(seconds), ping, dialect: seconds.isMultiple(of: 2) ? .gatus : .kuma,
            client: "2001:db8::1", agent: "curl/8", body: "disk \u{0} full\n\(seconds) ü")
    }

    private static func record(_ pings: [HeardPing], in store: any Store) async throws {
        var batch = Batch()
        batch.pings = pings
        try await store.record(batch)
    }
}
