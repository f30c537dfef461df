import Hummingbird
import ServiceLifecycle
import VitalsCore
import VitalsEngine

/// One listener's server-sent events (WHATWG HTML, 9.2), from the first line to the end of the answer.
struct EventStream: Sendable {
    private enum Item: Sendable {
        case signal(Signal)
        case beat
    }

    private let boot: String
    private let subscription: SignalHub.Subscription
    private let mustReset: Bool
    private let heartbeat: Duration
    private let patience: Duration
    private let hangUp: @Sendable () -> Void

    /// - Parameters:
    ///   - lastEventID: the id after which to go on; nothing: from now.
    ///   - patience: how long the client may take nothing, counted in heartbeats.
    ///   - hangUp: breaks the connection to a client that takes nothing any more.
    init(
        boot: String, _ hub: SignalHub, _ filter: SignalHub.Filter, resuming lastEventID: String?,
        heartbeat: Duration, patience: Duration, hangUp: @escaping @Sendable () -> Void
    ) {
        self.boot = boot
        self.heartbeat = heartbeat
        self.patience = patience
        self.hangUp = hangUp
        let last = lastEventID.flatMap { EventID($0) }
        if let last, last.boot == boot {
            subscription = hub.subscribe(filter, after: last.sequence)
            mustReset = subscription.mustReset
        } else {
            mustReset = lastEventID != nil
            subscription = hub.subscribe(filter, after: nil)
        }
    }

    /// Writes until the server stops, the hub closes the subscription, or the client is gone.
    @concurrent
    func run(_ writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(opening)
        let (items, feed) = AsyncStream.makeStream(of: Item.self)
        let (turns, turn) = AsyncStream.makeStream(of: Void.self)
        let heart = Heart()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var turns = turns.makeAsyncIterator()
                // One at a time: what waits, waits with the hub, which counts it.
                for await signal in subscription.signals {
                    feed.yield(.signal(signal))
                    guard await turns.next() != nil else { return }
                }
                feed.finish()
            }
            group.addTask {
                var silence: Duration = .zero
                while silence < patience {
                    try await Task.sleep(for: heartbeat)
                    if heart.beat() {
                        feed.yield(.beat)
                        silence = .zero
                    } else {
                        silence += heartbeat
                    }
                }
                hangUp()
                feed.finish()
            }
            group.addTask {
                try await gracefulShutdown()
                feed.finish()
            }
            for await item in items {
                switch item {
                case .signal(let signal):
                    try await writer.write(event(signal))
                    turn.yield()
                case .beat:
                    try await writer.write(ByteBuffer(string: ":\n\n"))
                    heart.wasHeard()
                }
            }
            group.cancelAll()
        }
        try await writer.finish(nil)
    }

    /// Tells where the stream stands, so that a client that is cut off before the first event can resume too.
    private var opening: ByteBuffer {
        let id = "id: \(EventID(boot: boot, sequence: subscription.sequence).text)\n"
        return ByteBuffer(string: "retry: 2000\n" + id + (mustReset ? "event: reset\ndata: {}\n\n" : "\n"))
    }

    private func event(_ signal: Signal) -> ByteBuffer {
        let id = EventID(boot: boot, sequence: signal.sequence).text
        return ByteBuffer(string: "id: \(id)\nevent: \(signal.type)\ndata: \(signal.json.text)\n\n")
    }
}
