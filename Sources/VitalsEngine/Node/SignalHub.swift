import Synchronization
package import VitalsCore

/// Hands signals to whoever listens, and keeps the last ones so that a broken connection can be resumed.
///
/// Transitions and deliveries have a ring of their own: a thousand runs a second do not push them out.
package final class SignalHub: Sendable {
    /// Which signals a listener wants.
    package struct Filter: Sendable, Equatable {
        /// `transition`, `delivery`.
        package let types: Set<String>
        /// Only those of this health check, its runs among them; nothing: of all, and no runs.
        package let healthCheck: HealthCheckID?

        package init(types: Set<String>, healthCheck: HealthCheckID?) {
            self.types = types
            self.healthCheck = healthCheck
        }

        func admits(_ signal: Signal) -> Bool {
            if let healthCheck, signal.healthCheck != healthCheck { return false }
            return signal.type == "run.completed" ? healthCheck != nil : types.contains(signal.type)
        }
    }

    /// A listener's share. Ends when the listener is too far behind, or when the server stops.
    package struct Subscription: Sendable {
        /// Whether what came after the id asked for is not known any more: the listener must look afresh.
        package let mustReset: Bool
        /// The sequence of the newest signal before the first of `signals`.
        package let sequence: Int
        package let signals: AsyncStream<Signal>
    }

    fileprivate struct State {
        var sequence = 0
        var rare = Ring()
        var runs = Ring()
        var listeners: [Int: Listener] = [:]
        var nextListener = 0
        var isClosed = false
    }

    fileprivate struct Listener {
        let filter: Filter
        let continuation: AsyncStream<Signal>.Continuation
    }

    private static let backlog = 1_000
    private let state = Mutex(State())

    package init() {}

    /// How many listen.
    package var listeners: Int { state.withLock { $0.listeners.count } }

    /// Listens from now on, or from after the signal with this sequence.
    package func subscribe(_ filter: Filter, after: Int?) -> Subscription {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingOldest(Self.backlog))
        return state.withLock { state in
            let key = state.nextListener
            state.nextListener += 1
            guard !state.isClosed else {
                continuation.finish()
                return Subscription(mustReset: false, sequence: state.sequence, signals: stream)
            }
            let missed = state.missed(after: after, filter, atMost: Self.backlog)
            for signal in missed ?? [] {
                continuation.yield(signal)
            }
            state.listeners[key] = Listener(filter: filter, continuation: continuation)
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { $0.listeners[key] = nil }
            }
            return Subscription(
                mustReset: missed == nil,
                sequence: missed == nil ? state.sequence : after ?? state.sequence, signals: stream)
        }
    }

    /// Hands these on, in this order.
    func publish(_ contents: [Signal.Content]) {
        guard !contents.isEmpty else { return }
        let tooSlow = state.withLock { state in
            guard !state.isClosed else { return [Listener]() }
            var tooSlow: [Listener] = []
            for content in contents {
                state.sequence += 1
                let signal = Signal(sequence: state.sequence, content: content)
                state.keep(signal)
                for (key, listener) in state.listeners where listener.filter.admits(signal) {
                    guard case .dropped = listener.continuation.yield(signal) else { continue }
                    tooSlow.append(listener)
                    state.listeners[key] = nil
                }
            }
            return tooSlow
        }
        tooSlow.forEach { $0.continuation.finish() }
    }

    /// Ends every subscription; the server stops.
    package func close() {
        let all = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return Array(state.listeners.values)
        }
        all.forEach { $0.continuation.finish() }
    }
}

extension SignalHub.State {
    fileprivate mutating func keep(_ signal: Signal) {
        if case .runCompleted = signal.content {
            runs.append(signal)
        } else {
            rare.append(signal)
        }
    }

    /// What the filter admits of the signals after `after`; nothing when some of them are not kept any more,
    /// or when they are more than a listener may be behind.
    fileprivate func missed(after: Int?, _ filter: SignalHub.Filter, atMost limit: Int) -> [Signal]? {
        guard let after else { return [] }
        guard after <= sequence, after >= 0, rare.reaches(after) else { return nil }
        guard filter.healthCheck == nil || runs.reaches(after) else { return nil }
        let missed = (rare.after(after) + runs.after(after)).filter(filter.admits)
        return missed.count > limit ? nil : missed.sorted { $0.sequence < $1.sequence }
    }
}

/// The last 10,000 of something that counts upwards.
fileprivate struct Ring {
    private static let capacity = 10_000
    private var signals: [Signal] = []
    private var start = 0
    /// The newest that was pushed out.
    private var forgotten = 0

    mutating func append(_ signal: Signal) {
        guard signals.count == Self.capacity else {
            signals.append(signal)
            return
        }
        forgotten = signals[start].sequence
        signals[start] = signal
        start = (start + 1) % Self.capacity
    }

    /// Whether everything after this sequence is still here.
    func reaches(_ sequence: Int) -> Bool { sequence >= forgotten }

    func after(_ sequence: Int) -> [Signal] {
        (signals[start...] + signals[..<start]).filter { $0.sequence > sequence }
    }
}
