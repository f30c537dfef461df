import Logging
import ServiceLifecycle

@testable import VitalsServer

/// A running server on a free port.
struct TestServer: Sendable {
    let port: Int
    private let stop: @Sendable () async -> Void

    /// Runs `test` against a server of its own, and stops that in the end.
    static func with(
        _ node: Backend, access: Access = .loopback, limits: ServerLimits = ServerLimits(),
        edge: Edge = Edge(), _ test: @Sendable (TestServer) async throws -> Void
    ) async throws {
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = HTTPServer(
            node, host: "127.0.0.1", port: 0, access: access, logger: logger,
            didListen: { listening.yield($0) }, limits: limits, edge: edge)
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.finish() }
                try await group.run()
            }
            var failure: (any Error)?
            for await port in ports.prefix(1) {
                do {
                    try await test(TestServer(port: port) { await group.triggerGracefulShutdown() })
                } catch {
                    failure = error
                }
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
            if let failure { throw failure }
        }
    }

    /// Asks for a graceful shutdown.
    func shutDown() async {
        await stop()
    }

    /// One request on a connection of its own.
    ///
    /// - Parameter host: the `Host` header; nothing: none.
    func ask(
        _ method: String = "GET", _ path: String, host: String? = "localhost", headers: [String] = [],
        body: String? = nil
    ) async throws -> Answer {
        let connection = try await HTTPConnection.open(port: port)
        defer { connection.close() }
        var lines = ["\(method) \(path) HTTP/1.1", "Connection: close"] + headers
        if let host { lines.append("Host: \(host)") }
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        try await connection.send((lines + ["", ""]).joined(separator: "\r\n") + (body ?? ""))
        return try await connection.answer(hasBody: method != "HEAD")
    }

    private init(port: Int, stop: @escaping @Sendable () async -> Void) {
        self.port = port
        self.stop = stop
    }
}
