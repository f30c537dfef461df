package import VitalsCore

/// Another configuration, while runs are on their way.
extension Schedule {
    /// Nothing of these health checks starts or is missed until `apply` or `resume`; what falls due waits.
    ///
    /// - Returns: runs that start from now on have at least this ticket.
    package mutating func suspend(_ ids: [HealthCheckID]) -> Int {
        for index in ids.compactMap(index) { entries[index].isSuspended = true }
        return nextTicket
    }

    /// All is as it was before `suspend`.
    ///
    /// - Parameter jumped: as in `tick`.
    package mutating func resume(
        _ ids: [HealthCheckID], at now: Timestamp, jumped: Bool = false
    ) -> [ScheduleAction] {
        let indices = ids.compactMap(index)
        for index in indices where entries[index].isSuspended {
            entries[index].isSuspended = false
            let entry = entries[index]
            if entry.isEnabled {
                heap.push(DueHeap.Item(due: entry.nextSlot, index: index, reason: .slot))
            }
        }
        return begin(indices, at: now, jumped: jumped)
    }

    /// Slots that have come go before runs that somebody waits for.
    private mutating func begin(_ indices: [Int], at now: Timestamp, jumped: Bool) -> [ScheduleAction] {
        guard !isStopped else { return [] }
        let actions = takeDue(at: now, jumped: jumped)
        return actions + indices.flatMap { consider($0, at: now) }
    }

    /// These health checks are called otherwise from now on: what is in flight of them goes on. Their slots
    /// move, with the plan that names them so.
    package mutating func rename(_ renamed: [HealthCheckID: HealthCheckID]) {
        for (former, id) in renamed { indices[id] = indices.removeValue(forKey: former) }
    }

    /// These health checks are as these plans say from an instant on, and those are none any more.
    ///
    /// - Parameters:
    ///   - since: whoever says so has accounted for all slots up to it.
    ///   - jumped: as in `tick`.
    package mutating func apply(
        _ plans: [Plan], removing removed: [HealthCheckID], since: Timestamp, at now: Timestamp,
        jumped: Bool = false
    ) -> [ScheduleAction] {
        let placed = plans.map { add($0, since: since) }
        grow()
        for index in removed.compactMap(index) { retire(index) }
        guard !isStopped else { return [] }
        paceInitialRuns(of: zip(plans, placed).filter { $0.0.isEnabled && $0.0.isNew }.map(\.1), at: now)
        return begin(placed, at: now, jumped: jumped)
    }

    /// - Returns: its place, the old one if it had one.
    @discardableResult
    mutating func add(_ plan: Plan, since: Timestamp) -> Int {
        let index = indices[plan.id] ?? entries.count
        let target = targets[plan.endpoint] ?? targets.count
        indices[plan.id] = index
        targets[plan.endpoint] = target
        let grid = SlotGrid(plan.id, every: plan.interval)
        var entry = Entry(
            id: plan.id, grid: grid, isEnabled: plan.isEnabled, target: target,
            nextSlot: grid.next(after: since))
        if index == entries.count {
            entries.append(entry)
        } else {
            entry.takeOver(from: entries[index])
            entries[index] = entry
        }
        if plan.isEnabled { heap.push(DueHeap.Item(due: entry.nextSlot, index: index, reason: .slot)) }
        return index
    }

    mutating func grow() {
        places.grow(targets: targets.count, healthChecks: entries.count)
    }

    /// It is none any more; what is in flight ends.
    private mutating func retire(_ index: Int) {
        let entry = entries[index]
        var retired = Entry(
            id: entry.id, grid: entry.grid, isEnabled: false, target: entry.target, nextSlot: entry.nextSlot)
        retired.takeOver(from: entry)
        retired.wantsManual = false
        entries[index] = retired
    }
}

extension Schedule.Entry {
    /// What is on its way stays so.
    fileprivate mutating func takeOver(from old: Schedule.Entry) {
        running = old.running
        runningTarget = old.runningTarget
        hungWhenStarted = old.hungWhenStarted
        lastAt = old.lastAt
        wantsManual = old.wantsManual
    }
}
