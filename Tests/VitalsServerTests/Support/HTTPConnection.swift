import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// One TCP connection to the server under test, on which a test writes what it likes and reads what comes.
final class HTTPConnection {
    struct Ended: Error {}
    struct TookTooLong: Error {}

    private let channel: any Channel
    private var chunks: AsyncThrowingStream<[UInt8], any Error>.Iterator
    private var buffer: [UInt8] = []

    private init(_ channel: any Channel, _ chunks: AsyncThrowingStream<[UInt8], any Error>) {
        self.channel = channel
        self.chunks = chunks.makeAsyncIterator()
    }

    deinit { close() }

    /// - Parameter prepare: puts something between the socket and the bytes.
    static func open(
        port: Int, _ prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in }
    ) async throws -> HTTPConnection {
        let (chunks, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel)
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        // No test waits for longer than this.
        channel.eventLoop.scheduleTask(in: .seconds(240)) {
            continuation.finish(throwing: TookTooLong())
            channel.close(promise: nil)
        }
        return HTTPConnection(channel, chunks)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// The common name in the certificate that the server showed.
    func peerCertificate() async throws -> String? {
        let certificate = try await channel.nioSSL_peerCertificate().get()
        let words = certificate?.description.split(separator: ";") ?? []
        return words.first { $0.hasPrefix("common_name=") }.map { String($0.dropFirst("common_name=".count)) }
    }

    func close() {
        channel.close(promise: nil)
    }

    /// Stops reading, or goes on with it.
    func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(ChannelOptions.autoRead, value: isReading).get()
    }

    /// Reads one whole answer.
    ///
    /// - Parameter hasBody: not for the answer to HEAD.
    func answer(hasBody: Bool = true) async throws -> Answer {
        var answer = try await head()
        guard hasBody else { return answer }
        if answer["Transfer-Encoding"] == "chunked" {
            while let chunk = try await chunk() { answer.body += chunk }
        } else {
            answer.body = try await take(Int(answer["Content-Length"] ?? "") ?? 0)
        }
        return answer
    }

    /// Reads status and headers.
    func head() async throws -> Answer {
        Answer(head: String(decoding: try await take(through: Array("\r\n\r\n".utf8)), as: UTF8.self))
    }

    /// Reads the next chunk of a chunked body; nothing at its end.
    func chunk() async throws -> [UInt8]? {
        let size = String(decoding: try await take(through: Array("\r\n".utf8)), as: UTF8.self)
        let count = Int(size.trimmingSuffix("\r\n"), radix: 16) ?? 0
        let chunk = try await take(count)
        _ = try await take(2)
        return count == 0 ? nil : chunk
    }

    /// Reads until the other side has closed.
    func waitForEnd() async throws {
        while try await chunks.next(isolation: #isolation) != nil {}
    }

    private func take(_ count: Int) async throws -> [UInt8] {
        while buffer.count < count { try await more() }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private func take(through mark: [UInt8]) async throws -> [UInt8] {
        while true {
            if let range = buffer.firstRange(of: mark) { return try await take(range.upperBound) }
            try await more()
        }
    }

    private func more() async throws {
        guard let chunk = try await chunks.next(isolation: #isolation) else { throw Ended() }
        buffer += chunk
    }

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation

        init(_ continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            continuation.finish()
            context.close(promise: nil)
        }
    }
}

extension String {
    func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
