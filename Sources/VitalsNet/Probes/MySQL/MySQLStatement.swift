import VitalsCore

/// One statement of a session: what is asked, when the time counts for which phase, and what its answer
/// means.
///
/// A session asks them one after the other, on the one connection; what a statement concludes may have others
/// follow it at once. The last one without a fault ends the run well.
struct MySQLStatement: Sendable {
    let text: String
    let phase: Phase
    /// Whether the server is to be asked to give it up when nobody waits for it any more.
    var isAbandonedAtDeadline = true
    var limits = MySQLLimits()
    /// What it means that no answer has come by the deadline; nothing: just that.
    var overdue: @Sendable (MySQLServer) -> MySQLVerdict? = { _ in nil }
    /// What follows from the answer. It may add to what is known of the server.
    let conclude: @Sendable (MySQLAnswer, inout MySQLServer) -> MySQLConclusion
}

/// What follows from an answer.
enum MySQLConclusion: Sendable {
    /// These steps, none of them a verdict or a send, and then these statements before those that wait.
    case goOn([ProbeStep] = [], then: [MySQLStatement] = [])
    /// The run is over.
    case fault(Cause, code: String? = nil, message: String)
    /// The verdict is in, and nothing of what waits is asked any more; but what is to be measured still is.
    case verdict(MySQLVerdict, after: [ProbeStep] = [])

    /// This, and then what follows from something else.
    func then(_ next: MySQLConclusion) -> MySQLConclusion {
        guard case .goOn(let steps, let statements) = self else { return self }
        return switch next {
        case .goOn(let later, let more): .goOn(steps + later, then: statements + more)
        case .verdict(let verdict, let later): .verdict(verdict, after: steps + later)
        case .fault: next
        }
    }

    /// The cause of an error of the server, in its words.
    static func fault(_ error: MySQLServerError) -> MySQLConclusion {
        .fault(
            MySQLCause.of(error, at: .query), code: String(error.number),
            message: error.message.isEmpty ? "the server gave no reason" : error.message)
    }

    static func unexpected(_ message: String) -> MySQLConclusion {
        .fault(.unexpectedReply, message: message)
    }
}

/// What is wrong, before it is told.
struct MySQLVerdict: Sendable, Equatable {
    let cause: Cause
    let code: String?
    let message: String

    init(_ cause: Cause, code: String? = nil, _ message: String) {
        self.cause = cause
        self.code = code
        self.message = message
    }
}
