import Glibc
import Synchronization
import VitalsCore

/// One kill: at a moment, or with the first occasion after it.
final class Blow: Sendable {
    /// What a server is doing when it is killed.
    enum Occasion: Sendable {
        /// It has just said on the stream what it recorded.
        case event
        /// It is delivering a notification.
        case request
    }

    private struct State {
        var isRaised = false
        var fellAt: Timestamp?
    }

    private let server: VitalsServer
    private let moment: Duration
    private let occasion: Occasion?
    private let state = Mutex(State())

    /// - Parameter occasion: nothing: at the moment itself.
    init(on server: VitalsServer, after moment: Duration, with occasion: Occasion? = nil) {
        self.server = server
        self.moment = moment
        self.occasion = occasion
    }

    var fellAt: Timestamp? { state.withLock(\.fellAt) }

    /// The moment is counted from now.
    func raise() {
        startThread { [self] in
            Pause.thread(for: moment)
            if occasion != nil {
                state.withLock { $0.isRaised = true }
                // Where none comes, it falls without one.
                Pause.thread(for: .seconds(2))
            }
            fall()
        }
    }

    func notice(_ occasion: Occasion) {
        if occasion == self.occasion, state.withLock(\.isRaised) { fall() }
    }

    private func fall() {
        let isFirst = state.withLock { state in
            defer { state.fellAt = state.fellAt ?? MachineTime.wall }
            return state.fellAt == nil
        }
        if isFirst { server.signal(SIGKILL) }
    }
}

/// The kill that is to come, for whoever sees an occasion.
final class NextBlow: Sendable {
    private let blow = Mutex<Blow?>(nil)

    func set(_ next: Blow) {
        blow.withLock { $0 = next }
    }

    func notice(_ occasion: Blow.Occasion) {
        blow.withLock(\.self)?.notice(occasion)
    }
}
