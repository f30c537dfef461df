/// A condition that did not come true in time.
package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String
}

/// Waits until `condition` gives a value and returns it: what tests do instead of waiting for a time. The
/// last error of `condition` is told if it never does.
///
/// - Parameters:
///   - what: what is waited for, as the failure names it.
///   - limit: how long at most; asked every 20 ms, and ten times at least: on a busy machine the limit may
///     pass before the second question is asked.
@discardableResult
package func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(20), condition: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now.advanced(by: limit)
    var lastError: (any Error)?
    var asked = 0
    repeat {
        asked += 1
        do {
            if let value = try await condition() { return value }
            lastError = nil
        } catch {
            lastError = error
        }
        try await clock.sleep(for: .milliseconds(20))
    } while clock.now < deadline || asked < 10
    let because = lastError.map { ": \($0)" } ?? ""
    throw NeverHappened(description: "after \(limit) still not: \(what)\(because)")
}

/// Waits until `condition` holds.
package func eventually(
    that what: String, within limit: Duration = .seconds(20), condition: () async throws -> Bool
) async throws {
    try await eventually(what, within: limit) { try await condition() ? () : nil }
}
