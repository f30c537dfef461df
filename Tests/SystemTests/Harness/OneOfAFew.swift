import Synchronization
import Testing

/// Lets only a few tests of this target run at a time: each has servers of its own, and is about time.
struct OneOfAFew: TestTrait, SuiteTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Places.shared.take()
        defer { Places.shared.giveBack() }
        try await function()
    }
}

extension Trait where Self == OneOfAFew {
    /// Waits for a place among the few.
    static var oneOfAFew: OneOfAFew { OneOfAFew() }
}

/// Places that tests wait for, in the order in which they came.
private final class Places: Sendable {
    private struct State {
        var free = 4
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    static let shared = Places()
    private let state = Mutex(State())

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
