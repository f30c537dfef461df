/// How many runs it takes to change a state. Inconclusive runs and misses neither count, nor break a row, nor
/// leave the window.
package enum Thresholds: Sendable, Equatable {
    /// By runs in a row.
    case rows(Rows)
    /// By the newest so many runs, in whatever order.
    case window(Window)

    package struct Rows: Sendable, Equatable {
        /// Fails in a row that make it unhealthy.
        package let failure: Int
        /// Passes in a row that make it healthy.
        package let success: Int
        /// Runs in a row that were no passes, at least one of them a warn, that make it degraded.
        package let warn: Int
        /// Runs in a row that were no passes, of whatever kind, that make it degraded; nothing: no such rule.
        package let degraded: Int?

        package init(failure: Int = 3, success: Int = 1, warn: Int = 3, degraded: Int? = nil) {
            precondition(failure > 0)
            precondition(success > 0)
            precondition(warn > 0)
            precondition((degraded ?? 1) > 0)
            self.failure = failure
            self.success = success
            self.warn = warn
            self.degraded = degraded
        }
    }

    package struct Window: Sendable, Equatable {
        /// How many runs it looks back; while there are fewer, it judges by those.
        package let size: Int
        /// Fails among them that make it unhealthy.
        package let unhealthy: Int
        /// Runs among them that were no passes that make it degraded.
        package let degraded: Int

        package static let largest = 100

        package init(size: Int = 10, unhealthy: Int = 7, degraded: Int = 3) {
            precondition((1...Self.largest).contains(size))
            precondition((1...size).contains(unhealthy))
            precondition((1...size).contains(degraded))
            self.size = size
            self.unhealthy = unhealthy
            self.degraded = degraded
        }
    }

    /// Rows of these lengths.
    package init(failure: Int = 3, success: Int = 1, warn: Int = 3, degraded: Int? = nil) {
        self = .rows(Rows(failure: failure, success: success, warn: warn, degraded: degraded))
    }

    /// A window of this size.
    package init(window size: Int, unhealthy: Int, degraded: Int) {
        self = .window(Window(size: size, unhealthy: unhealthy, degraded: degraded))
    }

    /// Passes in a row beyond which one more says nothing new.
    package var success: Int {
        switch self {
        case .rows(let rows): rows.success
        case .window: 1
        }
    }

    /// How many runs in a row may confirm one that disagrees with the state: one fewer than the highest
    /// threshold of rows. A window has seen enough runs by itself.
    package var mostConfirmations: Int {
        switch self {
        case .rows(let rows): max(rows.failure, rows.success, rows.warn, rows.degraded ?? 1) - 1
        case .window: 0
        }
    }
}
