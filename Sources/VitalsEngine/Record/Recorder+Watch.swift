import Synchronization
import VitalsCore

/// Beside the commits, which may hang with the store: moves results to the spool and back, and says when a
/// commit hangs.
extension Recorder {
    /// Runs as long as `run`.
    func watch(_ outlets: Outlets) async {
        looks.begin()
        for await _ in looks.stream {
            let now = clock.now()
            let (hangs, isWell) = inbox.withLock { ($0.hangs(at: now), $0.isStoreWell(at: now)) }
            if hangs {
                outlets.journal.storeHangs()
                outlets.alarm(.hanging)
            }
            if !isWell { outlets.waiters.giveUp() }
            while let step = inbox.withLock({ $0.spoolStep(at: clock.now()) }) {
                await perform(step, outlets)
            }
            if let due = inbox.withLock(\.nextCommit), due <= clock.now() { wakeUp() }
            looks.set(clock.now() + .seconds(1))
        }
    }

    private func perform(_ step: Spill.Step, _ outlets: Outlets) async {
        guard let spool else { return }
        do {
            switch step {
            case .append(let results):
                let count = try await spool.append(results)
                inbox.withLock { $0.spooled(count, at: clock.now()) }
            case .take(let limit):
                let results = try await spool.take(limit)
                inbox.withLock { $0.unspooled(results, at: clock.now()) }
                wakeUp()
            }
        } catch {
            let lost = inbox.withLock { inbox in
                if case .append = step {
                    inbox.spooled(nil, at: clock.now())
                    return 0
                }
                return inbox.spoolFailed(at: clock.now()) { id, slot in
                    guard let view = outlets.board.healthCheck(id) else { return slot }
                    return SlotGrid(id, every: view.healthCheck.policy.interval).next(after: slot)
                }
            }
            outlets.journal.spoolFailed(error, slots: lost)
        }
    }
}
