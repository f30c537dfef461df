import Synchronization
import VitalsCore

/// Who waits for a run to be recorded, or for a retry.
final class Waiters: Sendable {
    /// Nothing: it could not be recorded.
    typealias Answer = Run?

    private struct Waiter {
        /// The lowest ticket of a run that answers.
        let ticket: Int
        let continuation: CheckedContinuation<Answer, Never>
    }

    /// Whether it is to be; nothing: that could not be recorded.
    typealias Retrial = CheckedContinuation<Bool?, Never>

    private struct State {
        var waiting: [HealthCheckID: [Waiter]] = [:]
        var retrials: [NotificationID: [Retrial]] = [:]
        /// Of pings: whether they were recorded; nothing: that could not be done.
        var hearings: [Int: CheckedContinuation<Bool?, Never>] = [:]
        var nextTicket = 1
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Whoever comes once nothing is recorded any more is told so at once.
    func wait(for id: HealthCheckID, ticket: Int, _ continuation: CheckedContinuation<Answer, Never>) {
        let isTooLate = state.withLock { state in
            guard !state.isClosed else { return true }
            state.waiting[id, default: []].append(Waiter(ticket: ticket, continuation: continuation))
            return false
        }
        if isTooLate { continuation.resume(returning: nil) }
    }

    /// Whether somebody waits for this run.
    func areWaiting(for id: HealthCheckID, ticket: Int) -> Bool {
        state.withLock { $0.waiting[id]?.contains { $0.ticket <= ticket } ?? false }
    }

    /// These runs are in the store.
    func resolve(_ completions: [Consequences.Completion]) {
        let answered = state.withLock { state -> [(Waiter, Run)] in
            guard !state.waiting.isEmpty else { return [] }
            return completions.flatMap { completion in
                completion.healthChecks.flatMap { id -> [(Waiter, Run)] in
                    guard var waiting = state.waiting[id] else { return [] }
                    let count = waiting.partition { $0.ticket <= completion.ticket }
                    let answered = waiting[count...]
                    state.waiting[id] = count == 0 ? nil : Array(waiting[..<count])
                    return answered.map { ($0, completion.run) }
                }
            }
        }
        answered.forEach { $0.0.continuation.resume(returning: $0.1) }
    }

    /// These runs will never be in the store.
    func giveUp(_ voided: [Consequences.Completion]) {
        let unanswered = state.withLock { state -> [Waiter] in
            voided.flatMap { run in
                run.healthChecks.flatMap { id -> [Waiter] in
                    let waiting = state.waiting[id] ?? []
                    state.waiting[id] = waiting.filter { $0.ticket > run.ticket }
                    return waiting.filter { $0.ticket <= run.ticket }
                }
            }
        }
        unanswered.forEach { $0.continuation.resume(returning: nil) }
    }

    /// The same for one that is to be tried once more.
    func wait(forRetryOf id: NotificationID, _ continuation: Retrial) {
        let isTooLate = state.withLock { state in
            guard !state.isClosed else { return true }
            state.retrials[id, default: []].append(continuation)
            return false
        }
        if isTooLate { continuation.resume(returning: nil) }
    }

    /// What was wanted of these is in the store.
    func resolve(_ retries: [(known: KnownNotification, isGranted: Bool)]) {
        for retry in retries {
            let id = retry.known.stored.notification.id
            let answered = state.withLock { $0.retrials.removeValue(forKey: id) ?? [] }
            answered.forEach { $0.resume(returning: retry.isGranted) }
        }
    }

    /// Of the next ping.
    func ticket() -> Int {
        state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
    }

    /// The same for a ping.
    func wait(forPing ticket: Int, _ continuation: CheckedContinuation<Bool?, Never>) {
        let isTooLate = state.withLock { state in
            guard !state.isClosed else { return true }
            state.hearings[ticket] = continuation
            return false
        }
        if isTooLate { continuation.resume(returning: nil) }
    }

    /// These pings are in the store, or are nobody's.
    func resolve(_ heard: [(ticket: Int, isRecorded: Bool)]) {
        for ping in heard {
            state.withLock { $0.hearings.removeValue(forKey: ping.ticket) }?
                .resume(returning: ping.isRecorded)
        }
    }

    /// There is no room for it.
    func giveUp(ping ticket: Int) {
        state.withLock { $0.hearings.removeValue(forKey: ticket) }?.resume(returning: nil)
    }

    /// Those who wait are not answered: the store cannot be written.
    func giveUp() {
        takeAll().forEach { $0.continuation.resume(returning: nil) }
        let retrials = state.withLock { state in
            defer { state.retrials = [:] }
            return state.retrials.values.flatMap(\.self)
        }
        retrials.forEach { $0.resume(returning: nil) }
        let hearings = state.withLock { state in
            defer { state.hearings = [:] }
            return state.hearings
        }
        hearings.values.forEach { $0.resume(returning: nil) }
    }

    /// Nothing is recorded any more.
    func close() {
        state.withLock { $0.isClosed = true }
        giveUp()
    }

    private func takeAll() -> [Waiter] {
        state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values.flatMap(\.self)
        }
    }
}
