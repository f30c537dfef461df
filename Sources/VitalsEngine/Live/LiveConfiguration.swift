import ServiceLifecycle
import Synchronization
package import VitalsCore

/// The configuration of a running node: what its files say, joined with what the store keeps. Whatever
/// changes it goes through here, one change at a time, whole or not at all.
package final class LiveConfiguration: Sendable {
    /// What became of a change of the stored part.
    package enum EditOutcome: Sendable {
        case done(Configuration)
        case refused(EditRefusal)
        /// With it the configuration would be wrong.
        case invalid(ConfigurationError)
        /// The store cannot be written, or the node stops.
        case notRecorded
    }

    /// How the files are.
    package struct Status: Sendable, Equatable {
        /// When what they say came into force.
        package var loadedAt: Timestamp
        /// When they were last read, whatever was found.
        package var readAt: Timestamp
        /// Their names, in the order in which they are read; none: the server watches itself.
        package var files: [String] = []
        /// Of those in force: another text once they say something else.
        package var revision = ""
        /// What is wrong with them as they are now; empty: nothing, or what is in force is what they say.
        package var problems: [ConfigurationProblem] = []
        package var warnings: [ConfigurationProblem] = []
        /// Sections that say something else than what is in force, and hold from the next start on.
        package var needsRestart: [String] = []

        package init(loadedAt: Timestamp) {
            self.loadedAt = loadedAt
            readAt = loadedAt
        }

        init(of files: ConfigurationSnapshot, _ sources: ConfigurationSources, at now: Timestamp) {
            self.init(loadedAt: now)
            self.files = files.files.map(\.name)
            revision = sources.revision(of: files)
        }
    }

    package typealias Edit = @Sendable (inout StoredConfiguration) throws(EditRefusal) -> Void

    private enum Request: Sendable {
        case look
        case edit(Edit, @Sendable (EditOutcome) -> Void)
    }

    private struct State {
        var stored: [ResourceKey: StoredConfiguration.Item]
        /// The files that are in force: while those on the disk are wrong, all else can be changed still.
        var files: ConfigurationSnapshot
        var status: Status
        var watch: FileWatch
    }

    private let node: Node
    private let sources: ConfigurationSources
    private let state: Mutex<State>
    private let requests: AsyncStream<Request>
    private let request: AsyncStream<Request>.Continuation
    private let alarm: Alarm

    private static let pause: Duration = .seconds(1)

    /// - Parameters:
    ///   - node: goes by what `files` say together with `stored`.
    ///   - stored: opened.
    ///   - loop: for the timer.
    package init(
        _ node: Node, _ sources: ConfigurationSources, files: ConfigurationSnapshot,
        stored: [StoredResource], on loop: any ProbeLoop
    ) {
        self.node = node
        self.sources = sources
        state = Mutex(
            State(
                stored: StoredConfiguration.items(of: stored), files: files,
                status: Status(of: files, sources, at: node.now()), watch: FileWatch(files.fingerprint)))
        let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
        requests = stream
        request = continuation
        alarm = Alarm(on: loop, node.clock) { continuation.yield(.look) }
    }

    /// How the files are at present.
    package var status: Status { state.withLock(\.status) }

    /// The node's time.
    package func now() -> Timestamp { node.now() }

    /// The stored part as it is.
    package var stored: StoredConfiguration {
        StoredConfiguration(items: state.withLock(\.stored), configuration: node.inForce)
    }

    /// The files are to be read again, whether they look changed or not.
    package func reload() {
        state.withLock { $0.watch.demand() }
        request.yield(.look)
    }

    /// Changes the stored part, and waits until that is in force or refused.
    package func edit(_ body: @escaping Edit) async -> EditOutcome {
        await withCheckedContinuation { continuation in
            let isTaken = request.yield(.edit(body) { continuation.resume(returning: $0) })
            if case .terminated = isTaken { continuation.resume(returning: .notRecorded) }
        }
    }

    /// Runs until the graceful shutdown; what was asked for before is done first.
    package func run() async {
        // A task of its own, which nobody cancels: a change is made as a whole or not at all.
        let work = Task { await self.work() }
        try? await gracefulShutdown()
        request.finish()
        await work.value
    }

    func work() async {
        alarm.set(node.now() + Self.pause)
        for await request in requests {
            switch request {
            case .look: await look()
            case .edit(let body, let ended): ended(await perform(body))
            }
        }
    }

    private func look() async {
        let fingerprint = sources.fingerprint()
        if state.withLock({ $0.watch.isDue(fingerprint) }) {
            await reloadFiles(fingerprint)
        }
        alarm.set(node.now() + Self.pause)
    }

    private func reloadFiles(_ fingerprint: String) async {
        do throws(ConfigurationError) {
            let files = try sources.files()
            let before = state.withLock(\.stored)
            let read = try read(files, before)
            let after = StoredConfiguration.items(of: read.stored)
            let changes = try sources.changes(from: before, to: after)
            guard await node.reconfigure(read.configuration, resources: changes) else { return }
            var status = Status(of: files, sources, at: node.now())
            status.warnings = read.warnings
            status.needsRestart = read.configuration.sectionsThatWait(besides: node.inForce)
            let taken = status
            state.withLock { state in
                state.stored = after
                state.watch.loaded(fingerprint)
                state.files = files
                state.status = taken
            }
            node.journal.configured(read)
            node.journal.configurationWaits(taken.needsRestart)
        } catch {
            let isNew = state.withLock { state in
                state.watch.loaded(fingerprint)
                state.status.readAt = node.now()
                defer { state.status.problems = error.problems }
                return state.status.problems != error.problems
            }
            if isNew { node.journal.configurationRefused(error.description.split(separator: "\n")) }
        }
    }

    private func perform(_ body: Edit) async -> EditOutcome {
        let before = stored
        var after = before
        do throws(EditRefusal) {
            try body(&after)
        } catch {
            return .refused(error)
        }
        do throws(ConfigurationError) {
            let read = try read(state.withLock(\.files), after.items)
            let items = StoredConfiguration.items(of: read.stored)
            let changes = try sources.changes(from: before.items, to: items)
            guard await node.reconfigure(read.configuration, resources: changes) else { return .notRecorded }
            state.withLock { $0.stored = items }
            return .done(read.configuration)
        } catch {
            return .invalid(error)
        }
    }

    private func read(
        _ files: ConfigurationSnapshot, _ items: [ResourceKey: StoredConfiguration.Item]
    ) throws(ConfigurationError) -> ReadConfiguration {
        try sources.read(
            files,
            items.sorted { $0.key < $1.key }
                .map { StoredResource(key: $0.key, body: $0.value.body.text, version: $0.value.version) })
    }
}
