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

    init(_ healthChecks: [(view: HealthCheckView, counts: RunCounts)]) {
        entries = healthChecks.map { view, counts in
            let healthCheck = view.healthCheck
            return Entry(
                view: view, counts: counts,
                labels: MetricLabels(
                    ("health_check", healthCheck.id.text), ("system", healthCheck.system.text)))
        }
    }

    func write(to writer: inout MetricWriter) {
        writeStates(to: &writer)
        writeLastRuns(to: &writer)
        writeMeasured(to: &writer)
        writeCounts(to: &writer)
    }

    private func writeStates(to writer: inout MetricWriter) {
        writer.begin(
            MetricFamily(
                "vitals_health_check_state", .gauge, "1 for the state that a health check is in, else 0."))
        for entry in entries {
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
        for entry in entries {
            switch entry.view.evaluation.state {
            case .unknown: break
            case .healthy, .degraded: writer.add(entry.labels, nil, .whole(1))
            case .unhealthy: writer.add(entry.labels, nil, .whole(0))
            }
        }
        each("enabled", "Whether it is run by itself.", &writer) { MetricValue($0.healthCheck.isEnabled) }
        each("stale", "Whether nobody has found out anything about it for too long.", &writer) {
            MetricValue($0.evaluation.isStale)
        }
        each("consecutive_failures", "Failed runs in a row.", &writer) {
            MetricValue($0.evaluation.failures)
        }
    }

    private func writeLastRuns(to writer: inout MetricWriter) {
        writer.begin(
            MetricFamily(
                "vitals_health_check_last_run_timestamp_seconds", .gauge, unit: "seconds",
                "When the last run began; absent before the first."))
        for entry in entries {
            if let run = entry.view.lastRun { writer.add(entry.labels, nil, MetricValue(run.startedAt)) }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_last_run_outcome", .gauge,
                "1 for what the last run found, else 0; absent before the first."))
        for entry in entries {
            guard let run = entry.view.lastRun else { continue }
            for outcome in Outcome.allCases {
                writer.add(entry.labels, ("outcome", outcome.rawValue), MetricValue(run.outcome == outcome))
            }
        }
    }

    private func writeMeasured(to writer: inout MetricWriter) {
        writer.begin(
            MetricFamily(
                "vitals_health_check_latency_seconds", .gauge, unit: "seconds",
                "How long the last run took; absent unless it is a pass or a warn that still holds."))
        for entry in entries {
            if let run = entry.measured { writer.add(entry.labels, nil, MetricValue(run.result.latency)) }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_phase_seconds", .gauge, unit: "seconds",
                "How long each phase of the last run took; absent like the latency."))
        for entry in entries {
            for timing in entry.measured?.result.phases ?? [] {
                writer.add(entry.labels, ("phase", timing.phase.rawValue), MetricValue(timing.duration))
            }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_certificate_remaining_seconds", .gauge, unit: "seconds",
                "Whole days until the first certificate of the chain ends, in seconds; absent without one."))
        for entry in entries {
            if let days = entry.view.certificateDaysLeft {
                writer.add(entry.labels, nil, .whole(Int64(days) * 86_400))
            }
        }
    }

    private func writeCounts(to writer: inout MetricWriter) {
        writer.begin(
            MetricFamily("vitals_health_check_runs", .counter, "Recorded runs since the process's start."))
        for entry in entries {
            for outcome in Outcome.allCases {
                writer.add(entry.labels, ("outcome", outcome.rawValue), MetricValue(entry.counts[outcome]))
            }
        }
        writer.begin(
            MetricFamily(
                "vitals_health_check_missed_slots", .counter,
                "Slots that were not run since the process's start; a reason appears with its first miss."))
        for entry in entries where !entry.counts.misses.isEmpty {
            for reason in MissReason.allCases {
                guard let count = entry.counts.misses[reason] else { continue }
                writer.add(entry.labels, ("reason", reason.rawValue), MetricValue(count))
            }
        }
    }

    private func each(
        _ name: String, _ help: String, _ writer: inout MetricWriter,
        _ value: (HealthCheckView) -> MetricValue
    ) {
        writer.begin(MetricFamily("vitals_health_check_\(name)", .gauge, help))
        for entry in entries { writer.add(entry.labels, nil, value(entry.view)) }
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
