import VitalsCore

/// What a node tells of itself and of what it watches, as numbers.
package struct NodeMetrics: Sendable {
    let version: String
    let startedAt: Timestamp
    /// As one commit left them, by id.
    let healthChecks: [(view: HealthCheckView, counts: RunCounts)]
    let records: RecordCounts
    let channels: [ChannelID]
    let probesInFlight: Int
    let probesWaiting: Int
    let heldResults: Int
    /// Commits that failed since the start.
    let storeFailures: Int
    let isStoreWell: Bool
    let pendingNotifications: Int
    /// The age of the oldest of them.
    let oldestPending: Duration?
    let beatAges: [(worker: String, age: Duration)]
    let residentBytes: Int64?
    /// Whether databases are told under the names in milliseconds, too.
    var hasLegacyNames = true

    /// Writes all families, and lets others work in between.
    package func write(to writer: inout MetricWriter) async {
        await HealthCheckMetrics(healthChecks).write(to: &writer)
        await DatabaseMetrics(
            healthChecks.compactMap { DatabaseReading($0.view, $0.counts) }, isLegacy: hasLegacyNames
        ).write(to: &writer)
        writeProcess(to: &writer)
        writeWork(to: &writer)
        writeTelling(to: &writer)
    }

    private func writeProcess(to writer: inout MetricWriter) {
        writer.begin(MetricFamily("vitals_build", .info, "The version that runs."))
        writer.add(MetricLabels(("version", version)), nil, .whole(1))
        writer.begin(
            MetricFamily("vitals_start_time_seconds", .gauge, unit: "seconds", "When the process started."))
        writer.add(MetricLabels(), nil, MetricValue(startedAt))
        if let residentBytes {
            writer.begin(
                MetricFamily(
                    "vitals_resident_memory_bytes", .gauge, unit: "bytes", "Memory that the process holds."))
            writer.add(MetricLabels(), nil, .whole(residentBytes))
        }
        writer.begin(
            MetricFamily(
                "vitals_worker_beat_age_seconds", .gauge, unit: "seconds",
                "Time since the last sign of life of a part that must never stop."))
        for (worker, age) in beatAges { writer.add(MetricLabels(), ("worker", worker), MetricValue(age)) }
    }

    private func writeWork(to writer: inout MetricWriter) {
        writer.begin(
            MetricFamily(
                "vitals_scheduler_lateness_seconds", .histogram, unit: "seconds",
                "How long after their slots runs began."))
        writer.add(MetricLabels(), records.lateness)
        writer.begin(
            MetricFamily(
                "vitals_recording_delay_seconds", .histogram, unit: "seconds",
                "How long after their end runs were recorded."))
        writer.add(MetricLabels(), records.delay)
        for (name, help, value) in [
            ("vitals_probes_in_flight", "Runs in flight.", probesInFlight),
            ("vitals_probes_waiting", "Health checks that are to run and wait for a place.", probesWaiting),
            ("vitals_results_held", "Runs and missed slots that wait to be recorded.", heldResults),
        ] {
            writer.begin(MetricFamily(name, .gauge, help))
            writer.add(MetricLabels(), nil, MetricValue(value))
        }
        writer.begin(
            MetricFamily("vitals_store_writable", .gauge, "Whether the store can be written, and is whole."))
        writer.add(MetricLabels(), nil, MetricValue(isStoreWell))
        writer.begin(MetricFamily("vitals_store_failures", .counter, "Commits that failed."))
        writer.add(MetricLabels(), nil, MetricValue(storeFailures))
    }

    private func writeTelling(to writer: inout MetricWriter) {
        writer.begin(
            MetricFamily(
                "vitals_notifications_pending", .gauge,
                "Notifications neither delivered nor given up."))
        writer.add(MetricLabels(), nil, MetricValue(pendingNotifications))
        writer.begin(
            MetricFamily(
                "vitals_notifications_oldest_pending_seconds", .gauge, unit: "seconds",
                "The age of the oldest of them; 0 when there is none."))
        writer.add(MetricLabels(), nil, MetricValue(oldestPending ?? .zero))
        guard !channels.isEmpty else { return }
        writer.begin(MetricFamily("vitals_deliveries", .counter, "Attempts to deliver a notification."))
        for channel in channels {
            let labels = MetricLabels(("channel", channel.text))
            for outcome in RecordCounts.Delivery.Outcome.allCases {
                let key = RecordCounts.Delivery(channel: channel, outcome: outcome)
                writer.add(labels, ("outcome", outcome.rawValue), MetricValue(records.deliveries[key] ?? 0))
            }
        }
    }
}
