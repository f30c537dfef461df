import NIOCore
import Synchronization

/// What is open, listeners and connections, so that it can be closed when the server has waited long enough.
///
/// Closed, never cancelled: a connection that was accepted but not taken up yet would be dropped, which stops
/// the process.
final class Connections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Closes all of them at once, and what opens later too; whoever reads or writes there is told by an
    /// error.
    func closeAll() {
        let open = state.withLock {
            $0.isClosed = true
            return Array($0.channels.values)
        }
        open.forEach { $0.close(promise: nil) }
    }

    func began(_ channel: any Channel) {
        let isClosed = state.withLock {
            $0.channels[ObjectIdentifier(channel)] = channel
            return $0.isClosed
        }
        if isClosed { channel.close(promise: nil) }
    }

    private func ended(_ channel: any Channel) {
        state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Sits in a connection's pipeline and knows of its beginning and end.
    final class Watch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
        typealias InboundIn = NIOAny

        private let connections: Connections

        init(_ connections: Connections) {
            self.connections = connections
        }

        func handlerAdded(context: ChannelHandlerContext) {
            connections.began(context.channel)
        }

        func handlerRemoved(context: ChannelHandlerContext) {
            connections.ended(context.channel)
        }
    }
}
