import GRDB
import VitalsCore

/// Columns as the values of the domain.
extension Row {
    func requiredInstant(_ column: String) -> Timestamp {
        Timestamp(microseconds: self[column])
    }

    func instant(_ column: String) -> Timestamp? {
        (self[column] as Int64?).map(Timestamp.init(microseconds:))
    }

    func identifier<Of>(_ column: String) -> ID<Of>? {
        (self[column] as String?).map { ID($0) }
    }

    /// A member of a closed list; anything else was not written by us.
    func word<Word: RawRepresentable<String>>(_ column: String) throws -> Word {
        let text: String = self[column]
        guard let word = Word(rawValue: text) else {
            throw StoreError.corrupt("'\(text)' is no \(column)")
        }
        return word
    }

    func optionalWord<Word: RawRepresentable<String>>(_ column: String) throws -> Word? {
        hasNull(column) ? nil : try word(column) as Word
    }

    private func hasNull(_ column: String) -> Bool {
        (self[column] as DatabaseValue).isNull
    }
}
