import Logging
import Testing
import VitalsCore

@testable import VitalsEngine
@testable import VitalsServer

@Suite("A server", .timeLimit(.minutes(5)))
struct ShutdownTests {
    @Test("that is stopped ends its streams at once")
    func streamsEnd() async throws {
        var limits = ServerLimits()
        limits.grace = .seconds(1_000)
        let node = Fixtures.node()
        try await TestServer.with(node, limits: limits) { server in
            let reader = try await EventReader.open(server)
            _ = try await reader.next()
            await server.shutDown()
            let end = try await reader.next()
            #expect(end == nil)
            try await reader.connection.waitForEnd()
        }
        #expect(node.hub.listeners == 0)
    }

    @Test("that is stopped answers what it is asked already")
    func answersWhatIsInProgress() async throws {
        let (runs, began) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let node = Fixtures.node { verbs in
            verbs.run = { _ in
                began.finish()
                for await _ in ends {}
                return .stopping
            }
        }
        var limits = ServerLimits()
        limits.grace = .seconds(1_000)
        try await TestServer.with(node, limits: limits) { server in
            let connection = try await HTTPConnection.open(port: server.port)
            try await connection.send(
                "POST /api/v1/health-checks/a.sql/run HTTP/1.1\r\nHost: localhost\r\n\r\n")
            for await _ in runs {}
            await server.shutDown()
            end.finish()
            let answer = try await connection.answer()
            #expect(answer.status == 503)
            try await connection.waitForEnd()
        }
    }

    @Test("that is stopped does not wait for who is not done asking")
    func doesNotWait() async throws {
        var limits = ServerLimits()
        limits.grace = .milliseconds(50)
        limits.bodyTime = .seconds(1_000)
        limits.idle = .seconds(1_000)
        try await TestServer.with(Fixtures.node(), limits: limits) { server in
            let half = try await HTTPConnection.open(port: server.port)
            try await half.send("POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab")
            let silent = try await HTTPConnection.open(port: server.port)
            await server.shutDown()
            try await half.waitForEnd()
            try await silent.waitForEnd()
        }
    }

    @Test("that is stopped does not wait for who does not take the answer")
    func doesNotWaitForReaders() async throws {
        var limits = ServerLimits()
        limits.grace = .milliseconds(50)
        let node = Fixtures.node((1...1_000).map { "s\($0)" })
        try await TestServer.with(node, limits: limits) { server in
            let deaf = try await HTTPConnection.open(port: server.port)
            try await deaf.setReading(false)
            for _ in 0..<30 {
                try await deaf.send(
                    "GET /api/v1/health-checks?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            }
            await server.shutDown()
        }
    }

    @Test("says that its port is in use")
    func inUse() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let second = HTTPServer(
                Fixtures.node(), host: "127.0.0.1", port: server.port, access: .loopback,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, didListen: { _ in },
                limits: ServerLimits())
            let error = await #expect(throws: ListenError.self) { try await second.run() }
            #expect(error == .addressInUse(host: "127.0.0.1", port: server.port))
            #expect(error?.description.contains("127.0.0.1:\(server.port) is in use") == true)
        }
    }

    @Test("says that it cannot listen on an address that is not this machine's")
    func unavailable() async throws {
        let server = HTTPServer(
            Fixtures.node(), host: "192.0.2.1", port: 0, access: .anyone,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, didListen: { _ in },
            limits: ServerLimits())
        let error = await #expect(throws: ListenError.self) { try await server.run() }
        guard case .unavailable("192.0.2.1", 0, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
    }
}
