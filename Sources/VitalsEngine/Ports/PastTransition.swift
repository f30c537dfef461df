package import VitalsCore

/// A transition as the API lists it.
package struct PastTransition: Sendable, Equatable {
    package let transition: Transition
    /// Of the run that caused it; nothing when that passed, or when it was no run.
    package let fault: Fault?

    package init(_ transition: Transition, fault: Fault?) {
        self.transition = transition
        self.fault = fault
    }

    package var place: Place {
        Place(at: transition.at, healthCheck: transition.healthCheck, to: transition.to)
    }

    /// Where it stands in the list: the newest first, and by health check and state those of one instant.
    package struct Place: Sendable, Equatable {
        package let at: Timestamp
        package let healthCheck: HealthCheckID
        package let to: State

        package init(at: Timestamp, healthCheck: HealthCheckID, to: State) {
            self.at = at
            self.healthCheck = healthCheck
            self.to = to
        }

        /// Whether it stands further down.
        package func follows(_ other: Place) -> Bool {
            guard at == other.at else { return at < other.at }
            return (healthCheck, to.rawValue) > (other.healthCheck, other.to.rawValue)
        }
    }

    /// Which of them are wanted.
    package struct Query: Sendable, Equatable {
        /// Nothing: of all.
        package var healthCheck: HealthCheckID?
        /// Only what follows this one.
        package var after: Place?
        /// 1 to 10,000.
        package var limit: Int

        package init(of healthCheck: HealthCheckID? = nil, after: Place? = nil, limit: Int) {
            self.healthCheck = healthCheck
            self.after = after
            self.limit = limit
        }
    }
}
