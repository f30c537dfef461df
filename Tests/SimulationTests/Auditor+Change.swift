import VitalsCore

@testable import VitalsEngine

/// Another configuration, while the node runs: all of it holds from one instant on.
extension Auditor {
    mutating func takeOver(
        _ change: Reconfiguration, _ batch: Batch, at now: Timestamp, _ expected: inout Expected
    ) throws(Interruption) {
        channels = change.channels.map(\.id)
        cooldowns = Dictionary(uniqueKeysWithValues: change.channels.map { ($0.id, $0.cooldown) })
        for key in tellings.keys where !channels.contains(key.channel) {
            tellings[key]?.heard = nil
            tellings[key]?.deliveredAt = nil
        }
        for key in tellings.keys where cooldowns[key.channel] == .zero { tellings[key]?.deliveredAt = nil }
        for view in change.changed {
            try become(view.healthCheck, place(of: view.healthCheck.id), change, batch, at: now, &expected)
        }
        for id in change.removed { try become(nil, place(of: id), change, batch, at: now, &expected) }
    }

    /// What is known of them goes on under their new names, and so do pages and messages.
    mutating func rename(_ renamed: [HealthCheckID: HealthCheckID]) {
        guard !renamed.isEmpty else { return }
        names = names.mapValues { renamed[$0] ?? $0 }
        for (former, id) in renamed {
            names[former] = id
            books[place(of: former)].id = id
            for key in tellings.keys where key.healthCheck == former {
                tellings[PageKey(id, key.channel)] = tellings.removeValue(forKey: key)
            }
        }
        messages = messages.mapValues { message in
            var message = message
            message.notification = message.notification.renamed(by: renamed)
            return message
        }
    }

    private mutating func become(
        _ after: HealthCheck?, _ place: Int, _ change: Reconfiguration, _ batch: Batch, at now: Timestamp,
        _ expected: inout Expected
    ) throws(Interruption) {
        let before = books[place].configured
        books[place].isOfOldPolicy = true
        if let before, let after, before.id == after.id, before.revision == after.revision,
            before.isEnabled == after.isEnabled,
            before.policy.interval == after.policy.interval
        {
            books[place].configured = after
            return
        }
        try settle(place, batch, at: now)
        if let after { register(after, at: now) }
        books[place].begunAt = now
        books[place].backedOffUntil = nil
        books[place].lastConclusive = nil
        if let before {
            if after == nil {
                reset(place, .removed, at: now, &expected)
            } else if before.revision != after?.revision {
                reset(place, .reconfigured, at: now, &expected)
                books[place].firstTicket = change.firstTicket
            } else if before.isEnabled, after?.isEnabled == false {
                reset(place, .disabled, at: now, &expected)
            }
        }
        if after == nil {
            books[place].isRegistered = false
            books[place].heart = nil
        }
        books[place].configured = after
    }

    /// Slots that have come are runs or misses before others count.
    private mutating func settle(_ place: Int, _ batch: Batch, at now: Timestamp) throws(Interruption) {
        guard books[place].isRegistered, books[place].isEnabled else { return }
        for miss in batch.misses where miss.healthCheck == books[place].id {
            // It may continue a row.
            let next = books[place].slot(at: books[place].accounted) + books[place].interval
            let count = Int((miss.to.microseconds - next) / books[place].interval) + 1
            try account(
                Miss(
                    of: miss.healthCheck, from: Timestamp(microseconds: next), to: miss.to, count: count,
                    reason: miss.reason))
        }
        guard books[place].accounted + books[place].interval > now.microseconds else {
            throw .broken("slots up to a change are accounted for", "\(books[place]) at \(now)")
        }
    }

    func isVoid(_ run: Run, _ ticket: Int) -> Bool {
        let book = books[place(of: run.healthCheck)]
        return book.configured == nil || ticket < book.firstTicket
            || run.slot.map { isVoid(run.healthCheck, $0) } ?? false
    }

    func isVoid(_ id: HealthCheckID, _ slot: Timestamp) -> Bool {
        let book = books[place(of: id)]
        return book.configured == nil || book.begunAt.map { slot <= $0 } ?? false
    }
}
