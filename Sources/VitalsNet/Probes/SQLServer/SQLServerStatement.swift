import VitalsCore

/// One batch of a session: what is asked, when the time counts for which phase, and what its answer means.
///
/// A session asks them one after the other, on the one connection; what a batch concludes may have others
/// follow it at once. The last one without a fault ends the run well.
struct SQLServerStatement: Sendable {
    let text: String
    let phase: Phase
    /// What it means that no answer has come by the deadline; nothing: just that.
    var overdue: @Sendable (SQLServerServer) -> SQLServerVerdict? = { _ in nil }
    /// What follows from the answer. It may add to what is known of the server.
    let conclude: @Sendable (SQLServerAnswer, inout SQLServerServer) -> SQLServerConclusion
}

/// What follows from an answer.
enum SQLServerConclusion: Sendable {
    /// These steps, none of them a verdict or a send, and then these batches before those that wait.
    case goOn([ProbeStep] = [], then: [SQLServerStatement] = [])
    /// The run is over.
    case fault(SQLServerVerdict)
    /// The verdict is in, and nothing of what waits is asked any more; but what is to be measured still is.
    case verdict(SQLServerVerdict, after: [ProbeStep] = [])

    /// This, and then what follows from something else.
    func then(_ next: SQLServerConclusion) -> SQLServerConclusion {
        guard case .goOn(let steps, let statements) = self else { return self }
        return switch next {
        case .goOn(let later, let more): .goOn(steps + later, then: statements + more)
        case .verdict(let verdict, let later): .verdict(verdict, after: steps + later)
        case .fault: next
        }
    }

    /// The cause of an error of the server, in its words.
    static func fault(_ error: SQLServerError) -> SQLServerConclusion {
        .fault(SQLServerVerdict(SQLServerCause.of(error, at: .query), code: error.code, error.reason))
    }

    static func unexpected(_ message: String) -> SQLServerConclusion {
        .fault(SQLServerVerdict(.unexpectedReply, message))
    }
}

/// What is wrong, before it is told.
struct SQLServerVerdict: Sendable, Equatable {
    let cause: Cause
    let code: String?
    let message: String

    init(_ cause: Cause, code: String? = nil, _ message: String) {
        self.cause = cause
        self.code = code
        self.message = message
    }
}
