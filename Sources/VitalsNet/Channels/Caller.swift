import NIOCore
import NIOPosix
import Synchronization
import VitalsCore
import VitalsEngine

/// Makes single calls for channels, on event loops apart from those of the probes: one dialogue with one
/// target, and what became of it.
struct Caller: Sendable {
    private let loops: NetworkLoops

    init(loops: NetworkLoops) {
        self.loops = loops
    }

    /// Never throws, and ends within `timeout`, or soon after its task is cancelled.
    ///
    /// - Parameters:
    ///   - dialogue: begun on a loop, where it stays.
    ///   - answer: what is made of the verdict and of the dialogue as it was then; called on a loop.
    func call<Dialogue: ProbeDialogue & SendableMetatype, Answer: Sendable>(
        _ target: ProbeTarget, _ dialogue: @escaping @autoclosure @Sendable () -> Dialogue, timeout: Duration,
        answer: @escaping @Sendable (ProbeResult, Dialogue) -> Answer
    ) async -> Answer {
        let exchange = Exchange()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loops.eventLoops[0].execute {
                    let cancel = ProbeConnection.start(
                        target, dialogue(), timeout: timeout, on: loops.current,
                        verdict: { result, ended in
                            guard let ended = ended as? Dialogue else {
                                preconditionFailure("another dialogue than was begun")
                            }
                            continuation.resume(returning: answer(result, ended))
                        })
                    exchange.begun(cancel)
                }
            }
        } onCancel: {
            exchange.cancel()
        }
    }

    /// Cancelled before or after it was begun, it is cancelled.
    private final class Exchange: Sendable {
        private struct State {
            var cancellation: ProbeCancellation?
            var isCancelled = false
        }

        private let state = Mutex(State())

        func begun(_ cancellation: @escaping ProbeCancellation) {
            let isCancelled = state.withLock { state in
                state.cancellation = cancellation
                return state.isCancelled
            }
            if isCancelled { cancellation() }
        }

        func cancel() {
            let cancellation = state.withLock { state in
                state.isCancelled = true
                return state.cancellation
            }
            cancellation?()
        }
    }
}
