import Synchronization
import VitalsCore

/// Another configuration, while the scheduler runs.
extension Scheduler {
    /// Nothing of these health checks starts until `apply` or `resume`.
    ///
    /// - Parameter suspended: called once, on the loop, with the lowest ticket of runs to come.
    func suspend(_ ids: [HealthCheckID], suspended: @escaping @Sendable (Int) -> Void) {
        loop.execute {
            suspended(self.state.withLock { $0.schedule.suspend(ids) })
        }
    }

    /// All is as it was before `suspend`.
    func resume(_ ids: [HealthCheckID]) {
        change { schedule, _, now in schedule.resume(ids, at: now) }
    }

    /// Goes by this configuration from now on.
    ///
    /// - Parameters:
    ///   - healthChecks: all of them.
    ///   - change: which of them are another than before.
    ///   - referencePoints: those there are from now on.
    ///   - runAtOnce: those whose first run is to come now.
    ///   - since: slots before it were of the configuration before.
    func apply(
        _ healthChecks: [ConfiguredHealthCheck], _ change: Reconfiguration,
        referencePoints: ReferencePoints?, runAtOnce: Set<HealthCheckID>,
        since: Timestamp
    ) {
        state.withLock { $0.referencePoints = referencePoints }
        let changed = Set(change.changed.map(\.healthCheck.id))
        let plans = healthChecks.filter { changed.contains($0.healthCheck.id) }
            .map { $0.plan(isNew: runAtOnce.contains($0.healthCheck.id)) }
        self.change { schedule, entries, now in
            schedule.rename(change.renamed)
            let actions = schedule.apply(plans, removing: change.removed, since: since, at: now)
            for entry in healthChecks {
                guard let index = schedule.index(of: entry.healthCheck.id) else { continue }
                if index < entries.count { entries[index] = entry } else { entries.append(entry) }
            }
            return actions
        }
    }

    private func change(
        _ body:
            @escaping @Sendable (inout Schedule, inout [ConfiguredHealthCheck], Timestamp)
            -> [ScheduleAction]
    ) {
        loop.execute {
            let (now, _) = self.clock.read()
            let actions = self.state.withLock { state in
                body(&state.schedule, &state.healthChecks, now)
            }
            self.perform(actions, at: now)
            self.rearm()
        }
    }
}
