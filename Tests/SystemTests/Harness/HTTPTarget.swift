import Synchronization
import VitalsCore
import VitalsTesting

/// A real HTTP server on 127.0.0.1 that does what a test tells it to, counts what comes and can be closed and
/// opened again on the same port.
final class HTTPTarget: Sendable {
    enum Behaviour: Sendable {
        case answer(Int, headers: [(String, String)] = [], body: String = "ok")
        /// Takes the request and answers after a while.
        case answerAfter(Duration, Int)
        /// Takes the request and says nothing, until it is closed.
        case hang
        /// One byte of an endless body in each interval.
        case trickle(every: Duration)
        /// What is no HTTP.
        case garbage
        /// A body of this many bytes.
        case flood(bytes: Int)
        /// Decided anew for each connection, before anything is read (given nothing), and for each request.
        case decided(@Sendable (HTTPMessage?) -> Fate)
    }

    enum Fate: Sendable {
        case answer(Int)
        case cutOff
        /// Until the other side gives up.
        case silence
    }

    struct Request: Sendable {
        let arrivedAt: Timestamp
        let message: HTTPMessage
        /// Its status, if it was answered at all.
        var answer: Int?
    }

    private struct State {
        var behaviour: Behaviour
        var listener: Socket?
        var requests: [Request] = []
        var connections = 0
        var waiting = 0
        var mostWaiting = 0
        var held: [Socket] = []
    }

    let port: UInt16
    private let state: Mutex<State>

    init(_ behaviour: Behaviour = .answer(200), port: UInt16? = nil, isOpen: Bool = true) throws {
        self.port = try port ?? UInt16(freePort())
        state = Mutex(State(behaviour: behaviour))
        if isOpen { try open() }
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Every request that was read to its end, in order.
    var requests: [Request] { state.withLock(\.requests) }
    /// Connections that were ever accepted.
    var connections: Int { state.withLock(\.connections) }
    /// That wait for an answer now.
    var waiting: Int { state.withLock(\.waiting) }
    /// The most that waited for an answer at one time.
    var mostWaiting: Int { state.withLock(\.mostWaiting) }

    func behave(_ behaviour: Behaviour) {
        state.withLock { $0.behaviour = behaviour }
    }

    func open() throws {
        let listener = try Socket.listening(on: port)
        state.withLock { $0.listener = listener }
        startThread { [self] in
            while let connection = listener.accepted() { take(connection) }
        }
    }

    /// Refuses from now on, and ends what hangs.
    func close() {
        let (listener, held) = state.withLock { state in
            defer { (state.listener, state.held) = (nil, []) }
            return (state.listener, state.held)
        }
        listener?.close()
        held.forEach { $0.close() }
    }

    private func take(_ connection: Socket) {
        let behaviour = state.withLock { state in
            state.connections += 1
            state.waiting += 1
            state.mostWaiting = max(state.mostWaiting, state.waiting)
            if case .hang = state.behaviour { state.held.append(connection) }
            return state.behaviour
        }
        // A hanging connection is only kept, so that a thousand of them cost no thousand threads.
        if case .hang = behaviour { return }
        startThread { [self] in
            serve(connection, behaviour)
            connection.close()
        }
    }

    private func serve(_ connection: Socket, _ behaviour: Behaviour) {
        connection.limitWaiting(to: 20)
        let arrivedAt = MachineTime.wall
        if case .decided(let decide) = behaviour, case .cutOff = decide(nil) { return }
        guard let message = HTTPMessage.read(from: connection) else { return }
        let number = state.withLock { state in
            state.requests.append(Request(arrivedAt: arrivedAt, message: message))
            return state.requests.count - 1
        }
        switch behaviour {
        case .answer(let status, let headers, let body):
            state.withLock { state in
                state.waiting -= 1
                // Noted first: once it is sent the next request may come.
                state.requests[number].answer = status
            }
            connection.send(HTTPMessage.answer(status, headers: headers, body: body))
        case .answerAfter(let delay, let status):
            Pause.thread(for: delay)
            // Counted down first: whoever has the answer may ask again at once.
            state.withLock { $0.waiting -= 1 }
            connection.send(HTTPMessage.answer(status, body: "late"))
        case .trickle(let interval):
            connection.send(Array("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n".utf8))
            while connection.send([0x2E]) { Pause.thread(for: interval) }
        case .garbage:
            connection.send(Array("\u{1}\u{2}SSH-2.0-nothing of the kind\r\n\r\n".utf8))
        case .flood(let bytes):
            connection.send(Array("HTTP/1.1 200 OK\r\ncontent-length: \(bytes)\r\n\r\n".utf8))
            let block = [UInt8](repeating: 0x61, count: 65_536)
            for _ in 0..<(bytes / block.count) where !connection.send(block) { return }
        case .decided(let decide):
            meet(decide(message), connection, number)
        case .hang:
            break
        }
    }

    private func meet(_ fate: Fate, _ connection: Socket, _ number: Int) {
        switch fate {
        case .answer(let status):
            state.withLock { $0.requests[number].answer = status }
            connection.send(HTTPMessage.answer(status))
        case .cutOff:
            break
        case .silence:
            _ = connection.received()
        }
    }
}
