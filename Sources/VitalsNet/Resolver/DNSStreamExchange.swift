import NIOCore
import VitalsCore

/// One question to one server over TCP, for an answer that a datagram has no room for (RFC 7766).
final class DNSStreamExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let question: DNSQuestion
    private let server: SocketAddress
    private let id = UInt16.random(in: .min ... .max)
    private weak var lookup: DNSLookup?
    private var input = ByteBuffer()

    init(_ question: DNSQuestion, _ server: SocketAddress, for lookup: DNSLookup) {
        self.question = question
        self.server = server
        self.lookup = lookup
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(question.encodedForStream(id: id)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        guard let message = input.readLengthPrefixedSlice(as: UInt16.self) else { return }
        let answer = DNSAnswer(message, to: question, id: id)
        end(context, answer)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(context, nil)
    }

    private func end(_ context: ChannelHandlerContext, _ answer: DNSAnswer?) {
        lookup?.receivedWhole(answer, to: question, from: server)
        lookup = nil
        context.close(promise: nil)
    }
}
