import Synchronization
import VitalsCore

/// Who waits for a run to be recorded.
final class Waiters: Sendable {
    /// Nothing: it could not be recorded.
    typealias Answer = Run?

    private struct Waiter {
        /// The lowest ticket of a run that answers.
        let ticket: Int
        let continuation: CheckedContinuation<Answer, Never>
    }

    private let waiting = Mutex<[HealthCheckID: [Waiter]]>([:])

    func wait(for id: HealthCheckID, ticket: Int, _ continuation: CheckedContinuation<Answer, Never>) {
        waiting.withLock { $0[id, default: []].append(Waiter(ticket: ticket, continuation: continuation)) }
    }

    /// Whether somebody waits for this run.
    func areWaiting(for id: HealthCheckID, ticket: Int) -> Bool {
        waiting.withLock { $0[id]?.contains { $0.ticket <= ticket } ?? false }
    }

    /// These runs are in the store.
    func resolve(_ completions: [Consequences.Completion]) {
        let answered = waiting.withLock { waiting -> [(Waiter, Run)] in
            guard !waiting.isEmpty else { return [] }
            return completions.flatMap { completion -> [(Waiter, Run)] in
                let id = completion.run.healthCheck
                let (answered, others) = (waiting[id] ?? []).split { $0.ticket <= completion.ticket }
                waiting[id] = others.isEmpty ? nil : others
                return answered.map { ($0, completion.run) }
            }
        }
        answered.forEach { $0.0.continuation.resume(returning: $0.1) }
    }

    /// Nobody is answered any more: the store cannot be written, or the node stops.
    func giveUp() {
        let all = waiting.withLock { waiting in
            defer { waiting = [:] }
            return waiting.values.flatMap(\.self)
        }
        all.forEach { $0.continuation.resume(returning: nil) }
    }
}

extension Array {
    fileprivate func split(_ belongs: (Element) -> Bool) -> (matching: [Element], others: [Element]) {
        (filter(belongs), filter { !belongs($0) })
    }
}
