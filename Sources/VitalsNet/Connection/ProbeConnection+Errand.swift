import NIOCore
import VitalsCore

extension ProbeConnection {
    private static let errandTimeout = Duration.seconds(2)
    /// More would mean that a whole fleet of servers hangs in queries: then there are enough.
    private static let mostErrands = 256

    /// Begins it after whatever is performed now.
    func begin(_ errand: ProbeErrand) {
        guard loop.errands < Self.mostErrands, let address = target.literal ?? context?.channel.remoteAddress
        else { return }
        loop.errands += 1
        loop.eventLoop.assumeIsolated().execute { [loop, target] in
            _ = ProbeConnection.start(
                target.reached(at: address), errand.dialogue(), timeout: Self.errandTimeout, on: loop
            ) { _, _ in loop.errands -= 1 }
        }
    }
}
