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
        change { schedule, _, time in schedule.resume(ids, at: time.now, jumped: time.jumped) }
    }

    /// Goes by this configuration from now on.
    ///
    /// - Parameters:
    ///   - healthChecks: all of them.
    ///   - change: which of them are touched by it.
    ///   - referencePoints: those there are from now on.
    ///   - takenOver: what followed for the slots.
    func apply(
        _ healthChecks: [ConfiguredHealthCheck], _ change: Reconfiguration,
        referencePoints: ReferencePoints?, _ takenOver: Recorder.TakenOver
    ) {
        state.withLock { $0.referencePoints = referencePoints }
        let plans = healthChecks.filter { takenOver.begun.contains($0.healthCheck.id) }
            .map { $0.plan(isNew: takenOver.runAtOnce.contains($0.healthCheck.id)) }
        self.change { schedule, entries, time in
            schedule.rename(change.renamed)
            var actions = schedule.apply(
                plans, removing: change.removed, since: takenOver.at, at: time.now, jumped: time.jumped)
            actions += schedule.resume(change.touched, at: time.now)
            for entry in healthChecks {
                guard let index = schedule.index(of: entry.healthCheck.id) else { continue }
                if index < entries.count { entries[index] = entry } else { entries.append(entry) }
            }
            return actions
        }
    }

    private func change(
        _ body:
            @escaping @Sendable (
                inout Schedule, inout [ConfiguredHealthCheck], (now: Timestamp, jumped: Bool)
            ) -> [ScheduleAction]
    ) {
        loop.execute {
            let time = self.clock.read()
            let actions = self.state.withLock { state in
                body(&state.schedule, &state.healthChecks, time)
            }
            self.perform(actions, at: time.now)
            self.rearm()
        }
    }
}
