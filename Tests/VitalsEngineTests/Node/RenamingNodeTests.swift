import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("A health check goes on under another id")
struct RenamingNodeTests {
    private let db = NodeRig.healthCheck("db")
    private let ledger = NodeRig.healthCheck("ledger")

    private func downRig() async throws -> NodeRig {
        let rig = NodeRig([db])
        rig.behave(.refuse)
        rig.behave(.refuse, ledger.id)
        try await rig.start()
        rig.run(for: .seconds(60))
        #expect(rig.types() == ["down"])
        rig.formerIDs = [ledger.id: [db.id]]
        return rig
    }

    /// Whatever was told under the old name is told the end of under the new one, as the same episode.
    private func expectOneStory(_ rig: NodeRig) {
        rig.behave(.pass, ledger.id)
        rig.run(for: .seconds(30))
        #expect(rig.types() == ["down", "recovered"])
        #expect(Set(rig.told().map { $0.text("episode") }).count == 1)
        #expect(rig.memory.episodes.count == 1)
        #expect(rig.memory.episodes.first?.opened.healthCheck == ledger.id)
        #expect(rig.memory.episodes.first?.ended?.reason == .recovered)
        #expect(rig.memory.runs(of: db.id).isEmpty)
        #expect(rig.memory.runs(of: ledger.id).count > 6)
    }

    @Test("while the node runs: state, episode, page and history go along, and nothing is told of it")
    func live() async throws {
        let rig = try await downRig()
        #expect(rig.reconfigure([ledger]) == true)
        #expect(rig.view(db.id) == nil)
        #expect(rig.view(ledger.id)?.evaluation.state == .unhealthy)
        rig.run(for: .seconds(30))
        #expect(rig.types() == ["down"])
        expectOneStory(rig)
    }

    @Test("at a start, once; started again with the same words it stays so")
    func atStart() async throws {
        let rig = try await downRig()
        rig.stop()
        rig.healthChecks = [ledger]
        try await rig.start()
        #expect(rig.view(ledger.id)?.evaluation.state == .unhealthy)
        let runs = rig.memory.runs(of: ledger.id).count
        #expect(runs > 5)
        rig.stop()
        try await rig.start()
        #expect(rig.memory.runs(of: ledger.id).count >= runs)
        #expect(rig.view(ledger.id)?.evaluation.state == .unhealthy)
        expectOneStory(rig)
    }

    @Test("killed in the middle of it, it is done at the next start")
    func killed() async throws {
        let rig = try await downRig()
        rig.kill()
        rig.healthChecks = [ledger]
        rig.store.fail([.record])
        await #expect(throws: (any Error).self) { try await rig.start() }
        rig.store.recover()
        try await rig.start()
        expectOneStory(rig)
    }

    @Test("a run in flight is recorded under the new name, and no slot is run twice or lost")
    func inFlight() async throws {
        let rig = NodeRig([db])
        try await rig.start()
        rig.run(for: .seconds(30))
        rig.behave(.pass(after: .seconds(4)))
        #expect(rig.loop.run(within: .seconds(30)) { rig.probe()?.inFlight == 1 })
        let before = rig.memory.runs(of: db.id).count
        rig.formerIDs = [ledger.id: [db.id]]
        #expect(rig.reconfigure([ledger]) == true)
        let changed = rig.clock.wall
        rig.behave(.pass, ledger.id)
        rig.run(for: .seconds(60))
        let runs = rig.memory.runs(of: ledger.id)
        #expect(runs.count > before + 5)
        #expect(Set(runs.map(\.at)).count == runs.count)
        // By the old slots until then, by the new ones from then on.
        let old = SlotGrid(db.id, every: .seconds(10))
        let new = SlotGrid(ledger.id, every: .seconds(10))
        let slots = runs.compactMap(\.slot)
        #expect(slots.filter { $0 <= changed }.allSatisfy { old.latest(at: $0) == $0 })
        let later = slots.filter { $0 > changed }
        #expect(later.first == new.next(after: changed))
        #expect(later.allSatisfy { new.latest(at: $0) == $0 })
        let missed = rig.memory.misses(of: ledger.id)
        let all = (slots + missed.map(\.from)).filter { $0 <= changed }.sorted()
        for (slot, next) in zip(all, all.dropFirst()) { #expect(next == slot + .seconds(10)) }
        #expect(rig.memory.misses(of: db.id).isEmpty)
    }

    @Test("whoever waits for a run that was begun under the old name gets its answer")
    func waiting() async throws {
        let rig = NodeRig([db])
        try await rig.start()
        rig.run(for: .seconds(15))
        rig.behave(.pass(after: .seconds(4)))
        let answer = rig.ask()
        rig.run(for: .seconds(1))
        rig.formerIDs = [ledger.id: [db.id]]
        #expect(rig.reconfigure([ledger]) == true)
        rig.run(for: .seconds(10))
        #expect(answer.value != nil)
        #expect(rig.memory.runs(of: ledger.id).contains { $0.trigger == .manual })
    }

    @Test(
        "what a channel has not taken yet is told under the same id, and what waits behind it comes after it",
        arguments: [RecordingChannel.Answer.fail, .hang])
    func untold(answer: RecordingChannel.Answer) async throws {
        let rig = NodeRig([db])
        rig.behave(.refuse)
        rig.answer(answer)
        try await rig.start()
        rig.run(for: .seconds(40))
        rig.formerIDs = [ledger.id: [db.id]]
        #expect(rig.reconfigure([ledger]) == true)
        rig.behave(.pass, ledger.id)
        rig.run(for: .seconds(30))
        #expect(rig.view(ledger.id)?.evaluation.state == .healthy)
        rig.answer(.deliver)
        rig.run(for: .seconds(1_200))
        #expect(rig.types().last == "recovered")
        #expect(rig.types().filter { $0 == "recovered" }.count == 1)
        #expect(Set(rig.types()) == ["down", "recovered"])
        #expect(Set(rig.told().map { $0.text("episode") }).count == 1)
        let state = try await rig.memory.load()
        #expect(state.pages.isEmpty)
        #expect(state.notifications.isEmpty)
    }

    @Test("a name that is still in use is nobody's former one, and does not keep others from moving")
    func stillInUse() async throws {
        let (shop, store) = (NodeRig.healthCheck("shop"), NodeRig.healthCheck("store"))
        let rig = NodeRig([db, shop])
        rig.behave(.refuse, shop.id)
        rig.behave(.refuse, store.id)
        try await rig.start()
        rig.run(for: .seconds(60))
        rig.formerIDs = [ledger.id: [db.id], store.id: [shop.id]]
        let runs = rig.memory.runs(of: db.id).count
        #expect(rig.reconfigure([ledger, store, db]) == true)
        rig.run(for: .seconds(30))
        #expect(rig.view(ledger.id)?.evaluation.state == .healthy)
        #expect(rig.view(store.id)?.evaluation.state == .unhealthy)
        #expect(rig.view(db.id)?.evaluation.state == .healthy)
        #expect(rig.memory.runs(of: db.id).count > runs)
        #expect(rig.memory.runs(of: shop.id).isEmpty)
        #expect(rig.types() == ["down"])
    }

    @Test("while the store fails nothing is renamed, and afterwards it is")
    func storeFails() async throws {
        let rig = try await downRig()
        rig.store.fail([.record])
        #expect(rig.reconfigure([ledger]) == false)
        #expect(rig.view(db.id)?.evaluation.state == .unhealthy)
        #expect(rig.memory.runs(of: ledger.id).isEmpty)
        rig.store.recover()
        rig.run(for: .seconds(30))
        #expect(rig.reconfigure([ledger]) == true)
        expectOneStory(rig)
    }
}
