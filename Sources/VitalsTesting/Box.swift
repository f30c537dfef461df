import Synchronization

/// Carries a value out of a test's closure.
package final class Box<Value: Sendable>: Sendable {
    private let held = Mutex<Value?>(nil)

    package init() {}

    /// What was put in last; nothing before.
    package var value: Value? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
