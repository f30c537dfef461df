import NIOCore
import Synchronization

/// The open connections, so that they can be closed when the server has waited long enough for them.
final class Connections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    /// Closes all of them at once; whoever reads or writes there is told by an error.
    func closeAll() {
        let open = channels.withLock { Array($0.values) }
        open.forEach { $0.close(promise: nil) }
    }

    /// Sits in a connection's pipeline and knows of its beginning and end.
    final class Watch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
        typealias InboundIn = NIOAny

        private let connections: Connections

        init(_ connections: Connections) {
            self.connections = connections
        }

        func handlerAdded(context: ChannelHandlerContext) {
            let channel = context.channel
            connections.channels.withLock { $0[ObjectIdentifier(channel)] = channel }
        }

        func handlerRemoved(context: ChannelHandlerContext) {
            let channel = context.channel
            connections.channels.withLock { $0[ObjectIdentifier(channel)] = nil }
        }
    }
}
