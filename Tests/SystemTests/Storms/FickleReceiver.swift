import Synchronization
import VitalsTesting

/// Fails about every second request, in every way there is, but no notification for ever: at most twice, and
/// now and then before it is read.
final class FickleReceiver: Sendable {
    private struct State {
        var chance: SeededGenerator
        /// How often each notification is yet to fail.
        var failuresLeft: [String: Int] = [:]
    }

    private let state: Mutex<State>

    init(_ seed: UInt64) {
        state = Mutex(State(chance: SeededGenerator(seed: seed)))
    }

    func fate(of message: HTTPMessage?) -> HTTPTarget.Fate {
        state.withLock { state in
            guard let message else {
                return Int.random(in: 0..<20, using: &state.chance) == 0 ? .cutOff : .answer(200)
            }
            let id = message.headers["webhook-id"] ?? ""
            let left = state.failuresLeft[id] ?? [0, 0, 1, 1, 2, 2].randomElement(using: &state.chance) ?? 0
            state.failuresLeft[id] = max(0, left - 1)
            guard left > 0 else { return .answer(200) }
            let fates: [HTTPTarget.Fate] = [
                .answer(500), .answer(500), .answer(503), .cutOff, .cutOff, .silence,
            ]
            return fates.randomElement(using: &state.chance) ?? .cutOff
        }
    }
}
