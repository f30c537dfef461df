import Glibc
import Testing
import VitalsCore
import VitalsTesting

@Suite("Killed at any moment, it loses nothing and tells nothing twice", .serialized, .oneOfAFew)
struct KillStormTests {
    @Test("under load, with a webhook that fails every second time", arguments: 0..<StormScale.storms)
    func storm(number: Int) async throws {
        let seed = StormScale.seed &+ UInt64(number)
        let name: Comment = "VITALS_CRASH_SEED=\(seed)"
        try await Stage.run { stage in
            let (next, fickleness) = (NextBlow(), FickleReceiver(seed))
            let channels = [
                ("fickle", try stage.receiver(.decided { fickleness.fate(of: $0) })),
                ("faithful", try stage.receiver(faithful(next))),
            ]
            var storm = try KillStorm(
                try FlappingTargets(8, on: stage), channels.map { (id: $0, receiver: $1) }, next, seed: seed,
                on: stage)
            for _ in 0..<StormScale.kills { try await storm.live() }
            try await storm.calm()
            #expect(storm.livesThatAnswered * 3 > StormScale.kills, name)
            #expect(storm.witness.events > StormScale.kills * 5, name)
            #expect(storm.witness.complaints == [], name)

            let histories = try await histories(storm, name)
            #expect(try await storm.server.stop() == 0)
            let tables = try StoredTables(of: storm.server)
            var stored = try await StoredAccount(tables, histories: histories)
            try await stored.checkAttempts()
            for (id, receiver) in channels {
                let told = ToldAccount(receiver.messages, kills: storm.kills)
                #expect(told.complaints == [], "\(id), \(name)")
                try await stored.settle(id, told)
                #expect(told.taken.count > 20, "\(id), \(name)")
            }
            #expect(stored.complaints == [], name)
            try await expectNothingSaidInVain(storm.witness, tables, name)
            StormScale.tell("storm \(number + 1) of \(StormScale.storms) is over, seed \(seed)")
        }
    }

    /// What the stream announced is stored.
    private func expectNothingSaidInVain(
        _ witness: Witness, _ tables: StoredTables, _ name: Comment
    ) async throws {
        let delivered = try await tables.rows("SELECT id FROM notification WHERE status = 'delivered'")
        #expect(witness.delivered.subtracting(delivered.compactMap { $0["id"].string }) == [], name)
        let transitions = try await tables.rows(
            """
            SELECT h.id || ' ' || (at_us / 1000) || ' ' || from_state || ' ' || to_state AS words
            FROM transition t JOIN health_check h ON h.key = t.health_check
            """)
        #expect(witness.transitions.subtracting(transitions.compactMap { $0["words"].string }) == [], name)
        #expect(witness.transitions.count > StormScale.kills && witness.delivered.count > 20, name)
    }

    /// Takes whatever comes; some of it is a server's last words.
    private func faithful(_ next: NextBlow) -> HTTPTarget.Behaviour {
        .decided { message in
            if message != nil { next.notice(.request) }
            return .answer(204)
        }
    }

    /// Every slot is there once, and every run that was ever shown; the runs of each health check, oldest
    /// first.
    private func histories(_ storm: KillStorm, _ name: Comment) async throws -> [String: [JSONValue]] {
        var histories: [String: [JSONValue]] = [:]
        for id in storm.field.healthChecks {
            let account = try await SlotAccount.complete(of: id, every: .seconds(1), at: storm.server)
            histories[id] = account.runs.reversed()
            let lost = storm.witness.runs[id, default: []].subtracting(
                account.runs.map { Witness.SeenRun($0) })
            #expect(lost == [], "shown, then lost: \(id), \(name)")
        }
        return histories
    }
}
