import Synchronization

/// Server-sent events as they arrive, in order.
final class EventStream: Sendable {
    struct Event: Sendable, Equatable {
        var id = ""
        var type = "message"
        var data = ""

        var json: JSONValue { (try? JSONValue(parsing: data)) ?? .null }
    }

    private struct State {
        var events: [Event] = []
        var hasEnded = false
    }

    let status: Int
    private let socket: Socket
    private let noticed: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameter noticed: called after each event, by the thread that reads.
    init(port: UInt16, request: [UInt8], noticed: @escaping @Sendable () -> Void) async throws {
        let (socket, head, rest) = try await onThread {
            let socket = try Socket.connected(to: port, timeout: 120)
            socket.send(request)
            guard let (message, rest) = HTTPMessage.head(from: socket) else {
                throw NoAnswer(description: "the stream did not begin")
            }
            return (socket, message, rest)
        }
        self.socket = socket
        self.noticed = noticed
        status = head.status
        startThread { [self] in read(ChunkReader(socket: socket, buffer: rest)) }
    }

    deinit { socket.close() }

    /// Every event so far.
    var events: [Event] { state.withLock(\.events) }
    var hasEnded: Bool { state.withLock(\.hasEnded) }

    func close() {
        socket.close()
    }

    private func read(_ chunks: ChunkReader) {
        var chunks = chunks
        var text = ""
        while let chunk = chunks.next() {
            text += String(decoding: chunk, as: UTF8.self)
            while let end = text.firstRange(of: "\n\n") {
                take(text[..<end.lowerBound])
                text.removeSubrange(..<end.upperBound)
            }
        }
        state.withLock { $0.hasEnded = true }
    }

    private func take(_ block: Substring) {
        var event = Event()
        for line in block.split(separator: "\n") {
            let name = line.prefix { $0 != ":" }
            let value = String(line.dropFirst(name.count + 1).drop { $0 == " " })
            switch name {
            case "id": event.id = value
            case "event": event.type = value
            case "data": event.data += event.data.isEmpty ? value : "\n" + value
            default: break
            }
        }
        // A comment keeps the connection alive and is no event.
        guard !event.data.isEmpty || event.type != "message" else { return }
        state.withLock { $0.events.append(event) }
        noticed()
    }
}
