import Synchronization
import VitalsCore

/// Another configuration, while the node runs.
extension Node {
    /// The configuration by which it goes.
    package var inForce: Configuration { configuration.withLock(\.self) }

    /// Goes by another configuration from now on: what is new or points elsewhere starts from `unknown` at
    /// once, what is gone is told the end of, and all else goes on as if nothing had happened. One at a time:
    /// whoever calls this waits for the answer before calling again.
    ///
    /// - Parameters:
    ///   - after: its settings of server, storage and dead-man's call hold from the next start on.
    ///   - resources: what of it the store keeps, recorded in the same transaction.
    /// - Returns: whether it is in force; if not, it could not be recorded and nothing has changed.
    package func reconfigure(_ after: Configuration, resources: [ResourceChange] = []) async -> Bool {
        guard !isStopping, recorder.isStoreWell(at: clock.now()) else { return false }
        let before = configuration.withLock(\.self)
        let next = after.keeping(before)
        var change = Reconfiguration(
            from: before.views, to: next.views, channels: next.openChannels,
            renamed: next.renaming(of: Set(before.healthChecks.map(\.healthCheck.id))), resources: resources)
        let touched = change.touched
        change.firstTicket = await withCheckedContinuation { continuation in
            scheduler.suspend(touched) { continuation.resume(returning: $0) }
        }
        let taken = change
        let isInForce = await recorder.takeOver(taken) { takenOver in
            self.configuration.withLock { $0 = next }
            self.watchWholeService(of: next)
            self.directory.withLock { $0 = HeartbeatDirectory(next) }
            self.board.follow(next.systems, next.views, renamed: taken.renamed)
            self.dispatcher.follow(next.channels.map(\.channel))
            self.scheduler.apply(
                next.healthChecks, taken,
                referencePoints: next.connectivity.map { ReferencePoints($0, self.clock) },
                takenOver)
        }
        if !isInForce { scheduler.resume(touched) }
        return isInForce
    }
}

extension Configuration {
    /// What a running node goes by: some settings hold from a start on.
    fileprivate func keeping(_ before: Configuration) -> Configuration {
        var next = self
        next.server = before.server
        next.storage = before.storage
        next.deadman = before.deadman
        return next
    }
}
