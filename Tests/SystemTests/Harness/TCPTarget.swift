import Synchronization
import VitalsTesting

/// A real listener on 127.0.0.1 that accepts, counts and says nothing; can be closed and opened again.
final class TCPTarget: Sendable {
    private struct State {
        var listener: Socket?
        var connections = 0
        var held: [Socket] = []
    }

    let port: UInt16
    private let state = Mutex(State())

    init(isOpen: Bool = true) throws {
        port = try UInt16(freePort())
        if isOpen { try open() }
    }

    var address: String { "127.0.0.1:\(port)" }
    /// Connections that were ever accepted.
    var connections: Int { state.withLock(\.connections) }

    func open() throws {
        let listener = try Socket.listening(on: port)
        state.withLock { $0.listener = listener }
        startThread { [self] in
            while let connection = listener.accepted() {
                state.withLock { state in
                    state.connections += 1
                    state.held.append(connection)
                }
            }
        }
    }

    /// Refuses from now on.
    func close() {
        let (listener, held) = state.withLock { state in
            defer { (state.listener, state.held) = (nil, []) }
            return (state.listener, state.held)
        }
        listener?.close()
        held.forEach { $0.close() }
    }
}
