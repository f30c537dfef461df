import GRDB

extension StoreError {
    /// What an error of the database means to whoever uses the store.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError:
            self = error
        case let error as DatabaseError where Self.isCorruption(error):
            self = .corrupt(error.message ?? "\(error.resultCode)")
        case let error as DatabaseError:
            self = .unavailable(error.message ?? "\(error.resultCode)")
        default:
            self = .unavailable("\(error)")
        }
    }

    private static func isCorruption(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
    }
}
