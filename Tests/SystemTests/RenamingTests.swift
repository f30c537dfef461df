import Foundation
import Testing
import VitalsTesting

@Suite("What is called otherwise goes on", .oneOfAFew)
struct RenamingTests {
    private func file(
        _ system: String, _ check: String, _ receiver: WebhookReceiver, _ target: TCPTarget
    ) -> String {
        """
        defaults: { interval: 1s, confirm_every: off, thresholds: { failure: 1 } }
        channels: [{ id: ops, default: true, webhook: "\(receiver.url)" }]
        systems:
          - \(system)
            checks:
              - { \(check), tcp: "\(target.address)" }
        """
    }

    @Test("a system and its check that are renamed keep history, state and page, live and through restarts")
    func renamed() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let target = try stage.tcpTarget(isOpen: false)
            let server = try VitalsServer(file("id: shop", "id: port", receiver, target), on: stage)
            try await server.start()
            try await server.healthCheck("shop.port", becomes: "unhealthy")
            try await eventually(that: "it is told") { receiver.messages.count == 1 }
            let since = try await server.api.healthCheck("shop.port")["since"].string
            let first = try await server.api.all("health-checks/shop.port/runs").last?["at"].string
            #expect(first != nil)

            func write(_ text: String) throws { try Data(text.utf8).write(to: server.configuration) }
            try write(file("id: store\n    renamed_from: shop", "id: port", receiver, target))
            let live = try await server.healthCheck("store.port", becomes: "unhealthy")
            #expect(live["since"].string == since)
            #expect(try await server.api.get("/api/v1/health-checks/shop.port").status == 404)

            #expect(try await server.stop() == 0)
            try write(
                file("id: store\n    renamed_from: shop", "id: tcp, renamed_from: port", receiver, target))
            for _ in 1...2 {
                try await server.start()
                let started = try await server.healthCheck("store.tcp", becomes: "unhealthy")
                #expect(started["since"].string == since)
                #expect(try await server.stop(SIGKILL) != 0)
            }
            try write(file("id: store", "id: tcp", receiver, target))
            try await server.start()
            try target.open()
            try await server.healthCheck("store.tcp", becomes: "healthy")
            try await eventually(that: "the recovery is told") { receiver.messages.count == 2 }
            #expect(receiver.messages.map(\.type) == ["down", "recovered"])
            #expect(Set(receiver.messages.map(\.episode)).count == 1)
            #expect(receiver.messages.map(\.healthCheck) == ["shop.port", "store.tcp"])
            let episodes = try await server.api.all("episodes")
            #expect(episodes.map { $0["health_check"].string } == ["store.tcp"])
            let runs = try await server.api.all("health-checks/store.tcp/runs")
            #expect(runs.last?["at"].string == first)
        }
    }

    @Test("a stored system is renamed by writing it anew under another id")
    func stored() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(nil, on: stage)
            try await server.start()
            let json = [("content-type", "application/json")]
            func send(_ method: String, _ path: String, _ body: String) async throws -> HTTPMessage {
                try await server.api.send(method, "/api/v1/\(path)", headers: json, body: body)
            }
            let made = #"{"id":"a","checks":[{"id":"port","tcp":"\#(target.address)","interval_seconds":1}]}"#
            #expect(try await send("POST", "systems", made).status == 201)
            let check = #"{"id":"ping","tcp":"\#(target.address)","interval_seconds":1,"systems":["a"]}"#
            #expect(try await send("POST", "checks", check).status == 201)
            let since = try await server.healthCheck("a.ping", becomes: "healthy")["since"].string
            #expect(try await send("PATCH", "health-checks/a.port", #"{"enabled":false}"#).status == 200)
            let renamed = try await send(
                "PUT", "systems/b", #"{"renamed_from":"a","checks":[{"id":"port","interval_seconds":1}]}"#)
            #expect(renamed.status == 200, "\(renamed.text)")
            #expect(try await server.api.get("/api/v1/systems/a").status == 404)
            #expect(try await server.api.healthCheck("b.ping")["since"].string == since)
            #expect(try await server.api.healthCheck("b.port")["enabled"].bool == false)
            #expect(try await server.api.healthCheck("b.port")["target"].string == target.address)
            #expect(
                try await send("PUT", "checks/pong", #"{"renamed_from":"ping","systems":["b"]}"#).status
                    == 200)
            #expect(try await server.api.healthCheck("b.pong")["since"].string == since)
            // Its former name is free for another.
            #expect(try await send("POST", "systems", #"{"id":"a"}"#).status == 201)
            #expect(try await server.api.healthCheck("b.pong")["since"].string == since)
            #expect(try await send("PUT", "systems/c", #"{"renamed_from":"none"}"#).status == 404)
        }
    }
}
