package import VitalsCore

/// Another configuration, while runs are on their way.
extension Schedule {
    /// Nothing of these health checks starts until `apply` or `resume`; what falls due waits.
    ///
    /// - Returns: runs that start from now on have at least this ticket.
    package mutating func suspend(_ ids: [HealthCheckID]) -> Int {
        for index in ids.compactMap(index) { entries[index].isSuspended = true }
        return nextTicket
    }

    /// All is as it was before `suspend`.
    package mutating func resume(_ ids: [HealthCheckID], at now: Timestamp) -> [ScheduleAction] {
        let indices = ids.compactMap(index)
        for index in indices { entries[index].isSuspended = false }
        guard !isStopped else { return [] }
        return indices.flatMap { consider($0, at: now) }
    }

    /// These health checks are called otherwise from now on: what is in flight of them goes on. Their slots
    /// move, with the plan that names them so.
    package mutating func rename(_ renamed: [HealthCheckID: HealthCheckID]) {
        for (former, id) in renamed { indices[id] = indices.removeValue(forKey: former) }
    }

    /// These health checks are as these plans say from an instant on, and those are none any more.
    ///
    /// - Parameter since: slots before it were of the plans before.
    package mutating func apply(
        _ plans: [Plan], removing removed: [HealthCheckID], since: Timestamp, at now: Timestamp
    ) -> [ScheduleAction] {
        var actions: [ScheduleAction] = []
        var new: [Int] = []
        for plan in plans where !isAsBefore(plan) {
            if let index = index(of: plan.id) { actions += giveUpSlots(of: index, until: since) }
            let index = add(plan, since: since)
            if plan.isEnabled && plan.isNew { new.append(index) }
        }
        grow()
        for id in removed {
            guard let index = index(of: id) else { continue }
            actions += giveUpSlots(of: index, until: since)
            retire(index)
        }
        guard !isStopped else { return actions }
        paceInitialRuns(of: new, at: now)
        return actions + resume(plans.map(\.id), at: now)
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

    private func isAsBefore(_ plan: Plan) -> Bool {
        guard !plan.isNew, let index = index(of: plan.id) else { return false }
        let entry = entries[index]
        return entry.id == plan.id && entry.grid.interval == plan.interval.microseconds
            && entry.isEnabled == plan.isEnabled
            && entry.target == targets[plan.endpoint]
    }

    /// Slots that have come and were not begun are not run any more.
    private mutating func giveUpSlots(of index: Int, until since: Timestamp) -> [ScheduleAction] {
        let entry = entries[index]
        entries[index].pendingSlot = nil
        guard entry.isEnabled else { return [] }
        return miss(
            index, from: entry.pendingSlot ?? entry.nextSlot, through: entry.grid.latest(at: since),
            .notRunning)
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
        held = old.held
        lastAt = old.lastAt
        wantsManual = old.wantsManual
    }
}
