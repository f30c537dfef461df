/// What a program does that is put around another one: which signals it passes on, and how it ends. Its
/// child is never touched for anything that a probe found.
package struct Supervision: Sendable, Equatable {
    package enum Event: Sendable, Equatable {
        case started
        /// The child cannot be started, for this errno.
        case notStarted(Int32)
        /// Somebody sent us this one.
        case signal(Int32)
        /// The child has ended by itself, with this status.
        case exited(Int32)
        /// A signal ended it.
        case killed(Int32)
    }

    package enum Action: Sendable, Equatable {
        /// Send it to the child.
        case forward(Int32)
        /// End with this status.
        case end(Int32)
    }

    private enum Stage: Sendable {
        case before, running, over
    }

    private let hasChild: Bool
    private var stage = Stage.before

    /// Those that end a program that does nothing about them, and are meant to: SIGHUP, SIGINT, SIGQUIT,
    /// SIGTERM.
    private static let ending: Set<Int32> = [1, 2, 3, 15]
    /// As shells have it: no such program, and one that cannot be run.
    package static let notFound: Int32 = 127
    package static let notExecutable: Int32 = 126
    private static let noSuchFile: Int32 = 2

    /// - Parameter hasChild: whether there will be one; if not, a signal ends it in order.
    package init(hasChild: Bool) {
        self.hasChild = hasChild
    }

    /// Takes in what happened and says what is to be done.
    package mutating func apply(_ event: Event) -> [Action] {
        guard stage != .over else { return [] }
        switch event {
        case .started:
            stage = .running
            return []
        case .signal(let number) where stage == .running:
            return [.forward(number)]
        case .signal(let number):
            guard Self.ending.contains(number) else { return [] }
            return end(hasChild ? 128 + number : 0)
        case .notStarted(let errno):
            return end(errno == Self.noSuchFile ? Self.notFound : Self.notExecutable)
        case .exited(let status): return end(status)
        case .killed(let number): return end(128 + number)
        }
    }

    private mutating func end(_ status: Int32) -> [Action] {
        stage = .over
        return [.end(status)]
    }
}
