package import NIOCore
package import NIOPosix
package import VitalsCore

/// The event loops on which probes run, each with what its runs share.
package final class NetworkLoops: Sendable {
    /// At least one, in a fixed order.
    package let eventLoops: [any EventLoop]
    private let loops: [ObjectIdentifier: NIOLoopBound<NetworkLoop>]

    /// Reads the resolver's files before it returns; not to be called on one of the loops.
    ///
    /// - Parameters:
    ///   - workers: a pool of one thread, for what would block or is heavy.
    ///   - wall: for the days that a certificate has left.
    package init(
        _ group: MultiThreadedEventLoopGroup, resolver: ResolverSettings = ResolverSettings(),
        workers: NIOThreadPool, wall: @escaping @Sendable () -> Timestamp
    ) throws {
        eventLoops = Array(group.makeIterator())
        var loops: [ObjectIdentifier: NIOLoopBound<NetworkLoop>] = [:]
        for eventLoop in eventLoops {
            loops[ObjectIdentifier(eventLoop)] =
                try eventLoop.submit {
                    let loop = NetworkLoop(eventLoop, resolver: resolver, workers: workers, wall: wall)
                    return NIOLoopBound(loop, eventLoop: eventLoop)
                }.wait()
        }
        self.loops = loops
    }

    /// Waits until what servers are still to be told is told: that they need not go on with what nobody waits
    /// for. Two seconds at most.
    func errandsEnded() async throws {
        for loop in loops.values {
            try await loop.eventLoop.flatSubmit { loop.value.errandsEnded() }.get()
        }
    }

    /// The loop on whose thread this is called; which must be one of these.
    package var current: NetworkLoop {
        guard let eventLoop = MultiThreadedEventLoopGroup.currentEventLoop,
            let loop = loops[ObjectIdentifier(eventLoop)]
        else { preconditionFailure("a run begins on a probe loop") }
        return loop.value
    }
}
