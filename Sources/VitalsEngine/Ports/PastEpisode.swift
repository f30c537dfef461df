package import VitalsCore

/// An episode as the API lists it.
package struct PastEpisode: Sendable, Equatable {
    package let opened: OpenedEpisode
    /// Nothing while it lasts.
    package let ended: EndedEpisode?
    /// Of the run that opened it; nothing once that is not kept any more.
    package let fault: Fault?

    package init(_ opened: OpenedEpisode, ended: EndedEpisode?, fault: Fault?) {
        self.opened = opened
        self.ended = ended
        self.fault = fault
    }

    package var place: Place { Place(at: opened.at, id: opened.id) }

    /// Where it stands in the list: the newest first, and by their ids those of one instant.
    package struct Place: Sendable, Equatable {
        package let at: Timestamp
        package let id: EpisodeID

        package init(at: Timestamp, id: EpisodeID) {
            self.at = at
            self.id = id
        }

        /// Whether it stands further down.
        package func follows(_ other: Place) -> Bool {
            at < other.at || (at == other.at && id > other.id)
        }
    }

    /// Which of them are wanted.
    package struct Query: Sendable, Equatable {
        /// Nothing: of all.
        package var healthCheck: HealthCheckID?
        /// Those that last, those that are over; nothing: both.
        package var isOpen: Bool?
        /// Only what follows this one.
        package var after: Place?
        /// 1 to 10,000.
        package var limit: Int

        package init(
            of healthCheck: HealthCheckID? = nil, isOpen: Bool? = nil, after: Place? = nil, limit: Int
        ) {
            self.healthCheck = healthCheck
            self.isOpen = isOpen
            self.after = after
            self.limit = limit
        }
    }
}
