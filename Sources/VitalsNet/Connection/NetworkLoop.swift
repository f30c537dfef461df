package import NIOCore
import NIOPosix
import VitalsCore

/// What the runs on one event loop share: names resolved, TLS contexts, certificates read. Confined to that
/// loop, so that nothing of it needs a lock.
package final class NetworkLoop {
    package let eventLoop: any EventLoop
    let resolver: Resolver
    let tlsContexts: TLSContexts
    let tokens = OAuthTokens()
    var certificates = CertificateCache()
    /// How many errands are under way.
    var errands = 0 {
        didSet {
            guard errands == 0 else { return }
            for waiter in waiters { waiter.succeed() }
            waiters = []
        }
    }

    private var waiters: [EventLoopPromise<Void>] = []
    private let workers: NIOThreadPool
    /// What time it is here.
    let wall: @Sendable () -> Timestamp

    init(
        _ eventLoop: any EventLoop, resolver: ResolverSettings, workers: NIOThreadPool,
        wall: @escaping @Sendable () -> Timestamp
    ) {
        self.eventLoop = eventLoop
        self.workers = workers
        self.wall = wall
        self.resolver = Resolver(resolver, eventLoop: eventLoop, workers: workers)
        tlsContexts = TLSContexts(eventLoop: eventLoop, workers: workers)
    }

    var secondsSinceEpoch: Int { Int(wall().microseconds / 1_000_000) }

    /// Done once no errand is under way any more; each has a deadline of its own.
    func errandsEnded() -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        if errands == 0 { promise.succeed() } else { waiters.append(promise) }
        return promise.futureResult
    }

    /// Does the work on the thread for such, unless it is cancelled before its turn, and calls back on this
    /// loop.
    func compute(_ work: ProbeWork, _ done: @escaping (any Sendable) -> Void) -> CancellableWork {
        let ticket = CancellableWork()
        workers.runIfActive(eventLoop: eventLoop) { () -> (any Sendable)? in
            ticket.isCancelled ? nil : work.perform()
        }
        .assumeIsolated()
        .whenSuccess { value in
            guard let value, !ticket.isCancelled else { return }
            done(value)
        }
        return ticket
    }
}
