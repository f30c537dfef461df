import Testing
import VitalsTesting

@Suite("The live stream", .oneOfAFew)
struct StreamTests {
    private func server(_ target: TCPTarget, on stage: Stage) throws -> VitalsServer {
        try VitalsServer(
            """
            systems:
              - id: db
                checks:
                  - id: port
                    tcp: "\(target.address)"
                    interval: 24h
                    confirm_every: off
                    thresholds: { failure: 1, success: 1 }
            """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0s"], on: stage)
    }

    @Test("a transition is announced, and what is read afterwards is not older")
    func transition() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try server(target, on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            let stream = try await server.api.stream("types=transition,delivery")
            #expect(stream.status == 200)
            target.close()
            #expect(try await server.api.run("db.port").status == 200)
            let event = try await eventually("the transition arrives") {
                stream.events.first { $0.type == "transition" }
            }
            #expect(event.json["health_check"].string == "db.port")
            #expect(event.json["to"].string == "unhealthy")
            #expect(try await server.api.healthCheck("db.port")["state"].string == "unhealthy")
            #expect(!stream.events.contains { $0.type == "run.completed" })

            // Resumed after that event, the next one is the next transition and nothing is told twice.
            try target.open()
            #expect(try await server.api.run("db.port").status == 200)
            let resumed = try await server.api.stream("types=transition", lastEventID: event.id)
            try await eventually(that: "the next transition arrives") { !resumed.events.isEmpty }
            #expect(resumed.events.map { $0.json["to"].string } == ["healthy"])
        }
    }

    @Test("each run of a health check is announced once to who asks for it")
    func runs() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try server(target, on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            let stream = try await server.api.stream("health_check=db.port")
            for _ in 0..<3 { _ = try await server.api.run("db.port") }
            try await eventually(that: "three runs arrive") {
                stream.events.count { $0.type == "run.completed" } == 3
            }
            #expect(Set(stream.events.map(\.id)).count == stream.events.count)
        }
    }

    @Test("an id that is not known is answered with one reset")
    func reset() async throws {
        try await Stage.run { stage in
            let server = try server(try stage.tcpTarget(), on: stage)
            try await server.start()
            let stream = try await server.api.stream("types=transition", lastEventID: "another-boot-7")
            try await eventually(that: "the reset arrives") { stream.events.first?.type == "reset" }
            #expect(stream.events.count { $0.type == "reset" } == 1)
        }
    }

    @Test("an open stream does not keep the server from stopping")
    func stopping() async throws {
        try await Stage.run { stage in
            let server = try server(try stage.tcpTarget(), on: stage)
            try await server.start()
            let stream = try await server.api.stream("types=transition")
            #expect(try await server.stop(within: .seconds(10)) == 0)
            try await eventually(that: "the stream has ended") { stream.hasEnded }
        }
    }
}
