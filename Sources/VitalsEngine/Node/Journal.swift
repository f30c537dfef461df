package import Logging
import VitalsCore

/// The node's log: one line a transition, with its fields, and never one a run.
package struct Journal: Sendable {
    private let logger: Logger

    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// Writes down the transitions and what became of deliveries for good.
    func note(_ signals: [Signal.Content]) {
        for signal in signals {
            switch signal {
            case .transition(let transition, let fault):
                note(transition, fault)
            case .delivery(let attempt, let notification):
                note(attempt, of: notification)
            case .runCompleted:
                break
            }
        }
    }

    func storeFailed(_ error: any Error, failures: Int) {
        logger.error(
            "store cannot be written", metadata: ["error": "\(error)", "failures": "\(failures)"])
    }

    func storeHangs() {
        logger.error("store does not answer: a commit has been under way for more than 10 s")
    }

    func storeDamaged(_ error: any Error) {
        logger.error("store is damaged", metadata: ["error": "\(error)"])
    }

    func spoolFailed(_ error: any Error, slots: Int) {
        logger.error(
            "spool failed and is not used any more: what was in it is missed",
            metadata: ["error": "\(error)", "slots": "\(slots)"])
    }

    func unrecorded(results: Int) {
        logger.error("stopped with results that could not be recorded", metadata: ["results": "\(results)"])
    }

    func configured(_ read: ReadConfiguration) {
        for warning in read.warnings { logger.warning("\(warning)") }
        logger.notice(
            "configuration is in force",
            metadata: [
                "health_checks": "\(read.configuration.healthChecks.count)",
                "channels": "\(read.configuration.channels.count)",
            ])
    }

    func configurationWaits(_ sections: [String]) {
        for section in sections {
            logger.warning("`\(section)` has changed, and holds from the next start on")
        }
    }

    func configurationRefused(_ problems: [Substring]) {
        for problem in problems {
            logger.error("the configuration is wrong; what was in force stays so: \(problem)")
        }
    }

    func configurationNotRecorded(_ error: any Error) {
        logger.error("a change of the configuration was not recorded", metadata: ["error": "\(error)"])
    }

    func storeRecovered() {
        logger.notice("store can be written again")
    }

    func started(healthChecks: Int, channels: Int) {
        logger.notice("watching", metadata: ["health_checks": "\(healthChecks)", "channels": "\(channels)"])
    }

    func deadmanFailed(_ message: String) {
        logger.warning("dead-man's switch cannot be called", metadata: ["error": "\(message)"])
    }

    func deadmanRecovered() {
        logger.notice("dead-man's switch can be called again")
    }

    func pruned(rows: Int, before cutoff: Timestamp) {
        logger.info("pruned", metadata: ["rows": "\(rows)", "before": "\(cutoff.iso8601)"])
    }

    func pruneFailed(_ error: any Error) {
        logger.error("prune failed", metadata: ["error": "\(error)"])
    }

    func droppedDay(of kept: Retention.Kept, before cutoff: Timestamp, bytes: Int64) {
        let rows =
            switch kept {
            case .runs: "runs"
            case .tallies(.hour): "hours"
            case .tallies(.day): "days"
            }
        logger.warning(
            "store is over its size: dropping the oldest \(rows)",
            metadata: ["bytes": "\(bytes)", "before": "\(cutoff.iso8601)"])
    }

    private func note(_ transition: Transition, _ fault: Fault?) {
        var fields: Logger.Metadata = [
            "health_check": "\(transition.healthCheck)",
            "from": "\(transition.from.rawValue)",
            "to": "\(transition.to.rawValue)",
            "at": "\(transition.at.iso8601)",
        ]
        if let fault {
            fields["cause"] = "\(fault.cause.rawValue)"
            fields["phase"] = "\(fault.phase.rawValue)"
            fields["message"] = "\(fault.message)"
        }
        logger.notice("state changed", metadata: fields)
    }

    private func note(_ attempt: Attempt, of notification: Notification) {
        let fields: Logger.Metadata = [
            "notification": "\(notification.id)",
            "type": "\(notification.kind.rawValue)",
            "channel": "\(notification.channel)",
            "attempt": "\(attempt.number)",
        ]
        switch attempt.outcome {
        case .delivered(_, nil):
            logger.info("notification delivered", metadata: fields)
        case .delivered(_, let note?):
            logger.warning(
                "notification delivered, but not to all",
                metadata: fields.merging(["error": "\(note)"]) { $1 })
        case .failed(_, let message, _), .refused(_, let message):
            logger.warning(
                attempt.nextAttemptAt == nil ? "notification failed for good" : "notification failed",
                metadata: fields.merging(["error": "\(message)"]) { $1 })
        }
    }
}
