import Synchronization
import VitalsCore

extension Node {
    /// What `/metrics` says, from memory: no target and no store is asked.
    package func metrics() -> NodeMetrics {
        let now = clock.now()
        let (healthChecks, records) = board.everything(at: now)
        let load = scheduler.load
        let pending = dispatcher.pending
        let inbox = recorder.inbox.withLock { ($0.held, $0.store.totalFailures, $0.isStoreWell(at: now)) }
        return NodeMetrics(
            version: version, startedAt: board.startedAt, healthChecks: healthChecks, records: records,
            channels: channels.map(\.settings.id), probesInFlight: load.running, probesWaiting: load.waiting,
            heldResults: inbox.0, storeFailures: inbox.1,
            isStoreWell: inbox.2 && !recorder.isStoreDamaged, pendingNotifications: pending.count,
            oldestPending: pending.oldest.map { now - $0 },
            beatAges: zip(["scheduler", "recorder", "dispatcher"], beats).map { ($0, $1.age(at: now)) },
            residentBytes: ResidentMemory.bytes(),
            hasLegacyNames: settings.hasLegacyMetrics)
    }
}
