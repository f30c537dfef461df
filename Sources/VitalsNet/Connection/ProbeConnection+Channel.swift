import NIOCore
import NIOSSL
import NIOTLS
import VitalsCore

extension ProbeConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func handlerAdded(context: ChannelHandlerContext) {
        if self.context == nil { self.context = context } else { route.rivals.append(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if self.context === context { self.context = nil } else { route.rivals.removeAll { $0 === context } }
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !isOver else { return }
        guard !route.isConnected else { return context.close(promise: nil) }
        won(context)
        if target.startsWithTLS {
            startTLS()
        } else {
            perform(dialogue.opened())
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return cutOff(context) }
        guard context === self.context else { return }
        var bytes = unwrapInboundIn(data)
        bytesRead += bytes.readableBytes
        guard bytesRead <= target.readLimit else {
            return fail(.unexpectedReply, message: "sent more than \(target.readLimit) bytes")
        }
        guard !tls.isPending else {
            return fail(.unexpectedReply, message: "sent bytes before TLS that would seem to come through it")
        }
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeBuffer(&bytes)
        }
        let steps = dialogue.received(&input)
        // An empty buffer would still hold its memory for the rest of the run.
        if input.readableBytes == 0 { input = ByteBuffer() }
        perform(steps)
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard !isOver, context === self.context else { return }
        let peer = route.peer ?? target.endpoint.description
        guard !tls.isPending else { return failTLS("\(peer) closed the connection during the TLS handshake") }
        perform(dialogue.ended())
        let what = bytesRead == 0 ? "before it said anything" : "in the middle of its answer"
        fail(.reset, message: "\(peer) closed the connection \(what)")
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            handshakeCompleted(negotiated)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver, context === self.context else { return }
        guard route.transport == .stream else { return lostDatagram(error) }
        // A peer that closes without the closing of TLS: `channelInactive` follows.
        if let error = error as? NIOSSLError, error == .uncleanShutdown { return }
        guard !tls.isPending else { return handshakeFailed(error) }
        if error is IOError {
            let fault = SocketFault(talkingTo: route.peer ?? target.endpoint.description, error)
            return fail(fault.cause, code: fault.code, message: fault.message)
        }
        if error is BoringSSLError || error is NIOSSLError {
            return fail(.tlsHandshake, message: "TLS broke: \(error)")
        }
        fail(.internal, message: "\(error)")
    }

    /// The peer goes on after the verdict: the closing of TLS is not waited for, behind all that it may
    /// still send.
    private func cutOff(_ context: ChannelHandlerContext) {
        guard case .done = tls else { return }
        let underTLS = try? context.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
        underTLS?.close(promise: nil)
    }
}
