import Synchronization
import VitalsTesting

/// Two programs that each lock two rows, one in the other's order, again and again until it is ended.
final class Quarrel: Sendable {
    /// A session that locks this row, waits for a moment, and locks that one.
    private let session: @Sendable (_ first: Int, _ second: Int) throws -> ChildProcess
    private let task = Mutex<Task<Void, any Error>?>(nil)

    init(_ session: @escaping @Sendable (_ first: Int, _ second: Int) throws -> ChildProcess) {
        self.session = session
    }

    deinit { task.withLock { $0?.cancel() } }

    func begin() {
        let session = session
        let task = Task {
            while !Task.isCancelled {
                let sides = [try session(1, 2), try session(2, 1)]
                for side in sides { _ = try await side.waitForExit() }
            }
        }
        self.task.withLock { $0 = task }
    }

    /// Waits for the end of the last round.
    func end() async throws {
        let task = task.withLock(\.self)
        task?.cancel()
        _ = await task?.result
    }
}
