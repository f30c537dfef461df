/// Why the node speaks of its store, past it; the raw value is the reason in the notification.
enum StoreTrouble: String, Sendable, CaseIterable {
    case unwritable = "store_unwritable"
    /// A commit does not end.
    case hanging = "store_hangs"
    /// It holds what nobody wrote.
    case damaged = "store_damaged"

    /// The reason under which the end of any of them is told.
    static let over = "store_writable"

    init(_ error: any Error) {
        self = (error as? any StoreFailure)?.isDamage == true ? .damaged : .unwritable
    }
}
