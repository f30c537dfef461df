/// What is believed of one health check, as the store keeps it. Pure: the same belief, run and policy give
/// the same belief and effects.
package struct Evaluation: Sendable, Equatable {
    package private(set) var state: State = .unknown
    /// The `at` of the run that caused the state, but never before the end of the state before it; nothing
    /// before the first transition.
    package private(set) var since: Timestamp?
    /// Whether no conclusive run came for so long that the state is not known any more.
    package private(set) var isStale = false
    /// Counted fails in a row.
    package private(set) var failures = 0
    /// Passes in a row; stops at its threshold, so that a pass that changes nothing changes nothing here.
    package private(set) var successes = 0
    /// Counted runs in a row that were no passes.
    package private(set) var nonPasses = 0
    /// Whether one of `nonPasses` is a warn.
    package private(set) var hasWarn = false
    /// Whether it has passed once under its present configuration: until then a fault of class `config` does
    /// not count, because it is ours to mend and no outage.
    package private(set) var hasPassed = false
    /// Refused logins in a row; they are backed off.
    package private(set) var authFailures = 0
    /// What a window judges by; empty where rows are counted.
    package private(set) var recent = RecentRuns()
    /// The open episode.
    package private(set) var episode: EpisodeID?

    package init() {}

    /// What the store gave back.
    package init(
        state: State, since: Timestamp?, isStale: Bool, failures: Int, successes: Int, nonPasses: Int,
        hasWarn: Bool, hasPassed: Bool, authFailures: Int, recent: RecentRuns = RecentRuns(),
        episode: EpisodeID?
    ) {
        self.state = state
        self.since = since
        self.isStale = isStale
        self.failures = failures
        self.successes = successes
        self.nonPasses = nonPasses
        self.hasWarn = hasWarn
        self.hasPassed = hasPassed
        self.authFailures = authFailures
        self.recent = recent
        self.episode = episode
    }

    /// Whether another pass would change nothing.
    package func isSettled(_ thresholds: Thresholds) -> Bool {
        guard state == .healthy, !isStale, successes >= thresholds.success, authFailures == 0 else {
            return false
        }
        switch thresholds {
        case .rows: return recent.isEmpty
        case .window: return recent.isClean
        }
    }

    /// Takes in a run. Inconclusive ones change nothing.
    package mutating func apply(_ run: Run, _ causeClass: CauseClass?, _ thresholds: Thresholds) -> [Effect] {
        guard run.outcome != .inconclusive else { return [] }
        isStale = false
        authFailures = run.result.fault?.cause == .authFailed ? authFailures + 1 : 0
        switch run.outcome {
        case .pass:
            hasPassed = true
            failures = 0
            nonPasses = 0
            hasWarn = false
            successes = min(successes + 1, thresholds.success)
        case .fail:
            guard causeClass != .config || hasPassed else { return [] }
            failures += 1
            nonPasses += 1
            successes = 0
        case .warn:
            failures = 0
            nonPasses += 1
            hasWarn = true
            successes = 0
        case .inconclusive:
            return []
        }
        switch thresholds {
        case .rows: recent = RecentRuns()
        case .window(let window): recent.add(run.outcome, size: window.size)
        }
        // A run that came late, for a slot before the state was given up: it begins where that one ends.
        let at = max(run.at, since ?? run.at)
        return move(to: judge(run.outcome, thresholds), because: at, of: run.healthCheck)
    }

    /// No conclusive run came in time: what was known is not known any more. The episode and the rows live
    /// on, since misses and inconclusive runs, which led here, do not break a row.
    package mutating func expire(_ healthCheck: HealthCheckID, at now: Timestamp) -> [Effect] {
        guard !isStale else { return [] }
        isStale = true
        let previous = state
        if state != .unknown {
            state = .unknown
            since = now
        }
        let event = HealthEvent(
            .stale, of: healthCheck, at: now, episode: episode, reason: "no conclusive run", from: previous,
            to: .unknown)
        return previous == .unknown
            ? [.event(event)]
            : [.transition(Transition(healthCheck, from: previous, to: .unknown, at: now)), .event(event)]
    }

    /// Starts again from `unknown`, everything forgotten: the health check was disabled, removed or pointed
    /// at something else. An open episode ends.
    package mutating func reset(
        _ healthCheck: HealthCheckID, because reason: EndReason, at now: Timestamp
    ) -> [Effect] {
        let before = self
        self = Evaluation()
        since = before.state == .unknown ? before.since : now
        var effects: [Effect] = []
        if before.state != .unknown {
            effects.append(.transition(Transition(healthCheck, from: before.state, to: .unknown, at: now)))
        }
        if let episode = before.episode {
            effects.append(.ended(episode, at: now, reason))
            effects.append(
                .event(
                    HealthEvent(
                        .ended, of: healthCheck, at: now, episode: episode, reason: reason.rawValue,
                        from: before.state, to: .unknown)))
        }
        return effects
    }

    private func judge(_ outcome: Outcome, _ thresholds: Thresholds) -> State {
        switch thresholds {
        case .rows(let rows): judge(outcome, rows)
        case .window(let window): judge(window)
        }
    }

    private func judge(_ outcome: Outcome, _ rows: Thresholds.Rows) -> State {
        switch outcome {
        case .pass:
            return successes >= rows.success ? .healthy : state
        case .fail where failures >= rows.failure:
            return .unhealthy
        case .fail where state == .unhealthy:
            // A fail never betters a state.
            return state
        case .fail, .warn:
            let bySum = rows.degraded.map { nonPasses >= $0 } ?? false
            return bySum || (hasWarn && nonPasses >= rows.warn) ? .degraded : state
        case .inconclusive:
            return state
        }
    }

    /// By what there is, however little.
    private func judge(_ window: Thresholds.Window) -> State {
        if recent.fails >= window.unhealthy { return .unhealthy }
        if recent.nonPasses >= window.degraded { return .degraded }
        return recent.hasPass ? .healthy : state
    }

    private mutating func move(
        to next: State, because at: Timestamp, of healthCheck: HealthCheckID
    ) -> [Effect] {
        guard next != state else { return [] }
        let previous = state
        state = next
        since = at
        var effects: [Effect] = [.transition(Transition(healthCheck, from: previous, to: next, at: at))]
        func tell(_ type: HealthEvent.Kind, _ episode: EpisodeID) {
            effects.append(
                .event(
                    HealthEvent(
                        type, of: healthCheck, at: at, episode: episode, reason: nil, from: previous, to: next
                    )))
        }
        switch next {
        case .healthy:
            guard let episode else { break }
            self.episode = nil
            effects.append(.ended(episode, at: at, .recovered))
            tell(.recovered, episode)
        case .degraded, .unhealthy:
            let opened = episode ?? EpisodeID(of: healthCheck, openedBy: at)
            if episode == nil {
                episode = opened
                effects.append(.opened(opened, at: at))
            }
            tell(next == .unhealthy ? .down : .degraded, opened)
        case .unknown:
            break
        }
        return effects
    }
}
