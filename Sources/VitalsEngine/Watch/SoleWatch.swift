package import Logging
import Synchronization
package import VitalsCore

/// Watches the health checks of one service without a store: nothing is kept beyond the process, and nobody
/// is told but by the log, `/metrics` and `/health`. Each run is judged by itself, so that what is shown is
/// what the last one found.
package final class SoleWatch: Sendable {
    /// One thing to look at.
    package struct Target: Sendable {
        /// `db`, `http`, `tcp`.
        let name: String
        package let probe: any Probe
        /// What is measured besides.
        let vitals: [VitalRule]

        package init(_ name: String, _ probe: any Probe, vitals: [VitalRule] = []) {
            self.name = name
            self.probe = probe
            self.vitals = vitals
        }
    }

    /// How it is looked at.
    package struct Settings: Sendable {
        /// What the service is called.
        let service: String
        /// What the database should be: `primary`, `replica`, `any`.
        let role: String
        let interval: Duration
        let timeout: Duration
        /// Of the product.
        let version: String

        package init(service: String, role: String, interval: Duration, timeout: Duration, version: String) {
            self.service = service
            self.role = role
            self.interval = interval
            self.timeout = timeout
            self.version = version
        }
    }

    let settings: Settings
    let board: Board
    private let clock: NodeClock
    private let scheduler: Scheduler
    private let log: WatchLog
    /// Whether the program that is watched runs; nothing: there is none.
    private let isProcessRunning = Mutex<Bool?>(nil)

    /// - Parameters:
    ///   - targets: each name once.
    ///   - loop: where the probes run.
    package init(
        _ targets: [Target], _ settings: Settings, on loop: any ProbeLoop, clock machine: MachineClock,
        logger: Logger
    ) {
        let clock = NodeClock(machine, anchor: Anchor(wall: machine.wall(), boot: machine.boot()))
        let now = clock.now()
        let healthChecks = targets.map {
            ConfiguredHealthCheck(Self.healthCheck($0, settings), probe: $0.probe)
        }
        let system = System(
            id: Self.system, name: settings.service, healthChecks: healthChecks.map(\.healthCheck.id))
        let board = Board(
            systems: [system],
            views: healthChecks.map {
                HealthCheckView(
                    $0.healthCheck, systemName: settings.service, address: $0.probe.address,
                    evaluation: Evaluation(), lastRun: nil)
            }, startedAt: now)
        let plans = healthChecks.map {
            Schedule.Plan(
                id: $0.healthCheck.id, interval: settings.interval, isEnabled: true,
                endpoint: $0.probe.endpoint, isNew: true)
        }
        let log = WatchLog(board, clock, Journal(logger), healthChecks.map(\.healthCheck))
        self.settings = settings
        self.clock = clock
        self.board = board
        self.log = log
        let places = max(1, plans.count)
        scheduler = Scheduler(
            healthChecks, Schedule(plans, total: places, perTarget: places, at: now), on: loop, clock,
            beat: Beat(now), ended: { log.take($0.run) }, missed: { log.take($0) })
        log.follow { [weak scheduler] backOffs in
            scheduler?.follow(confirmations: [], backOffs: backOffs)
        }
    }

    private static let system = SystemID("service")

    private static func healthCheck(_ target: Target, _ settings: Settings) -> HealthCheck {
        HealthCheck(
            system: system, check: CheckID(target.name), kind: target.probe.kind,
            policy: Policy(
                interval: settings.interval, timeout: settings.timeout,
                thresholds: Thresholds(failure: 1, success: 1, warn: 1), confirmEvery: nil,
                vitals: target.vitals),
            revision: Revision(target.name))
    }

    /// Begins to look; the first runs are made at once.
    package func begin() { scheduler.begin() }

    /// Looks no more; waits for runs in flight for as long as patience has.
    package func stop(patience: Duration) async { await scheduler.stop(patience: patience) }

    /// Whether the program that is watched runs.
    package func note(isProcessRunning: Bool) {
        self.isProcessRunning.withLock { $0 = isProcessRunning }
    }

    package var version: String { settings.version }

    /// The instant of its own clock.
    package func now() -> Timestamp { clock.now() }

    /// What `/health` says: each target, and the program that is watched. Nobody is well of whom nothing is
    /// known.
    package func healthSummary() -> HealthSummary {
        let now = clock.now()
        let targets = board.healthChecks(after: nil, limit: .max, at: now).map { view in
            let isDatabase = view.healthCheck.kind.isDatabase
            return HealthSummary.Component(
                name: isDatabase ? "database" : view.healthCheck.check.text,
                state: view.evaluation.state, isCritical: true, isOverdue: true)
        }
        let process = isProcessRunning.withLock(\.self).map { isRunning in
            HealthSummary.Component(
                name: "process", state: isRunning ? .healthy : .unknown, isCritical: true, isOverdue: false)
        }
        return HealthSummary(targets + [process].compactMap(\.self))
    }

    /// Everything as one result left it, as numbers.
    package func write(to writer: inout MetricWriter) async {
        let now = clock.now()
        let (healthChecks, _) = board.everything(at: now)
        let readings = healthChecks.compactMap { view, counts in
            view.healthCheck.kind.isDatabase
                ? DatabaseReading(
                    target: settings.service, engine: view.healthCheck.kind.name,
                    expectedRole: settings.role, evaluation: view.evaluation, lastRun: view.lastRun,
                    vitals: view.vitals.entries.map(\.vital), counts: counts) : nil
        }
        await DatabaseMetrics(readings, isLegacy: true).write(to: &writer)
        writer.begin(
            MetricFamily(
                "service_health", .gauge, "1 healthy, 0.5 degraded, 0 down; absent while nobody knows."))
        if let halves = Self.state(of: healthChecks.map(\.view)).halves {
            writer.add(MetricLabels(("service", settings.service)), nil, .real(Double(halves) / 2))
        }
        writer.begin(MetricFamily("vitals_build", .info, "The version that runs."))
        writer.add(MetricLabels(("version", settings.version)), nil, .whole(1))
        writer.begin(
            MetricFamily("vitals_start_time_seconds", .gauge, unit: "seconds", "When the process started."))
        writer.add(MetricLabels(), nil, MetricValue(board.startedAt))
    }

    private static func state(of views: [HealthCheckView]) -> State {
        SystemState(
            of: views.map { view in
                SystemState.Part(
                    state: view.evaluation.state, isStale: view.evaluation.isStale, isCritical: true,
                    since: view.evaluation.since)
            }
        ).state
    }
}

/// Takes in what became of runs and slots, and shows it on the board, all of a run at once.
private final class WatchLog: Sendable {
    private let board: Board
    private let clock: NodeClock
    private let journal: Journal
    private let healthChecks: [HealthCheckID: HealthCheck]
    private let beliefs: Mutex<[HealthCheckID: Belief]>
    private typealias BackOff = @Sendable ([(healthCheck: HealthCheckID, until: Timestamp)]) -> Void
    private let backOff = Mutex<BackOff>({ _ in })

    init(_ board: Board, _ clock: NodeClock, _ journal: Journal, _ healthChecks: [HealthCheck]) {
        self.board = board
        self.clock = clock
        self.journal = journal
        self.healthChecks = Dictionary(uniqueKeysWithValues: healthChecks.map { ($0.id, $0) })
        beliefs = Mutex(self.healthChecks.mapValues { _ in Belief() })
    }

    /// Who skips slots while a target refuses our login.
    func follow(
        _ backOff: @escaping @Sendable ([(healthCheck: HealthCheckID, until: Timestamp)]) -> Void
    ) {
        self.backOff.withLock { $0 = backOff }
    }

    func take(_ found: Run) {
        guard let healthCheck = healthChecks[found.healthCheck] else { return }
        let (run, belief, effects) = beliefs.withLock { beliefs in
            var belief = beliefs[found.healthCheck] ?? Belief()
            let run = belief.judge(found, healthCheck.policy)
            let effects = belief.apply(
                run, healthCheck.policy, isDatabase: healthCheck.kind.isDatabase)
            beliefs[run.healthCheck] = belief
            return (run, belief, effects)
        }
        var consequences = Consequences(signals: [.runCompleted(run)])
        for effect in effects {
            switch effect {
            case .transition(let transition):
                consequences.signals.append(.transition(transition, run.result.fault))
            case .backOff(let until): consequences.backOffs.append((run.healthCheck, until))
            default: break
            }
        }
        board.update([run.healthCheck: belief], counting: consequences, at: clock.now())
        journal.note(consequences.signals)
        if !consequences.backOffs.isEmpty { backOff.withLock(\.self)(consequences.backOffs) }
    }

    func take(_ misses: [Miss]) {
        board.update([:], counting: Consequences(misses: misses), at: clock.now())
    }
}
