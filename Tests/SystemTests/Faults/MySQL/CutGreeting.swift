import Synchronization
import Testing
import VitalsCore
import VitalsTesting

extension MySQLFaults {
    @Test("a proxy that cuts the connection in the middle of the greeting")
    func cutGreeting() async throws {
        let place = try await Self.place()
        let proxy = try CuttingProxy(before: place.server.port)
        defer { proxy.close() }
        let page = FaultPage(
            check: "mysql: \"\(place.dsn(port: proxy.port))\"",
            expected: ExpectedFault(
                verdict: "reset in greeting", causeClass: .target, state: "unhealthy",
                says: "the server closed the connection before greeting"),
            breaking: { proxy.cuts(true) }, mending: { proxy.cuts(false) })
        try await page.turn()
    }
}

/// Stands before a server. While it is told to cut, the first bytes are all that comes from there.
private final class CuttingProxy: Sendable {
    private let listener: Socket
    private let isCutting = Mutex(false)

    init(before server: Int) throws {
        let listener = try Socket.listening(on: 0)
        self.listener = listener
        startThread { [self] in
            while let client = listener.accepted() {
                startThread { self.relay(client, to: server) }
            }
        }
    }

    var port: Int { Int(listener.port) }

    func cuts(_ isCutting: Bool) { self.isCutting.withLock { $0 = isCutting } }

    func close() { listener.close() }

    private func relay(_ client: Socket, to port: Int) {
        defer { client.close() }
        guard let server = try? Socket.connected(to: UInt16(port)) else { return }
        defer { server.close() }
        guard !isCutting.withLock(\.self) else {
            client.send(Array((server.received() ?? []).prefix(20)))
            return
        }
        startThread {
            while let bytes = client.received(), server.send(bytes) {}
            server.close()
        }
        while let bytes = server.received(), client.send(bytes) {}
    }
}
