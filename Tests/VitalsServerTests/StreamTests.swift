import Testing
import VitalsCore

@testable import VitalsEngine
@testable import VitalsServer

@Suite("The live stream", .timeLimit(.minutes(5)))
struct StreamTests {
    private static let first = HealthCheckID("a.sql")
    private static let second = HealthCheckID("b.sql")

    @Test("tells what happens, with id, type and data")
    func live() async throws {
        let node = Fixtures.node()
        try await TestServer.with(node) { server in
            let reader = try await EventReader.open(server)
            #expect(reader.head.status == 200)
            #expect(reader.head["Content-Type"] == "text/event-stream")
            #expect(reader.head["Cache-Control"] == "no-store")
            #expect(try await reader.next() == EventReader.Event(id: "b1-0"))
            node.hub.publish([Fixtures.transition(of: Self.first)])
            let event = try #require(try await reader.next())
            #expect(event.id == "b1-1")
            #expect(event.type == "transition")
            #expect(try event.json["health_check"] as? String == "a.sql")
            #expect(try event.json["cause"] as? String == "refused")
        }
    }

    @Test(
        "sends only what was asked for, and runs only of one health check",
        arguments: [
            ("", ["transition", "transition", "delivery"]),
            ("?types=transition", ["transition", "transition"]),
            ("?types=delivery", ["delivery"]),
            ("?types=delivery,transition", ["transition", "transition", "delivery"]),
            ("?health_check=b.sql", ["transition", "run.completed"]),
            ("?health_check=a.sql&types=delivery", ["run.completed", "delivery"]),
        ])
    func filters(_ query: String, _ types: [String]) async throws {
        let node = Fixtures.node()
        try await TestServer.with(node) { server in
            let reader = try await EventReader.open(server, query)
            _ = try await reader.next()
            node.hub.publish([
                .runCompleted(Fixtures.failedRun(of: Self.first)), Fixtures.transition(of: Self.first),
                Fixtures.transition(of: Self.second), .runCompleted(Fixtures.failedRun(of: Self.second)),
                Fixtures.attempt(of: Self.first),
            ])
            var seen: [String?] = []
            for _ in types { seen.append(try await reader.next()?.type) }
            #expect(seen == types)
            node.hub.close()
            let end = try await reader.next()
            #expect(end == nil)
        }
    }

    @Test("refuses types that it does not know", arguments: ["run.completed", "transition,none", "", ","])
    func badTypes(_ types: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let answer = try await server.ask("GET", "/api/v1/stream?types=\(types)")
            #expect(answer.status == 400)
            #expect(try answer.problemCode == "bad_types")
        }
    }

    @Test("goes on after the id it is given, by header or parameter")
    func resumes() async throws {
        let node = Fixtures.node()
        node.hub.publish((0..<5).map { _ in Fixtures.transition(of: Self.first) })
        try await TestServer.with(node) { server in
            for reader in [
                try await EventReader.open(server, headers: ["Last-Event-ID: b1-3"]),
                try await EventReader.open(server, "?last_event_id=b1-3"),
                try await EventReader.open(server, "?last_event_id=b1-1", headers: ["last-event-id: b1-3"]),
            ] {
                var ids: [String?] = []
                for _ in 0..<3 { ids.append(try await reader.next()?.id) }
                #expect(ids == ["b1-3", "b1-4", "b1-5"])
            }
        }
    }

    @Test(
        "tells to look afresh, once, when it cannot go on",
        arguments: ["b0-3", "b1-99", "garbage", "b1-x", "-"])
    func resets(_ id: String) async throws {
        let node = Fixtures.node()
        node.hub.publish((0..<5).map { _ in Fixtures.transition(of: Self.first) })
        try await TestServer.with(node) { server in
            let reader = try await EventReader.open(server, headers: ["Last-Event-ID: \(id)"])
            let reset = try await reader.next()
            #expect(reset == EventReader.Event(id: "b1-5", type: "reset", data: "{}"))
            node.hub.publish([Fixtures.transition(of: Self.first)])
            let next = try await reader.next()
            #expect(next?.id == "b1-6")
        }
    }

    @Test("tells to look afresh when what follows the id is not kept any more")
    func tooOld() async throws {
        let node = Fixtures.node()
        node.hub.publish((0..<10_002).map { _ in Fixtures.transition(of: Self.first) })
        try await TestServer.with(node) { server in
            let reader = try await EventReader.open(server, headers: ["Last-Event-ID: b1-1"])
            let reset = try await reader.next()
            #expect(reset == EventReader.Event(id: "b1-10002", type: "reset", data: "{}"))
        }
    }

    @Test("beats, so that both sides know of each other")
    func heartbeats() async throws {
        var limits = ServerLimits()
        limits.heartbeat = .milliseconds(10)
        try await TestServer.with(Fixtures.node(), limits: limits) { server in
            let reader = try await EventReader.open(server)
            _ = try await reader.next()
            for _ in 0..<3 {
                let beat = try await reader.nextOfAny()
                #expect(beat?.isHeartbeat == true)
            }
        }
    }

    @Test("ends for a client that is too far behind")
    func tooSlow() async throws {
        let node = Fixtures.node()
        try await TestServer.with(node) { server in
            let reader = try await EventReader.open(server)
            _ = try await reader.next()
            node.hub.publish((0..<20_000).map { _ in Fixtures.transition(of: Self.first) })
            var count = 0
            while try await reader.next() != nil { count += 1 }
            #expect((1_000..<20_000).contains(count))
            #expect(node.hub.listeners == 0)
        }
    }

    @Test("is taken from a client that takes nothing any more")
    func dead() async throws {
        var limits = ServerLimits()
        limits.heartbeat = .milliseconds(20)
        limits.patience = .milliseconds(100)
        limits.streams = 1
        let node = Fixtures.node()
        try await TestServer.with(node, limits: limits) { server in
            let reader = try await EventReader.open(server, "?health_check=a.sql", readsByItself: false)
            while node.hub.listeners > 0 {
                node.hub.publish((0..<100).map { _ in .runCompleted(Fixtures.failedRun(of: Self.first)) })
                await Task.yield()
            }
            try await Self.waitForPlace(server)
            reader.connection.close()
        }
    }

    @Test("is refused when too many are open, and a client that went makes room")
    func places() async throws {
        var limits = ServerLimits()
        limits.heartbeat = .milliseconds(20)
        limits.streams = 2
        try await TestServer.with(Fixtures.node(), limits: limits) { server in
            let one = try await EventReader.open(server)
            let two = try await EventReader.open(server)
            let refused = try await server.ask("GET", "/api/v1/stream")
            #expect(refused.status == 503)
            #expect(refused["Retry-After"] == "60")
            #expect(try refused.problemCode == "too_many_streams")
            one.connection.close()
            try await Self.waitForPlace(server)
            two.connection.close()
        }
    }

    @Test("takes no place for HEAD, nor for a request that is refused")
    func headTakesNoPlace() async throws {
        var limits = ServerLimits()
        limits.streams = 1
        try await TestServer.with(Fixtures.node(), limits: limits) { server in
            for _ in 0..<3 {
                let head = try await server.ask("HEAD", "/api/v1/stream")
                #expect(head.status == 200)
                let refused = try await server.ask("GET", "/api/v1/stream?types=none")
                #expect(refused.status == 400)
            }
        }
    }

    /// Asks until a stream is had; the suite's time limit ends it.
    private static func waitForPlace(_ server: TestServer) async throws {
        while true {
            let reader = try await EventReader.open(server)
            if reader.head.status == 200 { return }
            reader.connection.close()
        }
    }
}
