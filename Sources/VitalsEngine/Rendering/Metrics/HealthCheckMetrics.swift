import VitalsCore

/// What is known of every health check, family by family.
struct HealthCheckMetrics {
    private struct Entry {
        let view: HealthCheckView
        let counts: RunCounts
        let labels: MetricLabels

        /// The last run if it reached its verdict on a target that answered, and is not too old to be told:
        /// what was measured then holds no longer otherwise.
        var measured: Run? {
            guard let run = view.lastRun, [.pass, .warn].contains(run.outcome), view.healthCheck.isEnabled,
                !view.evaluation.isStale
            else { return nil }
            return run
        }
    }

    private let entries: [Entry]

    /// Written between two moments at which others may work: so many take less than a millisecond.
    private static let slice = 256

    init(_ healthChecks: [(view: HealthCheckView, counts: RunCounts)]) async {
        var entries: [Entry] = []
        entries.reserveCapacity(healthChecks.count)
        for (view, counts) in healthChecks {
            if entries.count.isMultiple(of: Self.slice) { await Task.yield() }
            let healthCheck = view.healthCheck
            entries.append(
                Entry(
                    view: view, counts: counts,
                    labels: MetricLabels(
                        ("health_check", healthCheck.id.text), ("system", healthCheck.system.text))))
        }
        self.entries = entries
    }

    func write(to writer: inout MetricWriter) async {
        await writeStates(to: &writer)
        await writeLastRuns(to: &writer)
        await writeMeasured(to: &writer)
        await writeCounts(to: &writer)
    }

    private func writeStates(to writer: inout MetricWriter) async {
        writer.begin(
            MetricFamily(
                "vitals_health_check_state", .gauge, "1 for the state that a health check is in, else 0."))
        await each(&writer) { entry, writer in
            let healthCheck = entry.view.healthCheck
            let labels = MetricLabels(
                ("health_check", healthCheck.id.text), ("system", healthCheck.system.text),
                ("check", healthCheck.check.text), ("kind", healthCheck.kind.name))
            for state in State.allCases {
                writer.add(
                    labels, ("state", state.rawValue), MetricValue(entry.view.evaluation.state == state))
            }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_up", .gauge,
                "1 when healthy or degraded, 0 when unhealthy; absent while that is unknown."))
        await each(&writer) { entry, writer in
            switch entry.view.evaluation.state {
            case .unknown: break
            case .healthy, .degraded: writer.add(entry.labels, nil, .whole(1))
            case .unhealthy: writer.add(entry.labels, nil, .whole(0))
            }
        }
        await each("enabled", "Whether it is run by itself.", &writer) {
            MetricValue($0.healthCheck.isEnabled)
        }
        await each("stale", "Whether nobody has found out anything about it for too long.", &writer) {
            MetricValue($0.evaluation.isStale)
        }
        await each("consecutive_failures", "Failed runs in a row.", &writer) {
            MetricValue($0.evaluation.failures)
        }
    }

    private func writeLastRuns(to writer: inout MetricWriter) async {
        writer.begin(
            MetricFamily(
                "vitals_health_check_last_run_timestamp_seconds", .gauge, unit: "seconds",
                "When the last run began; absent before the first."))
        await each(&writer) { entry, writer in
            if let run = entry.view.lastRun { writer.add(entry.labels, nil, MetricValue(run.startedAt)) }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_last_run_outcome", .gauge,
                "1 for what the last run found, else 0; absent before the first."))
        await each(&writer) { entry, writer in
            guard let run = entry.view.lastRun else { return }
            for outcome in Outcome.allCases {
                writer.add(entry.labels, ("outcome", outcome.rawValue), MetricValue(run.outcome == outcome))
            }
        }
    }

    private func writeMeasured(to writer: inout MetricWriter) async {
        writer.begin(
            MetricFamily(
                "vitals_health_check_latency_seconds", .gauge, unit: "seconds",
                "How long the last run took; absent unless it is a pass or a warn that still holds."))
        await each(&writer) { entry, writer in
            if let run = entry.measured { writer.add(entry.labels, nil, MetricValue(run.result.latency)) }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_phase_seconds", .gauge, unit: "seconds",
                "How long each phase of the last run took; absent like the latency."))
        await each(&writer) { entry, writer in
            for timing in entry.measured?.result.phases ?? [] {
                writer.add(entry.labels, ("phase", timing.phase.rawValue), MetricValue(timing.duration))
            }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_certificate_remaining_seconds", .gauge, unit: "seconds",
                "Whole days until the first certificate of the chain ends, in seconds; absent without one."))
        await each(&writer) { entry, writer in
            if let days = entry.view.certificateDaysLeft {
                writer.add(entry.labels, nil, .whole(Int64(days) * 86_400))
            }
        }
    }

    private func writeCounts(to writer: inout MetricWriter) async {
        writer.begin(
            MetricFamily("vitals_health_check_runs", .counter, "Recorded runs since the process's start."))
        await each(&writer) { entry, writer in
            for outcome in Outcome.allCases {
                writer.add(entry.labels, ("outcome", outcome.rawValue), MetricValue(entry.counts[outcome]))
            }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_missed_slots", .counter,
                "Slots that were not run since the process's start; a reason appears with its first miss."))
        await each(&writer) { entry, writer in
            guard !entry.counts.misses.isEmpty else { return }
            for reason in MissReason.allCases {
                guard let count = entry.counts.misses[reason] else { continue }
                writer.add(entry.labels, ("reason", reason.rawValue), MetricValue(count))
            }
        }
    }

    private func each(
        _ name: String, _ help: String, _ writer: inout MetricWriter,
        _ value: (HealthCheckView) -> MetricValue
    ) async {
        writer.begin(MetricFamily("vitals_health_check_\(name)", .gauge, help))
        await each(&writer) { entry, writer in writer.add(entry.labels, nil, value(entry.view)) }
    }

    /// Every one, with time for others in between: who asks for `/health` does not wait for a scrape.
    private func each(
        _ writer: inout MetricWriter, _ write: (Entry, inout MetricWriter) -> Void
    ) async {
        for (index, entry) in entries.enumerated() {
            if index.isMultiple(of: Self.slice) { await Task.yield() }
            write(entry, &writer)
        }
    }
}

extension HealthCheckView {
    /// Known of a run that failed, too: an expired certificate is why it did.
    fileprivate var certificateDaysLeft: Int? {
        guard !evaluation.isStale, healthCheck.isEnabled, let facts = lastRun?.result.facts else {
            return nil
        }
        for name in [FactName.certificateChainDaysLeft, .certificateDaysLeft] {
            // No certificate lasts for a million days.
            if case .number(let days) = facts[name], days.magnitude <= 1_000_000 { return days }
        }
        return nil
    }
}
