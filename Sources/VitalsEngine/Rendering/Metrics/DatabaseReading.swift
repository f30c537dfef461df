import VitalsCore

/// What is known of one database, as its metrics tell it: plain values, whoever watches it.
struct DatabaseReading {
    /// What nothing else is called: the health check's id.
    let target: String
    /// What it speaks: `postgres`, `sqlite` ...
    let engine: String
    /// What it should be. Observed is something else, and may change.
    let expectedRole: String
    /// As it may be shown now.
    let evaluation: Evaluation
    let lastRun: Run?
    /// The newest of each, whichever run measured it.
    private let vitals: [Vital]
    /// Those of the check's author.
    let ownVitals: Set<String>
    let counts: RunCounts

    init(
        target: String, engine: String, expectedRole: String = "primary", evaluation: Evaluation,
        lastRun: Run?, vitals: [Vital], ownVitals: Set<String> = [], counts: RunCounts
    ) {
        self.target = target
        self.engine = engine
        self.expectedRole = expectedRole
        self.evaluation = evaluation
        self.lastRun = lastRun
        self.vitals = vitals
        self.ownVitals = ownVitals
        self.counts = counts
    }

    /// Nothing where it is no database, or nobody looks at it.
    init?(_ view: HealthCheckView, _ counts: RunCounts) {
        guard view.healthCheck.kind.isDatabase, view.healthCheck.isEnabled else { return nil }
        self.init(
            target: view.healthCheck.id.text, engine: view.healthCheck.kind.name,
            expectedRole: Self.label(view.healthCheck.policy.role), evaluation: view.evaluation,
            lastRun: view.lastRun, vitals: view.vitals.entries.map(\.vital),
            ownVitals: Set(view.healthCheck.policy.vitals.filter(\.isOwn).map(\.name)), counts: counts)
    }

    /// Who expects nothing has a label all the same, as documents and dashboards want one.
    private static func label(_ role: ExpectedRole) -> String {
        (role == .any ? ExpectedRole.primary : role).rawValue
    }

    var status: DatabaseStatus { DatabaseStatus(evaluation, lastFault: lastRun?.result.fault) }

    /// The last run if what it found may still be told; an inconclusive one found nothing.
    private var told: Run? { evaluation.isStale || lastRun?.outcome == .inconclusive ? nil : lastRun }

    /// The last run if it was served, wholly or in part: what was measured then holds no longer otherwise.
    private var served: Run? { told.flatMap { [.pass, .warn].contains($0.outcome) ? $0 : nil } }

    /// The newest of each vital, while the target serves.
    var servedVitals: [Vital] { served == nil ? [] : vitals }

    static let capabilityPrefix = "capability_"

    /// What our user may there, and may not.
    var capabilities: [(name: String, isThere: Bool)] {
        servedVitals.compactMap { vital in
            guard vital.name.hasPrefix(Self.capabilityPrefix), let value = vital.value else { return nil }
            return (String(vital.name.dropFirst(Self.capabilityPrefix.count)), value > 0)
        }
    }

    /// How long each phase took that the last run came through, and all of it if it was served.
    var durations: [(phase: String, duration: Duration)] {
        guard let run = told else { return [] }
        let phases = run.result.phases.filter { $0.phase != run.result.fault?.phase }
        return phases.map { ($0.phase.rawValue, $0.duration) }
            + (served.map { [("total", $0.result.latency)] } ?? [])
    }

    /// Nothing rather than what holds no longer.
    func latency(of phase: Phase) -> Duration? {
        guard let run = served, run.result.fault?.phase != phase else { return nil }
        return run.result.phases.first { $0.phase == phase }?.duration
    }

    /// `primary` or `replica`.
    var observedRole: String? {
        guard case .text(let role) = served?.result.facts[.role], ["primary", "replica"].contains(role)
        else { return nil }
        return role
    }

    /// Of the server, as it names itself and is known; nothing that does not look like one.
    var version: (version: String, server: String)? {
        let facts = served?.result.facts
        guard case .text(let version) = facts?[.serverVersion] ?? facts?[.libraryVersion],
            (1...64).contains(version.utf8.count),
            version.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        let server =
            switch engine {
            case "postgres": "PostgreSQL"
            case "mysql": version.contains("MariaDB") ? "MariaDB" : "MySQL"
            case "sqlite": "SQLite"
            case "redis": if facts?[.serverFlavour] == .text("Valkey") { "Valkey" } else { "Redis" }
            case "sqlserver": "SQL Server"
            default: engine
            }
        // Some say of themselves what they are, too.
        return (
            version.hasPrefix("\(server) ") ? String(version.dropFirst(server.count + 1)) : version, server
        )
    }

    /// When the first certificate of the chain ends, to a day; known of a run that failed, too.
    var certificateEnd: Timestamp? {
        guard let run = told else { return nil }
        for name in [FactName.certificateChainDaysLeft, .certificateDaysLeft] {
            // No certificate lasts for a million days.
            if case .number(let days) = run.result.facts[name], days.magnitude <= 1_000_000 {
                return run.startedAt + .seconds(days * 86_400)
            }
        }
        return nil
    }
}
