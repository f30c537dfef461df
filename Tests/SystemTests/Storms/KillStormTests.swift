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
            let fickleness = FickleReceiver(seed)
            let channels = [
                ("fickle", try stage.receiver(.decided { fickleness.fate(of: $0) })),
                ("faithful", try stage.receiver()),
            ]
            var storm = try KillStorm(
                try FlappingTargets(8, on: stage), channels.map { (id: $0, receiver: $1) }, seed: seed,
                on: stage)
            for _ in 0..<StormScale.kills { try await storm.live() }
            try await storm.calm()
            #expect(storm.livesThatAnswered * 3 > StormScale.kills, name)
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
            let delivered = try await tables.rows("SELECT id FROM notification WHERE status = 'delivered'")
            let lost = storm.witness.delivered.subtracting(delivered.compactMap { $0["id"].string })
            #expect(lost == [], "said to be delivered, \(name)")
            StormScale.tell("storm \(number + 1) of \(StormScale.storms) is over, seed \(seed)")
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
