import NIOCore
import NIOPosix
import VitalsCore
package import VitalsEngine

/// Everything that opens sockets outward, put together: threads, resolvers, probes and channels.
package final class Network: Sendable {
    package let loops: NetworkLoops
    private let probeGroup: MultiThreadedEventLoopGroup
    private let workers: NIOThreadPool

    /// - Parameters:
    ///   - loopCount: threads for probes. Default: 1, which is enough for ten thousand checks.
    ///   - resolver: where names are looked up. Default: as the machine does.
    ///   - clock: for the days that certificates have left.
    package init(
        loopCount: Int = 1, resolver: ResolverSettings = ResolverSettings(), clock: MachineClock
    ) throws {
        precondition(loopCount > 0)
        workers = NIOThreadPool(numberOfThreads: 1)
        workers.start()
        probeGroup = MultiThreadedEventLoopGroup(numberOfThreads: loopCount)
        loops = try NetworkLoops(probeGroup, resolver: resolver, workers: workers, wall: clock.wall)
    }

    /// The port on which the scheduler runs; every probe of `forms` may be started on each.
    package var probeLoops: [NIOProbeLoop] { loops.eventLoops.map(NIOProbeLoop.init) }

    /// The kinds of probe, one line each.
    package var forms: [ProbeForm] {
        [
            TCPProbe.form(on: loops)
        ]
    }

    /// Ends the threads. What is still under way is dropped without a verdict: cancel it before.
    package func shutdown() async throws {
        try await probeGroup.shutdownGracefully()
        try await workers.shutdownGracefully()
    }
}
