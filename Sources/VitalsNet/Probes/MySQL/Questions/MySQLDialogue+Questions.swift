import NIOCore
import VitalsCore

extension MySQLDialogue {
    /// A statement of the check's author on its way, in a transaction of its own: only when the server has
    /// said that the transaction can read and nothing else, the statement follows, and after it the
    /// transaction's end.
    struct OwnAsking {
        enum Step {
            case bounding, beginning, statement, ending
        }

        let statement: String
        let timeout: Duration
        var step = Step.bounding
        /// Whether the server has been asked to give the statement up: whatever it answers then is too late.
        var isGivenUp = false
    }

    /// What an answer is taken of; the rest is passed over.
    private static let ownLimits = MySQLLimits(
        rows: Examination.mostOwnRows + 1, bytes: Examination.mostOwnBytes, columns: 4_096,
        passesOver: true)
    /// Beyond the timeout: the server's own limit strikes first, where it has one.
    private static let grace = Duration.milliseconds(300)

    /// - Parameter statement: as the author wrote it.
    mutating func askOwn(_ statement: String, within timeout: Duration) -> [ProbeStep] {
        if let refusal = MySQLReadingStatement.refusal(of: statement) { return refuseOwn(refusal) + goOn() }
        own = OwnAsking(statement: MySQLReadingStatement.trimmed(statement), timeout: timeout)
        isBoundForOwn = true
        return [put(MySQLOwnSession.bounds(server, within: timeout))]
    }

    /// An answer to a part of it.
    mutating func takeOwn(_ answer: MySQLAnswer, _ own: OwnAsking) -> [ProbeStep] {
        switch (own.step, answer) {
        // What hangs is given up when its time is over.
        case (.bounding, .error(let error)):
            return [unbounded(error), goOnOwn(.beginning, MySQLOwnSession.begin)]
        case (.bounding, _):
            return [goOnOwn(.beginning, MySQLOwnSession.begin)]
        case (.beginning, .done) where MySQLOwnSession.canOnlyRead(reader.status):
            return [goOnOwn(.statement, own.statement), .wake(after: own.timeout + Self.grace)]
        case (.statement, _) where own.isGivenUp:
            return refuseOwn(Self.lateness(of: answer, own)) + [goOnOwn(.ending, MySQLOwnSession.end)]
        case (.beginning, .error), (.statement, _):
            let vitals = outcome(of: answer).vitals
            return vitals.map(ProbeStep.vital) + [goOnOwn(.ending, MySQLOwnSession.end)]
        case (.beginning, _):
            let reason = "not asked: the server did not say that the transaction can only read"
            return refuseOwn(reason) + [goOnOwn(.ending, MySQLOwnSession.end)]
        case (.ending, _):
            self.own = nil
            return goOn()
        }
    }

    /// A statement of the author that the server has not ended by itself: it costs its own time and no more.
    mutating func woken() -> [ProbeStep] {
        guard let own, own.step == .statement, let asking,
            Duration(measuring.now() - asking.since) >= own.timeout
        else { return [] }
        self.own?.isGivenUp = true
        return giveUp(asking.text)
    }

    private static func lateness(of answer: MySQLAnswer, _ own: OwnAsking) -> String {
        let late = "took longer than \(own.timeout.shortText)"
        guard case .error(let error) = answer else { return late }
        return "\(late): \(error.message) (\(error.number))"
    }

    /// It is not answered; with the time that it took, if it was asked.
    private mutating func refuseOwn(_ reason: String) -> [ProbeStep] {
        let took = own?.step == .statement ? asking.map { Duration(measuring.now() - $0.since) } : nil
        let vitals = examination?.refused(reason, isForWantOfRights: false, after: took ?? .zero) ?? []
        return vitals.map(ProbeStep.vital)
    }

    private mutating func goOnOwn(_ step: OwnAsking.Step, _ text: String) -> ProbeStep {
        own?.step = step
        return put(text, within: step == .statement ? Self.ownLimits : MySQLLimits())
    }
}

/// What is said to a session around a statement of the check's author.
enum MySQLOwnSession {
    static let begin = "START TRANSACTION READ ONLY"
    static let end = "ROLLBACK"

    /// Limits for the statement: of its rows, where it names none itself, and of its time.
    static func bounds(_ server: MySQLServer?, within timeout: Duration) -> String {
        let milliseconds = max(timeout.microseconds / 1_000, 1)
        let rows = "SET SESSION sql_select_limit = \(Examination.mostOwnRows + 1)"
        guard let server else { return rows }
        if server.isMariaDB {
            let rest = String(milliseconds % 1_000)
            let zeros = String(repeating: "0", count: 3 - rest.count)
            return "\(rows), max_statement_time = \(milliseconds / 1_000).\(zeros)\(rest)"
        }
        // From 5.7.8 on.
        let hasLimit = server.versionNumber >= 50_708
        return hasLimit ? "\(rows), max_execution_time = \(milliseconds)" : rows
    }

    /// The limits that our own statements have.
    static func release(_ server: MySQLServer?) -> String {
        let rows = "SET SESSION sql_select_limit = DEFAULT"
        guard let server else { return rows }
        if server.isMariaDB { return "\(rows), max_statement_time = DEFAULT" }
        return server.versionNumber >= 50_708 ? "\(rows), max_execution_time = 2000" : rows
    }

    /// Whether the server says that it is in a transaction, and that this can only read
    /// (`SERVER_STATUS_IN_TRANS`, `SERVER_STATUS_IN_TRANS_READONLY`). A server or proxy that knows no such
    /// transactions, or leaves the words out, does not say so.
    static func canOnlyRead(_ status: UInt16) -> Bool { status & 0x2001 == 0x2001 }
}
