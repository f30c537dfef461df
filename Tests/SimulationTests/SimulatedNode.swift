import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// One process: the engine's values, and what is on its way between them. A crash forgets all of it.
struct SimulatedNode {
    /// A run on its way.
    struct Flight: Comparable {
        let endsAt: Int64
        let job: Job
        let startedAt: Timestamp
        let healthCheck: HealthCheck
        let result: ProbeResult

        static func < (left: Flight, right: Flight) -> Bool {
            (left.endsAt, left.job.ticket) < (right.endsAt, right.job.ticket)
        }

        static func == (left: Flight, right: Flight) -> Bool { left.job.ticket == right.job.ticket }
    }

    /// A batch on its way to the store.
    struct Writing {
        let batch: [LedgerItem]
        let changes: Changes
        let draftedAt: Timestamp
        /// Since when pings were heard by then.
        let listeningSince: Timestamp
        /// How often it was written: more than once if an answer was lost.
        var writings: Int
        let fate: FaultyTables.Fate
        let answersAt: Int64
    }

    /// What a reference point will say.
    struct Answer {
        let endsAt: Int64
        let question: Int
        let isReached: Bool
    }

    /// An attempt on its way.
    struct Sending {
        let endsAt: Int64
        let notification: Notification
        let outcome: DeliveryOutcome
    }

    /// What the scheduler has not been told yet.
    struct Hop {
        let arrivesAt: Int64
        let consequences: Consequences
    }

    /// Another configuration, on its way to the store.
    struct Change {
        let scenario: Scenario
        let reconfiguration: Reconfiguration
    }

    let startedAt: Timestamp
    /// By their places in the schedule; those that were removed as they were last.
    var healthChecks: [HealthCheck]
    /// Where the auditor keeps each health check.
    var places: [Int]
    var clock: NodeClock.Reading
    /// From the boot-time clock to instants, as of the last reading.
    var offset: Int64
    var schedule: Schedule
    var inbox: Inbox
    var ledger: Ledger
    var dispatch = Dispatch()
    var lookout: Lookout
    var flights = Heap<Flight>()
    var writing: Writing?
    /// What was not recorded, as far as is known.
    var failed: Writing?
    var change: Change?
    var sendings: [Sending] = []
    /// Nothing: there are no reference points.
    var connectivity: Connectivity?
    var answers: [Answer] = []
    /// Runs that ended, and wait for what the reference points say.
    var inDoubt: [(flight: Flight, result: ProbeResult, endedAt: Int64)] = []
    /// The `at` of the last run of each health check that was handed over, by its index.
    var lastEnded: [Int: Timestamp] = [:]
    var hops: [Hop] = []
    /// The lowest ticket that answers whoever waits for a run, by the health check's index.
    var awaited: [Int: Int] = [:]
    /// When the recorder looks up next, come what may.
    var looksAt: Int64
    /// While it is being stopped: when what is in flight is cut short.
    var cutsShortAt: Int64?

    var isStopping: Bool { cutsShortAt != nil }
}
