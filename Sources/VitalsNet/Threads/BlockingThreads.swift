import NIOCore
import NIOPosix
import Synchronization

/// Threads for work that blocks and may hang: files on network file systems, programs. Started by the first
/// work, and never more than `size`.
///
/// A thread cannot be taken away from work that hangs. So a target whose work still holds its thread well
/// after its run was over gets no second one: a dead mount costs one thread for each target on it, and the
/// others have the rest.
final class BlockingThreads: Sendable {
    let size: Int
    private let pool: NIOThreadPool
    private let state = Mutex(State())

    private struct State {
        var isStarted = false
        var isShutDown = false
        /// By target, since when work holds its thread although nobody waits for it any more.
        var abandoned: [String: [NIODeadline]] = [:]
        var atWork = 0
    }

    /// Cleaning up takes a moment, and is no hanging.
    private static let patience = TimeAmount.seconds(2)

    init(_ size: Int) {
        precondition(size > 0)
        self.size = size
        pool = NIOThreadPool(numberOfThreads: size)
    }

    deinit {
        guard !state.withLock({ $0.isShutDown }) else { return }
        pool.shutdownGracefully { _ in }
    }

    /// Those that work on something now.
    var atWork: Int { state.withLock { $0.atWork } }

    /// How long work of an earlier run has hung on this target; nothing when none does.
    func hanging(on target: String, at now: NIODeadline) -> TimeAmount? {
        let since = state.withLock { $0.abandoned[target]?.min() }
        guard let since, now - since > Self.patience else { return nil }
        return now - since
    }

    /// Does the work on a thread, once one is free; never when the threads have been shut down.
    func submit(_ work: @escaping @Sendable () -> Void) {
        let isOpen = state.withLock { state in
            guard !state.isShutDown else { return false }
            if !state.isStarted { pool.start() }
            state.isStarted = true
            return true
        }
        guard isOpen else { return }
        pool.submit { [self] item in
            guard item == .active else { return }
            state.withLock { $0.atWork += 1 }
            work()
            state.withLock { $0.atWork -= 1 }
        }
    }

    /// Nobody waits any more for the work on this target, which goes on.
    func abandon(_ target: String, at now: NIODeadline) {
        state.withLock { $0.abandoned[target, default: []].append(now) }
    }

    /// Work that was abandoned has ended after all.
    func recover(_ target: String) {
        state.withLock { state in
            guard var since = state.abandoned[target] else { return }
            since.removeLast()
            state.abandoned[target] = since.isEmpty ? nil : since
        }
    }

    /// Ends the threads. What hangs is left behind: the program must be able to end without it.
    ///
    /// - Parameter limit: how long they are waited for.
    func shutDown(within limit: Duration) async {
        let isStarted = state.withLock { state in
            state.isShutDown = true
            return state.isStarted
        }
        // A pool that was never used wants to be told so as well.
        pool.shutdownGracefully { _ in }
        guard isStarted else { return }
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: limit)
        while atWork > 0, clock.now < end {
            try? await clock.sleep(for: .milliseconds(10))
        }
    }
}
