import Synchronization
package import VitalsCore
package import VitalsEngine

/// A channel that remembers what it was sent, and answers as it is told.
package final class RecordingChannel: Channel {
    /// One attempt.
    package struct Sent: Sendable, Equatable {
        package let notification: NotificationID
        package let body: String
        package let at: Timestamp
    }

    package enum Answer: Sendable, Equatable {
        case outcome(DeliveryOutcome)
        /// Nothing until the attempt's timeout, or until its task is cancelled.
        case hang

        package static let deliver = outcome(.delivered(httpStatus: 204))
        package static let fail = outcome(.answered(httpStatus: 503))
        package static let refuse = outcome(.answered(httpStatus: 410))
    }

    private struct State {
        var answer = Answer.deliver
        var sent: [Sent] = []
        var inFlight = 0
        var mostInFlight = 0
    }

    package let id: ChannelID
    package let kind = "recording"
    private let loop: any ProbeLoop
    private let state = Mutex(State())

    /// - Parameter loop: its time is that of the timeouts.
    package init(_ id: String, on loop: any ProbeLoop) {
        self.id = ChannelID(id)
        self.loop = loop
    }

    /// Every attempt, oldest first.
    package var sent: [Sent] { state.withLock(\.sent) }
    package var inFlight: Int { state.withLock(\.inFlight) }
    package var mostInFlight: Int { state.withLock(\.mostInFlight) }

    /// The `type` of every message that was sent, oldest first.
    package var types: [String] { sent.compactMap { $0.text("type") } }

    /// How it answers from now on.
    package func answer(_ answer: Answer) {
        state.withLock { $0.answer = answer }
    }

    package func send(
        _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
    ) async -> DeliveryOutcome {
        let answer = state.withLock { state in
            state.sent.append(Sent(notification: notification, body: body, at: at))
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
            return state.answer
        }
        defer { state.withLock { $0.inFlight -= 1 } }
        switch answer {
        case .outcome(let outcome):
            return outcome
        case .hang:
            let (end, ending) = AsyncStream.makeStream(of: Never.self)
            let takeBack = loop.schedule(after: timeout) { ending.finish() }
            for await _ in end {}
            takeBack()
            return .failed(httpStatus: nil, message: "no answer in time", retryAfter: nil)
        }
    }
}

extension RecordingChannel.Sent {
    /// The text of a member at the top of the body; nothing when it is null or not there.
    package func text(_ name: String) -> String? {
        let start = "\"\(name)\":\""
        guard let from = body.firstRange(of: start) else { return nil }
        return String(body[from.upperBound...].prefix { $0 != "\"" })
    }
}
