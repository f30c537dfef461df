import NIOCore
import VitalsCore

/// Questions about one name to one server, over a socket of their own: the port is chosen by the kernel
/// and the ids by chance, and only datagrams of that server arrive, so that an answer is hard to forge.
final class DNSExchange: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let server: SocketAddress
    private weak var lookup: DNSLookup?
    private var open: [(id: UInt16, question: DNSQuestion)]

    init(_ questions: [DNSQuestion], _ server: SocketAddress, for lookup: DNSLookup) {
        self.server = server
        self.lookup = lookup
        open = questions.map { (UInt16.random(in: .min ... .max), $0) }
    }

    func channelActive(context: ChannelHandlerContext) {
        for (id, question) in open {
            let envelope = AddressedEnvelope(remoteAddress: server, data: question.encoded(id: id))
            context.write(wrapOutboundOut(envelope), promise: nil)
        }
        context.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let message = unwrapInboundIn(data).data
        for (index, (id, question)) in open.enumerated() {
            guard let answer = DNSAnswer(message, to: question, id: id) else { continue }
            open.remove(at: index)
            lookup?.received(answer, to: question, from: server)
            return
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !open.isEmpty else { return }
        open = []
        lookup?.lost(server, error)
        context.close(promise: nil)
    }
}
