import VitalsCore

@testable import VitalsEngine

/// From runs to states, by rules written down once more.
extension Auditor {
    mutating func expect(_ run: Run, _ expected: inout Expected) throws(Interruption) {
        let place = place(of: run.healthCheck)
        guard run.outcome != .inconclusive, let configured = books[place].configured else { return }
        books[place].isStale = false
        books[place].lastConclusive = run.endedAt
        if count(run, place, configured) {
            let next: State
            switch configured.policy.thresholds {
            case .rows(let rows):
                books[place].recent.removeAll()
                next = judge(run.outcome, books[place], rows)
            case .window(let window):
                books[place].recent.append(run.outcome)
                books[place].recent.removeFirst(max(0, books[place].recent.count - window.size))
                next = judge(books[place], window)
            }
            // Whether to doubt a run was decided by the policy that it ended under.
            if !books[place].isOfOldPolicy { try checkSight(run, books[place].state, next) }
            move(place, to: next, at: max(run.at, books[place].since ?? run.at), &expected)
        }
        if books[place].rejected > 0 {
            let doubled = configured.policy.interval * (1 << min(books[place].rejected, 20))
            let pause = max(configured.policy.interval, min(doubled, .seconds(900)))
            books[place].backedOffUntil = run.at + pause
        } else {
            books[place].backedOffUntil = nil
        }
    }

    /// - Returns: whether it counts.
    private mutating func count(_ run: Run, _ place: Int, _ configured: HealthCheck) -> Bool {
        let fault = run.result.fault
        books[place].rejected = fault?.cause == .authFailed ? books[place].rejected + 1 : 0
        if run.outcome == .pass {
            books[place].hasPassed = true
            // Success counts stop at their threshold, also where it is raised later.
            books[place].passes = min(books[place].passes + 1, configured.policy.thresholds.success)
            (books[place].fails, books[place].others) = (0, 0)
            books[place].hasWarn = false
            return true
        }
        if run.outcome == .fail, let fault, !books[place].hasPassed,
            [.authFailed, .dnsNXDomain, .notProvisioned].contains(fault.cause)
        {
            // Ours to mend, until it has worked once: it changes nothing, even where thresholds were lowered.
            return false
        }
        books[place].passes = 0
        books[place].others += 1
        books[place].fails = run.outcome == .fail ? books[place].fails + 1 : 0
        if run.outcome == .warn { books[place].hasWarn = true }
        return true
    }

    private func judge(_ outcome: Outcome, _ book: Book, _ thresholds: Thresholds.Rows) -> State {
        if outcome == .pass { return book.passes >= thresholds.success ? .healthy : book.state }
        if book.fails >= thresholds.failure { return .unhealthy }
        if outcome == .fail, book.state == .unhealthy || book.others == 0 { return book.state }
        if book.hasWarn, book.others >= thresholds.warn { return .degraded }
        if let degraded = thresholds.degraded, book.others >= degraded { return .degraded }
        return book.state
    }

    /// Unhealthy at so many fails, else degraded at so many that were no passes, else healthy with one pass.
    private func judge(_ book: Book, _ window: Thresholds.Window) -> State {
        let fails = book.recent.count { $0 == .fail }
        let others = book.recent.count { $0 != .pass }
        if fails >= window.unhealthy { return .unhealthy }
        if others >= window.degraded { return .degraded }
        return others < book.recent.count ? .healthy : book.state
    }

    private mutating func move(_ place: Int, to next: State, at: Timestamp, _ expected: inout Expected) {
        let book = books[place]
        guard next != book.state else { return }
        books[place].state = next
        books[place].since = at
        expected.transitions.append(Transition(book.id, from: book.state, to: next, at: at))
        switch next {
        case .healthy:
            guard let episode = book.episode else { return }
            books[place].episode = nil
            expected.ended.append(EndedEpisode(id: episode, at: at, reason: .recovered))
            expected.happenings.append(Expected.Happening(place: place, kind: .recovered, at: at))
        case .degraded, .unhealthy:
            if book.episode == nil {
                let episode = EpisodeID(of: book.id, openedBy: at)
                books[place].episode = episode
                expected.opened.append(OpenedEpisode(id: episode, healthCheck: book.id, at: at))
            }
            let kind: NoticeKind = next == .unhealthy ? .down : .degraded
            expected.happenings.append(Expected.Happening(place: place, kind: kind, at: at))
        case .unknown:
            expected.happenings.append(Expected.Happening(place: place, kind: .stale, at: at))
        }
    }

    /// No conclusive run for three intervals, at least 30 s.
    mutating func expire(_ place: Int, _ baseline: Timestamp, at now: Timestamp, _ expected: inout Expected) {
        let book = books[place]
        guard let policy = book.configured?.policy, !book.isStale else { return }
        guard now - heard(book, baseline) >= max(policy.interval * 3, .seconds(30)) else { return }
        books[place].isStale = true
        if book.state != .unknown {
            move(place, to: .unknown, at: now, &expected)
        } else {
            expected.happenings.append(Expected.Happening(place: place, kind: .stale, at: now))
        }
    }

    /// From when the age of a state counts.
    func heard(_ book: Book, _ baseline: Timestamp) -> Timestamp {
        max(
            book.lastConclusive ?? baseline, baseline, book.backedOffUntil ?? baseline,
            book.begunAt ?? baseline)
    }

    mutating func reset(
        _ place: Int, _ reason: EndReason, at now: Timestamp, _ expected: inout Expected
    ) {
        let book = books[place]
        books[place].forget(at: now)
        if book.state != .unknown {
            expected.transitions.append(Transition(book.id, from: book.state, to: .unknown, at: now))
        }
        guard let episode = book.episode else { return }
        expected.ended.append(EndedEpisode(id: episode, at: now, reason: reason))
        expected.happenings.append(Expected.Happening(place: place, kind: .ended, at: now))
    }

    /// What the batch says is what was expected, and time goes on.
    mutating func compare(_ expected: Expected, _ batch: Batch) throws(Interruption) {
        guard batch.transitions == expected.transitions else {
            throw .broken(
                "the state is what the runs say", "\(batch.transitions) not \(expected.transitions)")
        }
        guard batch.openedEpisodes == expected.opened, batch.endedEpisodes == expected.ended else {
            throw .broken(
                "at most one episode is open",
                "\(batch.openedEpisodes) \(batch.endedEpisodes) not \(expected.opened) \(expected.ended)")
        }
        for transition in batch.transitions { try pass(to: transition) }
    }

    /// Up, degraded, down and unknown together are the time that has passed.
    private mutating func pass(to transition: Transition) throws(Interruption) {
        let place = place(of: transition.healthCheck)
        guard let last = books[place].changedAt ?? books[place].registeredAt, transition.at >= last else {
            throw .broken(
                "a state lasts from one transition to the next",
                "\(transition) after \(books[place].changedAt.map { "\($0)" } ?? "none")")
        }
        books[place].times[transition.from, default: .zero] += transition.at - last
        books[place].changedAt = transition.at
    }
}
