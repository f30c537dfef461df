import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let vitals: [StoreConformance] = [
        StoreConformance("the latest of each vital comes back as it was") { store in
            try await register(in: store)
            try expect(await store.load().healthChecks[sql.id]?.vitals, is: KnownVitals(), "before any")
            for known in [everyVital, KnownVitals(Array(everyVital.entries.prefix(1)))] {
                var batch = Batch()
                batch.vitals[sql.id] = known
                try await store.record(batch)
                try expect(await store.load().healthChecks[sql.id]?.vitals, is: known, "latest")
            }
            try expect(await store.load().healthChecks[port.id]?.vitals, is: KnownVitals(), "another")
        },
        StoreConformance("what runs measured comes back ascending, each once, by its name") { store in
            try await register(in: store)
            for _ in 1...2 { try await record(measuring, in: store) }
            let range = at(0)..<at(100)
            let lag = try await store.readings(of: "lag_seconds", sql.id, in: range, limit: 100)
            try expect(
                lag,
                is: [
                    VitalReading(at: at(1), value: 0.25), VitalReading(at: at(2), value: nil),
                    VitalReading(at: at(4), value: -1e300),
                ], "lag")
            try expect(
                await store.readings(of: "lag_seconds", sql.id, in: at(2)..<at(4), limit: 100).map(\.at),
                is: [at(2)], "in a range")
            try expect(
                await store.readings(of: "lag_seconds", sql.id, in: range, limit: 1).map(\.at), is: [at(1)],
                "at most one")
            try expect(
                await store.readings(of: "size_bytes", port.id, in: range, limit: 9), is: [], "another")
        },
        StoreConformance("removing a health check forgets its latest vitals, and keeps what runs measured") {
            store in
            try await register(in: store)
            try await record(measuring, in: store)
            var batch = Batch()
            batch.vitals[sql.id] = everyVital
            try await store.record(batch)
            batch = Batch()
            batch.removed = [sql.id]
            try await store.record(batch)
            try await register(in: store)
            try expect(await store.load().healthChecks[sql.id]?.vitals, is: KnownVitals(), "latest")
            try expect(
                await store.readings(of: "lag_seconds", sql.id, in: at(0)..<at(9), limit: 9).count, is: 3,
                "readings")
        },
        StoreConformance("what runs measured is pruned with them") { store in
            try await register(in: store)
            try await record(measuring, in: store)
            while try await store.prune(before: at(3), limit: 100) > 0 {}
            try expect(
                await store.readings(of: "lag_seconds", sql.id, in: at(0)..<at(9), limit: 9).map(\.at),
                is: [at(4)], "readings")
        },
        StoreConformance("findings are kept with the evidence of their run") { store in
            try await register(in: store)
            var run = Fixture.pass(of: sql.id, at: at(1))
            var result = run.result
            result.fault = Fault(.vital, in: .vitals, code: "a", message: "a is 9, above 8")
            result.findings = [
                Finding(.vital, .critical, "a is 9, above 8"), Finding(.roleMismatch, .warning, "ü"),
            ]
            run = Run(
                of: sql.id, at: at(1), startedAt: at(1), trigger: .scheduled, outcome: .warn, result: result)
            var batch = Batch()
            batch.runs = [run]
            batch.evidence = [RunKey(sql.id, run.at)]
            try await store.record(batch)
            try expect(
                await store.load().healthChecks[sql.id]?.lastRun?.result.findings, is: result.findings,
                "findings")
        },
    ]

    private static let everyVital = KnownVitals([
        KnownVitals.Entry(
            Vital(
                restoring: "a", 90.5, unit: "%", state: .degraded, warn: "80", critical: "95", minimum: 0,
                maximum: 100, reason: nil, detail: "held: 7 by app"),
            triedAt: at(2), measuredAt: at(2), level: .degraded),
        KnownVitals.Entry(
            Vital(
                restoring: "b_total", nil, unit: "c", state: nil, warn: nil, critical: nil, minimum: nil,
                maximum: nil, reason: "permission denied", detail: nil),
            triedAt: at(3), measuredAt: nil, level: nil),
        KnownVitals.Entry(
            Vital(
                restoring: "c", nil, unit: "", state: .unknown, warn: "~:-3", critical: nil, minimum: nil,
                maximum: nil, reason: "x", detail: nil),
            triedAt: at(3), measuredAt: at(1), level: .unhealthy),
    ])

    private static var measuring: [Run] {
        func run(_ second: Int64, _ vitals: [Vital]) -> Run {
            var result = Fixture.pass(of: sql.id, at: at(second)).result
            result.vitals = vitals
            return Run(
                of: sql.id, at: at(second), startedAt: at(second), trigger: .scheduled, outcome: .pass,
                result: result)
        }
        return [
            run(1, [Vital("lag_seconds", 0.25), Vital("size_bytes", 1_048_576)]),
            run(2, [Vital("size_bytes", 1_048_577), Vital("lag_seconds", nil, reason: "no")]),
            run(3, [Vital("lag_seconds", nil, reason: "no")]), run(4, [Vital("lag_seconds", -1e300)]),
        ]
    }

    private static func record(_ runs: [Run], in store: any Store) async throws {
        var batch = Batch()
        batch.runs = runs
        try await store.record(batch)
    }
}
