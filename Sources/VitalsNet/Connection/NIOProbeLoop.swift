package import NIOCore
import VitalsEngine

/// The port that the scheduler runs on: one event loop.
package struct NIOProbeLoop: ProbeLoop {
    private let eventLoop: any EventLoop

    package init(_ eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    package func execute(_ work: @escaping @Sendable () -> Void) {
        eventLoop.execute(work)
    }

    package func schedule(
        after delay: Duration, _ work: @escaping @Sendable () -> Void
    ) -> @Sendable () -> Void {
        let scheduled = eventLoop.scheduleTask(in: TimeAmount(delay), work)
        return { scheduled.cancel() }
    }
}
