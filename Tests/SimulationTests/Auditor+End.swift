import VitalsCore

@testable import VitalsEngine

/// What must be true of a node that is well, and in the end.
extension Auditor {
    /// The recorder has looked at ages, and nothing is overdue that it did not see.
    mutating func looked(_ inbox: Inbox, at now: Timestamp) throws(Interruption) {
        let slack: Duration = .seconds(3)
        // Whoever slept or could not write cannot have looked.
        if !inbox.isEmpty || now - lookedAt > slack { disturbedAt = now }
        lookedAt = now
        looks += 1
        guard looks % 64 == 0 else { return }
        for place in books.indices where books[place].isEnabled && !books[place].isStale {
            guard books[place].configured != nil else { continue }
            let age = now - max(heard(books[place], startedAt), disturbedAt)
            if age > max(.microseconds(books[place].interval * 3), .seconds(30)) + slack {
                throw .broken("a state has an age", "\(books[place]) has been silent for \(age)")
            }
        }
    }

    /// After the calm everything has come to its end.
    mutating func finish(_ ledger: Ledger, _ stored: StoredState, at now: Timestamp) throws(Interruption) {
        for book in books {
            try finish(book, at: now)
        }
        guard stored.notifications.isEmpty else {
            throw .broken("every notification comes to its end", "\(stored.notifications)")
        }
        guard stored.pages.isEmpty else { throw .broken("whatever paged resolves", "\(stored.pages)") }
        for (key, telling) in tellings where telling.heard != nil {
            throw .broken("each opening told is closed", "\(key): \(telling)")
        }
    }

    private func finish(_ book: Book, at now: Timestamp) throws(Interruption) {
        if let registeredAt = book.registeredAt {
            let last = book.changedAt ?? registeredAt
            let spent = book.times.values.reduce(now - last, +)
            guard last <= now, spent == now - registeredAt else {
                throw .broken("up + degraded + down + unknown = elapsed time", "\(book) at \(now)")
            }
        }
        guard let configured = book.configured, configured.isEnabled else { return }
        guard book.state == .healthy, !book.isStale, book.episode == nil else {
            throw .broken("a target that passes is healthy in the end", "\(book)")
        }
        guard now.microseconds - book.accounted <= 2 * book.interval + 5_000_000 else {
            throw .broken("slots go on", "\(book) at \(now)")
        }
    }
}
