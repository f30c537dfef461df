import GRDB
import VitalsCore

/// What one batch records of hours that were made already: it is added to them, and to their days, in the
/// batch's own transaction.
struct LateTallies {
    private struct Place: Hashable {
        let key: Int64
        let hour: Timestamp
    }

    private let database: Database
    private let hours: RollUpProgress?
    private var tallies: [Place: Tally] = [:]

    init(_ database: Database) throws {
        self.database = database
        hours = try RollUpProgress.fetch(database, .hour)
    }

    /// Whether the hour in which `instant` lies has been made of the health check with this key.
    func isLate(_ instant: Timestamp, _ key: Int64) -> Bool {
        hours?.covers(Tier.hour.start(of: instant), of: key) ?? false
    }

    /// - Parameter sample: of a run that was not there before.
    mutating func add(_ sample: Sample, _ key: Int64) {
        tallies[Place(key: key, hour: Tier.hour.start(of: sample.at)), default: Tally()].add(sample)
    }

    /// - Parameter old: the miss as it was, if it has only grown.
    mutating func add(_ miss: Miss, _ key: Int64, was old: Miss?) {
        guard let end = hours?.until(of: key, by: .hour) else { return }
        for (hour, slots) in miss.growth(since: old, before: end) {
            tallies[Place(key: key, hour: hour), default: Tally()].missed += Int64(slots)
        }
    }

    func write() throws {
        guard !tallies.isEmpty else { return }
        let days = try RollUpProgress.fetch(database, .day)
        for (place, tally) in tallies {
            try TallyTable(database, .hour).merge(tally, of: place.key, start: place.hour)
            let day = Tier.day.start(of: place.hour)
            guard days?.covers(day, of: place.key) == true else { continue }
            try TallyTable(database, .day).merge(tally, of: place.key, start: day)
        }
    }
}
