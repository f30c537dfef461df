import NIOCore
import VitalsCore

/// A client's side of a WebSocket, from asking for it to its close: without I/O, and without a view of what
/// the messages mean.
struct WebSocketSession {
    enum Event {
        /// The connection is a WebSocket now, by this subprotocol.
        case open(subprotocol: String?)
        case message(WebSocketMessage)
        case pong([UInt8])
        /// To be sent at once: the answer to a ping.
        case send(ByteBuffer)
        /// The server closes; nothing more may be sent but the farewell.
        case closed(WebSocketClose, farewell: ByteBuffer)
        /// It answered something else than 101.
        case refused(HTTPResponse)
        case broken(Cause, code: String?, message: String, farewell: ByteBuffer?)
    }

    private let request: WebSocketRequest
    private let handshake: WebSocketHandshake
    private let mask: @Sendable () -> UInt32
    private var answer: HTTPResponseReader
    private var reader: WebSocketReader
    private(set) var isOpen = false

    /// Bytes of an answer other than 101 that are waited for: why it is refused often stands there.
    private static let refusalLimit = 4_096
    /// Bytes of a message, unless it is said otherwise.
    static let usualLimit = 1 << 20
    /// What a run may take beside one message: heads, control frames, messages that nobody waits for.
    static let readAllowance = 4 << 20

    /// - Parameters:
    ///   - limit: bytes of one message.
    ///   - nonce: 16 bytes by chance.
    ///   - mask: what each frame is masked with, by chance.
    init(
        _ request: WebSocketRequest, limit: Int = usualLimit, nonce: [UInt8],
        mask: @escaping @Sendable () -> UInt32
    ) {
        self.request = request
        self.mask = mask
        handshake = WebSocketHandshake(nonce: nonce, subprotocols: request.subprotocols)
        var demand = HTTPDemand(statuses: nil, bodyLimit: Self.refusalLimit, keeps: [.headers, .body])
        demand.upgrades = true
        answer = HTTPResponseReader(demand)
        reader = WebSocketReader(limit: limit)
    }

    /// By the system's chance.
    init(_ request: WebSocketRequest, limit: Int = usualLimit) {
        var chance = SystemRandomNumberGenerator()
        let nonce = (0..<16).map { _ in chance.next() as UInt8 }
        self.init(request, limit: limit, nonce: nonce) { UInt32.random(in: .min ... .max) }
    }

    /// What came, once its head has.
    var response: HTTPResponse? { answer.response }

    var opening: ByteBuffer { request.bytes(key: handshake.key) }

    func message(_ bytes: some Collection<UInt8>, isText: Bool = true) -> ByteBuffer {
        WebSocketFrame.masked(isText ? .text : .binary, bytes, mask: mask())
    }

    func ping(_ payload: [UInt8]) -> ByteBuffer { WebSocketFrame.masked(.ping, payload, mask: mask()) }

    /// - Parameter code: nothing: we go because all is done.
    func close(_ code: UInt16 = 1_000) -> ByteBuffer {
        WebSocketFrame.masked(.close, [UInt8(code >> 8), UInt8(code & 0xFF)], mask: mask())
    }

    /// Takes what is complete, up to the next thing worth telling; nothing: there must be more.
    mutating func read(_ input: inout ByteBuffer) -> Event? {
        isOpen ? readMessages(&input) : readAnswer(&input)
    }

    private mutating func readAnswer(_ input: inout ByteBuffer) -> Event? {
        while true {
            switch answer.read(&input) {
            case .more:
                return nil
            case .head(let head) where head.status == 101:
                return upgrade(head)
            case .head:
                continue
            case .complete, .enough:
                return refusal
            case .malformed(let cause, let message):
                // Where the head is good, it is told what it says.
                return refusal
                    ?? .broken(
                        cause, code: nil, message: message.replacing("https://", with: "wss://"),
                        farewell: nil)
            }
        }
    }

    private mutating func upgrade(_ head: HTTPResponseHead) -> Event {
        switch handshake.judge(head) {
        case .refused(let cause, let message):
            return .broken(cause, code: "101", message: message, farewell: nil)
        case .open(let subprotocol):
            isOpen = true
            return .open(subprotocol: subprotocol)
        }
    }

    private var refusal: Event? { answer.response.map { .refused($0) } }

    private mutating func readMessages(_ input: inout ByteBuffer) -> Event? {
        switch reader.read(&input) {
        case nil: nil
        case .message(let message): .message(message)
        case .pong(let payload): .pong(payload)
        case .ping(let payload): .send(WebSocketFrame.masked(.pong, payload, mask: mask()))
        // The same code goes back (5.5.1).
        case .close(let close): .closed(close, farewell: self.close(close.code ?? 1_000))
        case .malformed(let complaint):
            .broken(
                .unexpectedReply, code: nil, message: complaint.message, farewell: close(complaint.closeCode))
        }
    }

    /// No more will come: by the deadline, or because the server hung up without a close frame.
    mutating func end(hasHungUp: Bool) -> Event? {
        if !isOpen { return refusal }
        guard hasHungUp else { return nil }
        return .broken(
            .reset, code: "1006", message: "hung up without a close frame (1006)", farewell: nil)
    }
}
