package import Logging
import ServiceLifecycle
import Synchronization
package import VitalsCore

/// One `vitals serve`: schedules, records and tells, and answers what is known.
package final class Node: Service {
    package let board: Board
    package let hub = SignalHub()
    package let settings: ServerSettings
    /// Of the product.
    package let version: String
    /// This process's own; the first part of the ids in the stream.
    package let boot: String

    let loop: any ProbeLoop
    let clock: NodeClock
    let recorder: Recorder
    let beats: [Beat]
    let store: any Store
    /// What is committed, until the recorder takes it over.
    private let ledger: Mutex<Ledger?>
    let scheduler: Scheduler
    let dispatcher: Dispatcher
    /// What is in force.
    let configuration: Mutex<Configuration>
    let directory: Mutex<HeartbeatDirectory>
    private let sweeper: Sweeper
    private let watchman: Watchman?
    let journal: Journal
    let waiters = Waiters()
    private let cooldown: Mutex<ManualCooldown<HealthCheckID>>
    let tests: Mutex<ManualCooldown<ChannelID>>
    private let stopping = Mutex(false)

    /// Takes up what the store knows, records what the start means, and is ready to run.
    ///
    /// - Parameters:
    ///   - configuration: `maxConcurrentHealthChecks` must be set.
    ///   - store: nobody else writes to it.
    ///   - resources: what the start changes of the part of the configuration that the store keeps.
    ///   - spool: empty; nothing: what memory has no room for while the store fails is missed.
    ///   - deadman: called while all is well; nothing: nobody is.
    ///   - loop: where the probes run.
    ///   - clock: the machine's.
    ///   - logger: for transitions and trouble.
    ///   - version: of the product.
    /// - Throws: `NodeError`, or whatever the store throws.
    package init(
        _ configuration: Configuration, store: any Store, resources: [ResourceChange] = [],
        spool: (any Spool)? = nil, deadman: DeadmanSwitch? = nil, on loop: any ProbeLoop,
        clock machine: MachineClock, logger: Logger,
        version: String
    ) async throws {
        let loaded = try await store.load()
        let renamed = configuration.renaming(of: Set(loaded.healthChecks.keys))
        let stored = loaded.renamed(renamed)
        let clock = try Self.clock(machine, newestStored: stored.newest)
        let now = clock.now()
        let journal = Journal(logger)
        var views = configuration.views
        let channels = configuration.openChannels
        var ledger = Ledger(
            profiles: views, channels: channels, stored: stored, publicURL: configuration.server.publicURL)
        ledger.listen(since: now)
        let (items, runAtOnce) = ledger.opening(stored, renamed: renamed, at: now)
        var opening = ledger.draft(items, at: now)
        opening.batch.renamed = renamed
        opening.batch.resources = resources
        if !opening.batch.isEmpty { try await store.record(opening.batch) }
        ledger.adopt(opening)
        journal.note(opening.consequences.signals)
        views = views.map {
            $0.knowing(ledger.beliefs[$0.healthCheck.id], ledger.heartbeats[$0.healthCheck.id])
        }

        let beats = [Beat(now), Beat(now), Beat(now)]
        let (settled, unsettled) = ledger.settled(ledger.beliefs)
        var inbox = Inbox(
            unsettled: Set(unsettled), capacity: configuration.server.mostHeldResults, hasSpool: spool != nil)
        inbox.committed(settled: settled, unsettled: unsettled, at: now)
        let recorder = Recorder(store, inbox, spool: spool, on: loop, clock, beat: beats[1])
        let dispatcher = Dispatcher(
            configuration.channels.map(\.channel), timeout: configuration.server.notifyTimeout, on: loop,
            clock, beat: beats[2]
        ) { recorder.receive($0) }
        dispatcher.add(ledger.sendable(stored.notifications))
        let waiters = waiters
        let board = Board(systems: configuration.systems, views: views, startedAt: now)
        scheduler = Scheduler(
            configuration.healthChecks, configuration.schedule(runAtOnce, at: now), on: loop, clock,
            beat: beats[0], longestSleep: configuration.server.pollInterval,
            referencePoints: configuration.connectivity.map { ReferencePoints($0, clock) },
            known: { board.healthCheck($0, at: $1) },
            ended: { ended in
                let isAwaited = waiters.areWaiting(for: ended.run.healthCheck, ticket: ended.ticket)
                recorder.receive(
                    [.run(ended.run, ticket: ended.ticket, isEvaluated: ended.isEvaluated)],
                    isAwaited: isAwaited)
            },
            missed: { recorder.receive($0.map { .miss($0) }) })

        self.board = board
        settings = configuration.server
        self.version = version
        boot = String(StableHash.mix(UInt64(bitPattern: now.microseconds)), radix: 36)
        self.loop = loop
        self.clock = clock
        self.recorder = recorder
        self.beats = beats
        self.store = store
        self.ledger = Mutex(ledger)
        self.configuration = Mutex(configuration)
        directory = Mutex(HeartbeatDirectory(configuration))
        self.dispatcher = dispatcher
        sweeper = Sweeper(store, configuration.storage, on: loop, clock, journal)
        watchman = deadman.map {
            Watchman($0, timeout: configuration.server.notifyTimeout, on: loop, clock, journal)
        }
        self.journal = journal
        cooldown = Mutex(ManualCooldown(configuration.server.manualRunCooldown))
        tests = Mutex(ManualCooldown(Self.testCooldown))
        journal.started(healthChecks: configuration.healthChecks.count, channels: channels.count)
        watchWholeService(of: configuration)
    }

    private static func clock(_ machine: MachineClock, newestStored: Timestamp?) throws -> NodeClock {
        let wall = machine.wall()
        guard let anchor = Anchor(wall: wall, boot: machine.boot(), newestStored: newestStored) else {
            throw NodeError.clockBehindStore(clock: wall, newest: newestStored ?? wall)
        }
        return NodeClock(machine, anchor: anchor)
    }

    /// Those there are at present.
    var channels: [ConfiguredChannel] { configuration.withLock(\.channels) }

    /// What `/health` shows, at present.
    package var health: HealthSettings { configuration.withLock(\.health) }

    /// Probes, records and tells until the graceful shutdown; returns once what was found is recorded.
    package func run() async {
        let (stopped, stop) = AsyncStream.makeStream(of: Never.self)
        // A task of its own, which nobody cancels: a cancelled one could record nothing any more.
        let work = Task { await self.work(until: stopped) }
        try? await gracefulShutdown()
        stop.finish()
        await work.value
    }

    /// - Parameter stopped: ends when the node is to stop.
    func work(until stopped: AsyncStream<Never>) async {
        guard let ledger = ledger.withLock({ $0.take() }) else { return }
        async let recording: Void = recorder.run(ledger, outlets)
        async let watching: Void = recorder.watch(outlets)
        async let telling: Void = dispatcher.run()
        async let sweeping: Void = sweeper.run { self.noteDamage($0) }
        async let vouching: Void? = watchman?.run { self.isWell }
        scheduler.begin()
        for await _ in stopped {}
        stopping.withLock { $0 = true }
        sweeper.stop()
        watchman?.stop()
        // What is left of the time is for the last commit.
        let patience = settings.shutdownTimeout * 3 / 4
        dispatcher.stop(patience: patience)
        await scheduler.stop(patience: patience)
        await telling
        recorder.stop(patience: settings.shutdownTimeout - patience)
        await recording
        await watching
        await sweeping
        _ = await vouching
        hub.close()
    }

    /// Whether nothing is started any more.
    var isStopping: Bool { stopping.withLock(\.self) }

    /// The instant of the node's own clock.
    package func now() -> Timestamp {
        clock.now()
    }

    /// Runs a health check now, or joins the run in flight, and waits until it is recorded.
    package func run(_ id: HealthCheckID) async -> ManualRun {
        guard board.healthCheck(id, at: clock.now()) != nil else { return .unknownHealthCheck }
        guard !isStopping else { return .stopping }
        guard recorder.isStoreWell(at: clock.now()) else { return .notRecorded }
        if let wait = cooldown.withLock({ $0.apply(id, at: clock.now()) }) {
            return .cooldown(retryAfter: wait)
        }
        let run: Run? = await withCheckedContinuation { continuation in
            scheduler.run(id) { ticket in
                guard let ticket else { return continuation.resume(returning: nil) }
                self.waiters.wait(for: id, ticket: ticket, continuation)
            }
        }
        guard let run, let view = board.healthCheck(id, at: clock.now()) else {
            return isStopping ? .stopping : .notRecorded
        }
        return .done(run, view)
    }

    var outlets: Recorder.Outlets {
        let scheduler = scheduler
        let dispatcher = dispatcher
        let clock = clock
        return Recorder.Outlets(
            board: board, hub: hub, waiters: waiters, journal: journal,
            follow: { consequences in
                scheduler.follow(
                    confirmations: consequences.confirmations, backOffs: consequences.backOffs)
                dispatcher.cancel(consequences.cancelled)
                dispatcher.claimed(consequences.claims)
                dispatcher.add(consequences.ready)
                dispatcher.retry(consequences.retries)
            },
            alarm: { trouble in
                let now = clock.now()
                for channel in self.configuration.withLock(\.openChannels) where channel.isDefault {
                    let notice = Notice(ofItself: trouble.rawValue, to: channel.id, at: now)
                    dispatcher.sendStraight(notice.written(nil, at: now))
                }
            })
    }
}

/// Why a node cannot start.
package enum NodeError: Error, Equatable, CustomStringConvertible {
    /// The wall clock is more than an hour behind what is stored: one of the two is wrong.
    case clockBehindStore(clock: Timestamp, newest: Timestamp)

    package var description: String {
        switch self {
        case .clockBehindStore(let clock, let newest):
            """
            the clock says \(clock.iso8601), but the store already holds runs of \(newest.iso8601), more \
            than an hour ahead: set the clock right, or move the data folder away
            """
        }
    }
}

/// What became of a request to run a health check now.
package enum ManualRun: Sendable {
    /// It ran and is recorded; the health check as it was then.
    case done(Run, HealthCheckView)
    case cooldown(retryAfter: Duration)
    case unknownHealthCheck
    case stopping
    /// The store cannot be written.
    case notRecorded
}
