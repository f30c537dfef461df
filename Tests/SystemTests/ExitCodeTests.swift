import Foundation
import Testing
import VitalsTesting

@Suite("How the server ends", .oneOfAFew)
struct ExitCodeTests {
    @Test("told to stop, it exits 0")
    func stopped() async throws {
        try await Stage.run { stage in
            for signal in [SIGTERM, SIGINT] {
                let server = try VitalsServer(nil, on: stage)
                try await server.start()
                #expect(try await server.stop(signal) == 0)
            }
        }
    }

    @Test("a bad configuration: 78, and where the mistake is")
    func badConfiguration() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer("systems:\n  - id: db\n    chekcs: []\n", on: stage)
            try server.launch()
            #expect(try await server.waitForExit() == 78)
            #expect(server.output.contains("vitals.yaml:3:5"))
            #expect(server.output.contains("chekcs"))
            #expect(server.output.contains("checks"))
        }
    }

    @Test("a configuration that is not there: 78, and its name")
    func missingConfiguration() async throws {
        try await Stage.run { stage in
            let server = try VitalsServer(nil, arguments: ["--config", "nowhere.yaml"], on: stage)
            try server.launch()
            #expect(try await server.waitForExit() == 78)
            #expect(server.output.contains("nowhere.yaml"))
        }
    }

    @Test("a port that is taken: 75, and which")
    func portInUse() async throws {
        try await Stage.run { stage in
            let taken = try stage.tcpTarget()
            let server = try VitalsServer(nil, port: taken.port, on: stage)
            try server.launch()
            #expect(try await server.waitForExit() == 75)
            #expect(server.output.contains("\(taken.port)"))
        }
    }

    @Test("a data folder that another server holds: 75, and that server's process id")
    func folderInUse() async throws {
        try await Stage.run { stage in
            let first = try VitalsServer(nil, on: stage)
            try await first.start()
            let second = try VitalsServer(nil, data: first.data, on: stage)
            try second.launch()
            #expect(try await second.waitForExit() == 75)
            #expect(second.output.contains("\(try #require(first.pid))"))
            // The first one never noticed, and a killed one leaves no lock behind.
            #expect(try await first.api.get("/readyz").status == 200)
            try await first.stop(SIGKILL)
            try await second.start()
        }
    }

    @Test("a store that lost its key: 75, with what to do, and nothing is changed")
    func keyLost() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                "systems: [{ id: db, checks: [{ id: port, tcp: \"\(target.address)\", interval: 1s }] }]",
                on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            try await server.stop()
            let file = server.data.appending(path: "revision.key")
            let key = try Data(contentsOf: file)
            for content in [nil, Data()] {
                try FileManager.default.removeItem(at: file)
                try content?.write(to: file)
                try server.launch()
                #expect(try await server.waitForExit() == 75)
                #expect(server.output.contains("revision.key"))
                #expect(server.output.contains("a backup is the whole folder"))
                #expect((try? Data(contentsOf: file)) == content)
                if content == nil { try key.write(to: file) }
            }
            try key.write(to: file)
            try await server.start()
            #expect(try await server.api.healthCheck("db.port")["state"].string == "healthy")
        }
    }

    @Test("paused for a while, it goes on, and what it slept through is on record")
    func paused() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                "systems: [{ id: db, checks: [{ id: port, tcp: \"\(target.address)\", interval: 500ms }] }]",
                on: stage)
            try await server.start()
            try await server.healthCheck("db.port", becomes: "healthy")
            server.signal(SIGSTOP)
            let paused = ContinuousClock.now
            try await eventually(that: "three seconds pass") { ContinuousClock.now - paused > .seconds(3) }
            server.signal(SIGCONT)
            try await eventually(that: "a miss is on record") {
                try await server.api.all("health-checks/db.port/runs").contains { $0["missed"] != .null }
            }
            let count = try await server.api.all("health-checks/db.port/runs").count
            try await eventually(that: "it runs again") {
                try await server.api.all("health-checks/db.port/runs").count > count + 2
            }
            _ = try await SlotAccount.complete(of: "db.port", every: .milliseconds(500), at: server)
            #expect(try await server.api.healthCheck("db.port")["state"].string == "healthy")
        }
    }
}
