import VitalsCore

@testable import VitalsEngine

/// Another configuration, while the node runs.
extension Simulator {
    /// Somebody edits the files.
    mutating func change() throws(Interruption) {
        guard !node.isStopping, node.change == nil, node.inbox.isStoreWell(at: now()) else { return }
        // Now and then somebody waits for a run meanwhile.
        if generator.oneIn(2) { try ask() }
        var next = scenario
        next.reconfigure(at: now(), using: &generator)
        let renamed = next.renaming(of: Set(scenario.healthChecks.map(\.id)))
        auditor.learn(next.ids)
        var change = Reconfiguration(
            from: Self.views(scenario), to: Self.views(next), channels: next.channels, renamed: renamed)
        change.firstTicket = node.schedule.suspend(change.touched)
        node.change = SimulatedNode.Change(scenario: next, reconfiguration: change)
        trace.note(.changing, -1, Int64(change.touched.count), at: boot)
        try effect()
        try record()
    }

    /// It could not be recorded: all goes on as before.
    mutating func giveUpChange() throws(Interruption) {
        guard let change = node.change else { return }
        node.change = nil
        trace.note(.unchanged, -1, 0, at: boot)
        let now = now()
        let jumped = node.clock.takeStep() > .zero
        let touched = change.reconfiguration.touched
        try perform(node.schedule.resume(touched, at: now, jumped: jumped), at: now)
        try record()
    }

    /// It is recorded, and in force.
    mutating func takeOver(_ changes: Changes, at since: Timestamp) throws(Interruption) {
        guard let change = node.change else { return }
        node.change = nil
        scenario = change.scenario
        trace.note(.changed, -1, 0, at: boot)
        try effect()
        let begun = Set(changes.batch.registered.map(\.healthCheck.id))
        let plans = scenario.healthChecks.filter { begun.contains($0.id) }
            .map { Self.plan($0, scenario, isNew: changes.consequences.runAtOnce.contains($0.id)) }
        let now = now()
        let jumped = node.clock.takeStep() > .zero
        node.schedule.rename(change.reconfiguration.renamed)
        var actions = node.schedule.apply(
            plans, removing: change.reconfiguration.removed, since: since, at: now, jumped: jumped)
        actions += node.schedule.resume(change.reconfiguration.touched, at: now)
        for healthCheck in scenario.healthChecks {
            guard let index = node.schedule.index(of: healthCheck.id) else { continue }
            if index < node.healthChecks.count {
                node.healthChecks[index] = healthCheck
            } else {
                node.healthChecks.append(healthCheck)
                node.places.append(scenario.place(of: healthCheck.id))
            }
        }
        try perform(actions, at: now)
    }
}
