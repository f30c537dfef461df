import NIOCore
import VitalsCore

/// What a run asks of a server that lets itself be read from.
struct PostgresPlan: Sendable {
    /// Whether a vital is to be measured by this run.
    var isDue: @Sendable (VitalRule) -> Bool = { _ in false }
    /// Whether anything may be due, or asked, at all.
    var mayMeasure = true
    /// Vitals of the check's author.
    var ownVitals: [VitalQuestion] = []
    /// Questions of the check's author.
    var questions: [OwnQuestion] = []
    /// What time it is here.
    var wall: @Sendable () -> Timestamp = { Timestamp(microseconds: 0) }
    var now: @Sendable () -> NIODeadline = { .uptimeNanoseconds(0) }
}

extension PostgresDialogue {
    /// A question on its way.
    struct Asking {
        /// A statement of the check's author goes into a transaction of its own: that is begun, and only when
        /// the server has said that it may read and nothing else, the statement follows.
        enum Step {
            case direct, beginning, own
        }

        var step = Step.direct
        /// What the author wrote.
        var statement = ""
        /// So many times the server has still to say that it is ready.
        var awaited = 1
        var askedAt: Timestamp?
        var since: NIODeadline?
        /// Of the rows of an answer to the author.
        private var bytes = 0
        private(set) var hasTooMuch = false

        /// Counts a row of an answer to the author.
        ///
        /// - Returns: whether it is not to be kept.
        mutating func isTooMuch(_ row: [String?]) -> Bool {
            guard step == .own else { return false }
            bytes += row.reduce(0) { $0 + ($1?.utf8.count ?? 0) }
            hasTooMuch = hasTooMuch || bytes > Examination.mostOwnBytes
            return hasTooMuch
        }

        /// The server is ready: is that only a part of the answer?
        mutating func isGoingOn(as stage: Stage) -> Bool {
            guard stage == .measuring else { return false }
            awaited -= 1
            return awaited > 0
        }
    }
}
