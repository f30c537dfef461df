package import VitalsCore

/// Something that became true and was stored; what the live stream is made of.
package struct Signal: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        /// With what was wrong, if something was.
        case transition(Transition, Fault?)
        case delivery(Attempt, of: Notification)
        /// A run ended, in whatever way.
        case runCompleted(Run)
    }

    /// 1 for the first since the start.
    package let sequence: Int
    package let content: Content

    package init(sequence: Int, content: Content) {
        self.sequence = sequence
        self.content = content
    }

    /// The event's name in the stream.
    package var type: String {
        switch content {
        case .transition: "transition"
        case .delivery: "delivery"
        case .runCompleted: "run.completed"
        }
    }

    package var healthCheck: HealthCheckID? {
        switch content {
        case .transition(let transition, _): transition.healthCheck
        case .delivery(_, let notification): notification.healthCheck
        case .runCompleted(let run): run.healthCheck
        }
    }

    package var json: JSON {
        switch content {
        case .transition(let transition, let fault):
            PastTransition(transition, fault: fault).json
        case .delivery(let attempt, let notification):
            attempt.json(of: notification)
        case .runCompleted(let run):
            ["health_check": .string(run.healthCheck.text), "run": run.json]
        }
    }
}

extension Attempt {
    /// The attempt as the deliveries of the API show it, without the row's id.
    func json(of notification: Notification) -> JSON {
        let (status, httpStatus, error): (Delivery.Status, Int?, String?) =
            switch outcome {
            case .delivered(let httpStatus, let note): (.delivered, httpStatus, note)
            case .failed(let httpStatus, let message, _): (.failed, httpStatus, message)
            case .refused(let httpStatus, let message): (.failed, httpStatus, message)
            }
        return [
            "notification": .string(notification.id.text),
            "episode": JSON(notification.episode?.text),
            "type": .string(notification.kind.rawValue),
            "health_check": JSON(notification.healthCheck?.text),
            "channel": .string(notification.channel.text),
            "attempt": .integer(Int64(number)),
            "at": JSON(at),
            "status": .string(status.rawValue),
            "http_status": httpStatus.map { .integer(Int64($0)) } ?? .null,
            "error": JSON(error),
            "next_attempt_at": JSON(nextAttemptAt),
        ]
    }
}
