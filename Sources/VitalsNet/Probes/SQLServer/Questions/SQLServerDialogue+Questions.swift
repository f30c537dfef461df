import NIOCore
import VitalsCore

extension SQLServerDialogue {
    /// A statement of the check's author on its way, in a transaction of its own that is rolled back whatever
    /// it was.
    struct OwnAsking {
        enum Step {
            case beginning, statement, ending
        }

        let statement: String
        let timeout: Duration
        var step = Step.beginning
        /// Whether its time is over: whatever comes then is too late.
        var isLate = false
    }

    /// What an answer is taken of; the rest is passed over.
    private static let ownLimits = SQLServerLimits(
        rows: Examination.mostOwnRows + 1, bytes: Examination.mostOwnBytes)

    /// - Parameter statement: as the author wrote it.
    mutating func askOwn(_ statement: String, within timeout: Duration) -> [ProbeStep] {
        if let refusal = SQLServerReadingStatement.refusal(of: statement) {
            return refuseOwn(refusal) + goOn()
        }
        own = OwnAsking(statement: SQLServerReadingStatement.trimmed(statement), timeout: timeout)
        return [put(SQLServerOwnSession.begin)]
    }

    /// An answer to a part of it.
    mutating func takeOwn(_ answer: SQLServerAnswer, _ own: OwnAsking) -> [ProbeStep] {
        switch own.step {
        case .beginning where answer.error == nil:
            return [
                goOnOwn(.statement, own.statement, within: Self.ownLimits), .wake(after: own.timeout),
            ]
        case .statement where own.isLate:
            return refuseOwn("took longer than \(own.timeout.shortText)") + [end()]
        case .beginning, .statement:
            let vitals = outcome(of: answer).vitals
            return vitals.map(ProbeStep.vital) + [end()]
        case .ending:
            self.own = nil
            return goOn()
        }
    }

    /// A statement of the author whose time is over: there is no limit that a server of this kind keeps by
    /// itself, so it is told.
    mutating func woken() -> [ProbeStep] {
        guard let own, own.step == .statement, !isGivingUp, let asking,
            Duration(measuring.now() - asking.since) >= own.timeout
        else { return [] }
        self.own?.isLate = true
        isGivingUp = true
        return [.note("asking the server to give up the query"), .send(TDSFrontend.attention)]
    }

    /// It is not answered; with the time that it took, if it was asked.
    private mutating func refuseOwn(_ reason: String) -> [ProbeStep] {
        let took = own?.step == .statement ? asking.map { Duration(measuring.now() - $0.since) } : nil
        let vitals = examination?.refused(reason, isForWantOfRights: false, after: took ?? .zero) ?? []
        return vitals.map(ProbeStep.vital)
    }

    private mutating func end() -> ProbeStep { goOnOwn(.ending, SQLServerOwnSession.end) }

    private mutating func goOnOwn(
        _ step: OwnAsking.Step, _ text: String, within limits: SQLServerLimits = SQLServerLimits()
    ) -> ProbeStep {
        own?.step = step
        return put(text, within: limits)
    }
}

/// What is said to a session around a statement of the check's author.
enum SQLServerOwnSession {
    /// No more rows, and of each value no more bytes, than are taken; then a transaction, so that nothing can
    /// stay.
    static let begin =
        "SET ROWCOUNT \(Examination.mostOwnRows + 1); SET TEXTSIZE \(Examination.mostOwnBytes); "
        + "BEGIN TRANSACTION"
    /// The session as it was.
    static let end = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION; SET ROWCOUNT 0; SET TEXTSIZE -1"
}
