import VitalsCore

extension StoredState {
    /// The same, as the store has it once these health checks are called otherwise.
    func renamed(_ renamed: [HealthCheckID: HealthCheckID]) -> StoredState {
        guard !renamed.isEmpty else { return self }
        var state = self
        for (former, id) in renamed {
            state.healthChecks[id] = state.healthChecks.removeValue(forKey: former)?.renamed(to: id)
        }
        state.pages = pages.map { page in
            guard let id = renamed[page.healthCheck] else { return page }
            return StoredPage(healthCheck: id, channel: page.channel, page: page.page)
        }
        state.cooldowns = Dictionary(
            uniqueKeysWithValues: cooldowns.map { key, instant in
                (PageKey(renamed[key.healthCheck] ?? key.healthCheck, key.channel), instant)
            })
        state.notifications = notifications.map { entry in
            StoredNotification(
                notification: entry.notification.renamed(by: renamed), isBegun: entry.isBegun,
                endedAttempts: entry.endedAttempts, nextAttemptAt: entry.nextAttemptAt)
        }
        return state
    }
}

extension StoredHealthCheck {
    fileprivate func renamed(to id: HealthCheckID) -> StoredHealthCheck {
        StoredHealthCheck(
            evaluation: evaluation, revision: revision, interval: interval, isEnabled: isEnabled,
            registeredAt: registeredAt, lastRun: lastRun?.renamed(to: id), lastSlot: lastSlot,
            lastMiss: lastMiss?.renamed(to: id), heartbeat: heartbeat, vitals: vitals,
            serverIdentifier: serverIdentifier)
    }
}

extension Notification {
    /// Of a health check that these names may mean.
    func renamed(by names: [HealthCheckID: HealthCheckID]) -> Notification {
        healthCheck.flatMap { names[$0] }.map { renamed(to: $0) } ?? self
    }
}

extension Configuration {
    /// Which health checks go on under another id than before.
    ///
    /// - Parameter known: of which there is something to go on with.
    func renaming(of known: Set<HealthCheckID>) -> [HealthCheckID: HealthCheckID] {
        let former = healthChecks.filter { !$0.formerIDs.isEmpty }
        guard !former.isEmpty else { return [:] }
        return Renaming.plan(
            Dictionary(uniqueKeysWithValues: former.map { ($0.healthCheck.id, $0.formerIDs) }),
            configured: Set(healthChecks.map(\.healthCheck.id)), known: known)
    }
}
