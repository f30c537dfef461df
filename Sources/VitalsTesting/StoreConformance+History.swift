import VitalsCore
import VitalsEngine

extension StoreConformance {
    static let history: [StoreConformance] = [
        StoreConformance("runs come back as they were, newest first") { store in
            try await register(in: store)
            let runs = everyKind
            try await record(runs, evidence: runs, in: store)
            try expect(
                await store.history(of: sql.id, before: nil, limit: 1_000),
                is: runs.reversed().map { .run($0) },
                "history")
            try expect(await store.history(of: port.id, before: nil, limit: 10), is: [], "another's")
        },
        StoreConformance("the same run twice is one run, and the first one") { store in
            try await register(in: store)
            let run = Fixture.pass(of: sql.id, at: at(10))
            try await record([run], in: store)
            try await record([Fixture.pass(of: sql.id, at: at(10), trigger: .manual)], in: store)
            try expect(
                await store.history(of: sql.id, before: nil, limit: 10), is: [.run(run)], "history")
        },
        StoreConformance("many runs of many health checks in one batch are all there") { store in
            try await register(in: store)
            let seconds = (1...333).map { Int64($0) }
            try await record(
                seconds.flatMap { second in
                    [sql, port].map { Fixture.pass(of: $0.id, at: at(second)) }
                }, in: store)
            for id in [sql.id, port.id] {
                try expect(
                    await store.history(of: id, before: nil, limit: 1_000).map(\.at),
                    is: seconds.reversed().map { at($0) }, "history of \(id)")
            }
        },
        StoreConformance("a fault without evidence has the message of the same fault before it") { store in
            try await register(in: store)
            let first = Fixture.fail(
                of: sql.id, at: at(10), message: "connection refused by db1", trace: "SYN")
            let second = Fixture.fail(of: sql.id, at: at(20), message: "not kept")
            let pass = Fixture.pass(of: sql.id, at: at(30))
            try await record([first, second, pass], evidence: [first], in: store)
            let found = try await store.history(of: sql.id, before: nil, limit: 10)
            try expect(
                found,
                is: [
                    .run(pass),
                    .run(Fixture.fail(of: sql.id, at: at(20), message: "connection refused by db1")),
                    .run(first),
                ], "history")
            try expect(
                await store.history(of: sql.id, before: at(30), limit: 1), is: [found[1]], "a page of it")
        },
        StoreConformance("a fault without evidence has no other fault's message") { store in
            try await register(in: store)
            let refused = Fixture.fail(of: sql.id, at: at(10), message: "connection refused by db1")
            let timeout = Fixture.fail(of: sql.id, at: at(20), cause: .timeout, message: "not kept")
            try await record([refused, timeout], evidence: [refused], in: store)
            let found = try await store.history(of: sql.id, before: nil, limit: 1)
            guard case .run(let run)? = found.first else { throw Violation(description: "no run") }
            try expect(run.result.fault?.cause, is: .timeout, "cause")
            try expect(run.result.fault?.message, is: "timeout", "message")
        },
        StoreConformance("conditions are evidence where one of them did not hold") { store in
            try await register(in: store)
            let held = ConditionResult(
                condition: "[CONNECTED]", level: .fail, verdict: .holds, seen: "[CONNECTED] (true)")
            let broken = ConditionResult(
                condition: "[STATUS] == 200", level: .warn, verdict: .fails, seen: "[STATUS] (500) == 200")
            let unknown = ConditionResult(
                condition: "[BODY].é > 1", level: .fail, verdict: .error("there is no `é`"),
                seen: "[BODY].é (missing) > 1")
            let runs = [[held], [held, broken, unknown]].enumerated().map { index, conditions in
                let fault = Fault(.condition, in: .body, message: "m")
                return Run(
                    of: sql.id, at: at(Int64(index)), startedAt: at(Int64(index)), trigger: .scheduled,
                    outcome: .fail,
                    result: ProbeResult(fault: fault, latency: .zero, conditions: conditions))
            }
            try await record(runs, evidence: runs, in: store)
            let found = try await store.history(of: sql.id, before: nil, limit: 2)
            let conditions = found.map { item in
                if case .run(let run) = item { run.result.conditions } else { [ConditionResult]() }
            }
            try expect(conditions, is: [[held, broken, unknown], []], "conditions")
        },
        StoreConformance("evidence is at most 4 KiB, cut where a character ends") { store in
            try await register(in: store)
            let run = Fixture.fail(
                of: sql.id, at: at(10), message: String(repeating: "é", count: 1_000),
                trace: String(repeating: "x", count: 9_999))
            try await record([run], evidence: [run], in: store)
            guard case .run(let found)? = try await store.history(of: sql.id, before: nil, limit: 1).first
            else { throw Violation(description: "no run") }
            let message = found.result.fault?.message ?? ""
            try expect(message, is: String(repeating: "é", count: 512), "message")
            try expect(found.result.trace.count, is: 2_048, "length of the trace")
        },
        StoreConformance("runs and misses are mixed by time and read page by page") { store in
            try await register(in: store)
            let runs = [10, 20, 60, 70].map { Fixture.pass(of: sql.id, at: at($0)) }
            let misses = [
                Miss(of: sql.id, from: at(30), to: at(40), count: 2, reason: .notRunning),
                Miss(of: sql.id, from: at(50), to: at(50), count: 1, reason: .late),
            ]
            try await record(runs, in: store)
            try await record(misses, in: store)
            let all: [HistoryItem] = [
                .run(runs[3]), .run(runs[2]), .miss(misses[1]), .miss(misses[0]), .run(runs[1]),
                .run(runs[0]),
            ]
            for limit in 1...7 {
                var found: [HistoryItem] = []
                while found.count <= all.count {
                    let page = try await store.history(of: sql.id, before: found.last?.at, limit: limit)
                    found += page
                    guard page.count == limit else { break }
                }
                try expect(found, is: all, "pages of \(limit)")
            }
        },
        StoreConformance("a miss that has grown is still one") { store in
            try await register(in: store)
            try await record(
                [Miss(of: sql.id, from: at(10), to: at(10), count: 1, reason: .inFlight)], in: store)
            let grown = Miss(of: sql.id, from: at(10), to: at(90), count: 9, reason: .inFlight)
            try await record([grown], in: store)
            try expect(await store.history(of: sql.id, before: nil, limit: 10), is: [.miss(grown)], "history")
            let known = try await store.load().healthChecks[sql.id]
            try expect(known?.lastMiss, is: grown, "last miss")
            try expect(known?.lastSlot, is: at(90), "last slot")
        },
        StoreConformance("the last slot is the newest that was run on schedule or missed") { store in
            try await register(in: store)
            try await record([Fixture.pass(of: sql.id, at: at(1), trigger: .initial)], in: store)
            try expect(await store.load().healthChecks[sql.id]?.lastSlot, is: nil, "after none")
            try await record([Fixture.pass(of: sql.id, at: at(10))], in: store)
            let manual = Fixture.pass(of: sql.id, at: at(18), trigger: .manual)
            try await record(
                [Fixture.pass(of: sql.id, at: at(12), trigger: .confirm), manual], in: store)
            let known = try await store.load().healthChecks[sql.id]
            try expect(known?.lastRun, is: manual, "last run")
            try expect(known?.lastSlot, is: at(10), "after others")
            let miss = Miss(of: sql.id, from: at(20), to: at(30), count: 2, reason: .store)
            try await record([miss], in: store)
            try expect(await store.load().healthChecks[sql.id]?.lastSlot, is: at(30), "after a miss")
            try expect(await store.load().healthChecks[sql.id]?.lastMiss, is: miss, "last miss")
        },
        StoreConformance("the newest instant is that of any run, miss or transition") { store in
            try await register(in: store)
            try await record([Fixture.pass(of: sql.id, at: at(10))], in: store)
            try expect(await store.load().newest, is: at(10), "after a run")
            try await record(
                [Miss(of: port.id, from: at(5), to: at(15), count: 2, reason: .backoff)], in: store)
            try expect(await store.load().newest, is: at(15), "after a miss")
            var batch = Batch()
            batch.transitions = [Transition(sql.id, from: .healthy, to: .unknown, at: at(17))]
            try await store.record(batch)
            try expect(await store.load().newest, is: at(17), "after a transition")
        },
    ]

    /// Every trigger with every outcome, early and late, here and elsewhere; one run a second.
    private static var everyKind: [Run] {
        var facts = Facts()
        facts[.serverVersion] = .text("15.18")
        facts[.addresses] = .list(["10.0.0.1:5432", "[2001:db8::1]:5432"])
        facts[.certificateDaysLeft] = .number(-3)
        var runs: [Run] = []
        for trigger in Trigger.allCases {
            for outcome in Outcome.allCases {
                let at = at(Int64(runs.count))
                let fault = Fault(.tlsCertExpired, in: .tls, code: "10", message: "expired on 2026-11-01")
                runs.append(
                    Run(
                        of: sql.id, location: runs.count.isMultiple(of: 2) ? Run.local : "frankfurt", at: at,
                        startedAt: at + .microseconds(runs.count * 777), trigger: trigger, outcome: outcome,
                        result: ProbeResult(
                            fault: outcome == .pass ? nil : fault, latency: .microseconds(20_001),
                            phases: [
                                PhaseTiming(.resolve, .zero), PhaseTiming(.connect, .microseconds(15_000)),
                                PhaseTiming(.tls, .microseconds(5_000)),
                            ], facts: facts, trace: "TCP established")))
            }
        }
        return runs
    }
}
