import VitalsCore
import VitalsEngine
import VitalsTesting

/// The store, which outlives every crash, and what is wrong with it at times.
struct FaultyTables {
    enum Behaviour: CaseIterable {
        case works, isSlow, fails, losesAnswers, falters
    }

    /// What became of a batch.
    enum Fate {
        case written, notWritten, writtenUnanswered
    }

    var behaviour = Behaviour.works
    private(set) var tables = MemoryTables()

    /// How long the next batch takes and what will become of it.
    func fate(using generator: inout SeededGenerator) -> (fate: Fate, after: Duration) {
        let quick = Duration.microseconds(500 + Int64(generator.next() & 0xFFF))
        switch behaviour {
        case .works: return (.written, quick)
        case .isSlow: return (.written, .microseconds(generator.microseconds(around: .seconds(8))))
        case .fails: return (.notWritten, quick)
        case .losesAnswers: return (.writtenUnanswered, quick)
        case .falters: return (generator.pick([.written, .notWritten, .writtenUnanswered]), quick)
        }
    }

    mutating func record(_ batch: Batch) throws(Interruption) {
        do {
            try tables.record(batch)
        } catch {
            throw .broken("the store knows every health check", "\(error)")
        }
    }

    mutating func prune(before cutoff: Timestamp) {
        while tables.prune(before: cutoff, limit: 2_000) == 2_000 {}
    }
}
