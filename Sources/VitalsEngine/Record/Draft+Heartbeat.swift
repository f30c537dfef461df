import VitalsCore

/// What pings, and their absence, come to.
extension Draft {
    /// More than what comes at the same time may be apart.
    private static let overtaken = Duration.seconds(1)

    /// Its end is a run like any other, at the instant at which it came.
    mutating func hear(_ heard: HeardPing, ticket: Int) {
        let id = heard.healthCheck
        guard let healthCheck = ledger.profiles[id]?.healthCheck, let schedule = healthCheck.heartbeat else {
            changes.consequences.heard.append((ticket, false))
            return
        }
        var heartbeat = heartbeat(of: id)
        let at = free(
            max(heard.at, heartbeat.lastHeard.map { $0 + .microseconds(1) } ?? heard.at), healthCheck)
        heartbeat.apply(heard.ping, at: at)
        let isEnd = heard.ping.kind != .start && heard.ping.kind != .log
        let duration = isEnd ? heard.ping.duration ?? heartbeat.lastEnd?.duration : nil
        changes.heartbeats[id] = heartbeat
        changes.batch.heartbeats[id] = heartbeat
        changes.batch.pings.append(heard.settled(at: at, duration: duration))
        changes.deadlines[id] = .some(heartbeat.deadline(schedule).flatMap { $0 >= at ? $0 : nil })
        changes.consequences.heard.append((ticket, true))
        guard isEnd else { return }
        let said = heard.body.plain
        let fault = heartbeat.fault(schedule, at: at).map { $0.cause == .condition ? $0.telling(said) : $0 }
        let result = ProbeResult(fault: fault, latency: duration ?? .zero, trace: said)
        complete(
            Run(
                of: healthCheck, at: at, startedAt: at - (duration ?? .zero), trigger: .heartbeat,
                result: result), healthCheck)
    }

    /// Its time is up, unless it has pinged since somebody looked.
    mutating func look(after id: HealthCheckID, at now: Timestamp) {
        guard let healthCheck = ledger.profiles[id]?.healthCheck, healthCheck.isEnabled,
            let schedule = healthCheck.heartbeat
        else { return }
        let heartbeat = heartbeat(of: id)
        changes.deadlines[id] = .some(heartbeat.deadline(schedule).flatMap { $0 >= now ? $0 : nil })
        guard let fault = heartbeat.fault(schedule, at: now) else { return }
        let at = free(now, healthCheck)
        complete(
            Run(
                of: healthCheck, at: at, startedAt: at, trigger: .heartbeat,
                result: ProbeResult(fault: fault, latency: .zero)), healthCheck)
    }

    /// A run of a heartbeat asks nobody but what has been heard until then. What was heard since it began may
    /// have made a run of that very instant.
    func judged(_ run: Run) -> Run {
        guard let healthCheck = ledger.profiles[run.healthCheck]?.healthCheck,
            let schedule = healthCheck.heartbeat
        else { return run }
        let at = run.slot ?? free(run.at, healthCheck)
        guard run.result.fault == nil else {
            return Run(
                of: healthCheck, at: at, startedAt: run.startedAt, trigger: run.trigger, result: run.result)
        }
        let heartbeat = heartbeat(of: run.healthCheck)
        var fault = heartbeat.fault(schedule, at: run.startedAt)
        if let end = heartbeat.lastEnd, end.at - run.startedAt > Self.overtaken {
            // While the store failed for long, it waited in the spool, and pings that came later did not.
            fault = Fault(
                .internal, in: .request, message: "what had been heard by then is not known any more")
        }
        return Run(
            of: healthCheck, at: at, startedAt: run.startedAt, trigger: run.trigger,
            result: ProbeResult(fault: fault, latency: run.result.latency))
    }

    private mutating func complete(_ run: Run, _ healthCheck: HealthCheck) {
        record(run, isEvaluated: healthCheck.isEnabled)
        changes.consequences.signals.append(.runCompleted(run))
    }

    private func heartbeat(of id: HealthCheckID) -> Heartbeat {
        var heartbeat = changes.heartbeats[id] ?? ledger.heartbeats[id] ?? Heartbeat(listeningSince: now)
        heartbeat.listen(since: max(heartbeat.listeningSince, ledger.listeningSince))
        return heartbeat
    }

    /// An instant that neither a slot nor the last run has.
    private func free(_ instant: Timestamp, _ healthCheck: HealthCheck) -> Timestamp {
        let lastRun = (changes.beliefs[healthCheck.id] ?? ledger.beliefs[healthCheck.id])?.lastRun?.at
        let grid = SlotGrid(healthCheck.id, every: healthCheck.policy.interval)
        var at = instant
        while at == lastRun || grid.latest(at: at) == at { at = at + .microseconds(1) }
        return at
    }
}

extension Fault {
    /// With the first line of what the target said.
    fileprivate func telling(_ text: String) -> Fault {
        let line = text.prefix(200).split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
        return line.isEmpty ? self : Fault(cause, in: phase, code: code, message: "\(message): \(line)")
    }
}

extension String {
    /// With nothing in it that a terminal would obey.
    fileprivate var plain: String {
        var plain = UnicodeScalarView()
        for scalar in unicodeScalars {
            let isObeyed = scalar.properties.generalCategory == .control && scalar != "\n"
            plain.append(isObeyed ? " " : scalar)
        }
        return String(plain)
    }
}
