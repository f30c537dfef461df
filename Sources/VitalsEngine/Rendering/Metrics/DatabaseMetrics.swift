import VitalsCore

/// Databases as numbers, family by family: under the names that dashboards of health-check wrappers know,
/// and under conventional ones. At most 60 series each.
struct DatabaseMetrics {
    private struct Entry {
        let reading: DatabaseReading
        let labels: MetricLabels
        let vitals: [(family: VitalFamily, value: Double)]
    }

    private let entries: [Entry]
    /// Whether the names in milliseconds are there.
    private let isLegacy: Bool

    static let mostSeries = 60
    /// Written between two moments at which others may work.
    private static let slice = 128

    init(_ readings: [DatabaseReading], isLegacy: Bool) async {
        self.isLegacy = isLegacy
        var entries: [Entry] = []
        entries.reserveCapacity(readings.count)
        for reading in readings {
            if entries.count.isMultiple(of: Self.slice) { await Task.yield() }
            entries.append(
                Entry(
                    reading: reading,
                    labels: MetricLabels(
                        ("target", reading.target), ("engine", reading.engine), ("db_name", reading.engine),
                        ("db_role", reading.expectedRole)),
                    vitals: VitalFamily.exported(
                        reading.servedVitals, own: reading.ownVitals,
                        limit: Self.mostSeries - Self.series(of: reading))))
        }
        self.entries = entries
    }

    /// Without vitals.
    private static func series(of reading: DatabaseReading) -> Int {
        let database = reading.counts.database ?? DatabaseCounts()
        // Up, the statuses, success, the last run's time, the histogram, role, replica, version, certificate
        // and the four of the older names.
        let fixed = 1 + DatabaseStatus.allCases.count + 2 + database.durations.bounds.count + 3 + 4 + 4
        let counted = reading.counts.misses.count + database.failures.count
        return fixed + reading.capabilities.count + reading.durations.count + counted
    }

    func write(to writer: inout MetricWriter) async {
        guard !entries.isEmpty else { return }
        await writeStates(to: &writer)
        await writeRuns(to: &writer)
        if isLegacy { await writeLegacy(to: &writer) }
        await writeCounts(to: &writer)
        await writeFacts(to: &writer)
        await writeCapabilities(to: &writer)
        await writeVitals(to: &writer)
    }

    private func writeStates(to writer: inout MetricWriter) async {
        writer.begin(
            MetricFamily(
                "db_up", .gauge, "1 when the database serves, be it in part; 0 when not, or nobody knows."))
        await each(&writer) { $1.add($0.labels, nil, MetricValue($0.reading.status.isUp)) }
        writer.begin(MetricFamily("db_status", .gauge, "1 for the state that the database is in, else 0."))
        await each(&writer) { entry, writer in
            for status in DatabaseStatus.allCases {
                writer.add(
                    entry.labels, ("state", status.rawValue), MetricValue(entry.reading.status == status))
            }
        }
    }

    private func writeRuns(to writer: inout MetricWriter) async {
        writer.begin(
            MetricFamily(
                "db_probe_success", .gauge, "Whether the last probe passed; absent before the first."))
        await each(&writer) { entry, writer in
            if let run = entry.reading.lastRun {
                writer.add(entry.labels, nil, MetricValue(run.outcome == .pass))
            }
        }
        writer.begin(
            MetricFamily(
                "db_probe_last_run_timestamp_seconds", .gauge, unit: "seconds",
                "When the last probe began; absent before the first."))
        await each(&writer) { entry, writer in
            if let run = entry.reading.lastRun {
                writer.add(entry.labels, nil, MetricValue(run.startedAt))
            }
        }
        writer.begin(
            MetricFamily(
                "db_probe_last_duration_seconds", .gauge, unit: "seconds",
                "How long each phase took that the last probe came through; absent rather than stale."))
        await each(&writer) { entry, writer in
            for (phase, duration) in entry.reading.durations {
                writer.add(entry.labels, ("phase", phase), MetricValue(duration))
            }
        }
        writer.begin(
            MetricFamily(
                "db_probe_duration_seconds", .histogram, unit: "seconds", "How long whole probes took."))
        await each(&writer) { entry, writer in
            writer.add(entry.labels, (entry.reading.counts.database ?? DatabaseCounts()).durations)
        }
    }

    private func writeLegacy(to writer: inout MetricWriter) async {
        for (name, phase) in [("db_read_latency_ms", Phase.read), ("db_write_latency_ms", .write)] {
            writer.begin(
                MetricFamily(
                    name, .gauge, "Milliseconds of the last \(phase.rawValue); absent rather than stale."))
            await each(&writer) { entry, writer in
                if let latency = entry.reading.latency(of: phase) {
                    writer.add(entry.labels, nil, MetricValue(milliseconds: latency))
                }
            }
        }
        writer.begin(MetricFamily("db_connection_count", .gauge, "Connections that clients have open."))
        await each(&writer) { entry, writer in
            if let connections = entry.vitals.first(where: { $0.family.name == "db_connections" }) {
                writer.add(entry.labels, nil, .real(connections.value))
            }
        }
        writer.begin(
            MetricFamily(
                "db_connection_errors", .counter, "Probes that failed before there was a session."))
        await each(&writer) { entry, writer in
            writer.add(
                entry.labels, nil, MetricValue(entry.reading.counts.database?.connectionErrors ?? 0))
        }
    }

    private func writeCounts(to writer: inout MetricWriter) async {
        writer.begin(
            MetricFamily(
                "db_probe_failures", .counter,
                "Probes that found a fault, by its cause; a cause appears when it is first met."))
        await each(&writer) { entry, writer in
            for (failure, count) in entry.reading.counts.database?.failures ?? [] {
                writer.add(
                    entry.labels.with(("kind", failure.kind), ("phase", failure.phase)), nil,
                    MetricValue(count))
            }
        }
        writer.begin(
            MetricFamily(
                "db_probe_skipped", .counter,
                "Slots that were not run; a reason appears with its first miss."))
        await each(&writer) { entry, writer in
            for reason in MissReason.allCases {
                guard let count = entry.reading.counts.misses[reason] else { continue }
                writer.add(entry.labels, ("reason", reason.rawValue), MetricValue(count))
            }
        }
    }

    private func writeFacts(to writer: inout MetricWriter) async {
        writer.begin(MetricFamily("db_role", .info, "The role that was found."))
        await each(&writer) { entry, writer in
            if let role = entry.reading.observedRole {
                writer.add(entry.labels, ("observed", role), .whole(1))
            }
        }
        writer.begin(MetricFamily("db_replica", .gauge, "Whether it was found to be a replica."))
        await each(&writer) { entry, writer in
            if let role = entry.reading.observedRole {
                writer.add(entry.labels, nil, MetricValue(role == "replica"))
            }
        }
        writer.begin(MetricFamily("db", .info, "What answers, and its version."))
        await each(&writer) { entry, writer in
            if let (version, server) = entry.reading.version {
                writer.add(entry.labels.with(("version", version), ("server", server)), nil, .whole(1))
            }
        }
        writer.begin(
            MetricFamily(
                "db_tls_certificate_expiry_timestamp_seconds", .gauge, unit: "seconds",
                "When the first certificate of the chain ends, to a day; absent without TLS."))
        await each(&writer) { entry, writer in
            if let end = entry.reading.certificateEnd { writer.add(entry.labels, nil, MetricValue(end)) }
        }
    }

    private func writeCapabilities(to writer: inout MetricWriter) async {
        writer.begin(MetricFamily("db_capability", .gauge, "Whether our user has what some vitals take."))
        await each(&writer) { entry, writer in
            for (name, isThere) in entry.reading.capabilities {
                writer.add(entry.labels, ("name", name), MetricValue(isThere))
            }
        }
    }

    private func writeVitals(to writer: inout MetricWriter) async {
        // One name is one family, whatever its letters were before: the first of two spellings stands.
        var families: [String: VitalFamily] = [:]
        for entry in entries {
            for (family, _) in entry.vitals where families[family.name] == nil {
                families[family.name] = family
            }
        }
        for family in families.values.sorted(by: { $0.name < $1.name }) {
            writer.begin(family.family)
            await each(&writer) { entry, writer in
                guard let vital = entry.vitals.first(where: { $0.family == family }) else { return }
                writer.add(entry.labels, nil, .real(vital.value))
            }
        }
    }

    /// Every one, with time for others in between.
    private func each(
        _ writer: inout MetricWriter, _ write: (Entry, inout MetricWriter) -> Void
    ) async {
        for (index, entry) in entries.enumerated() {
            if index.isMultiple(of: Self.slice) { await Task.yield() }
            write(entry, &writer)
        }
    }
}
