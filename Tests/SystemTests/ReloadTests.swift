import Foundation
import Testing
import VitalsTesting

@Suite("A running server follows its configuration", .oneOfAFew)
struct ReloadTests {
    private func system(_ id: String, _ address: String) -> String {
        "  - { id: \(id), checks: [{ id: port, tcp: '\(address)', interval: 1s, confirm_every: off }] }\n"
    }

    @Test("a system that is written down runs, one that is struck out is gone, and the others never notice")
    func follows() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer("systems:\n" + system("a", target.address), on: stage)
            try await server.start()
            let before = try await server.healthCheck("a.port", becomes: "healthy")["since"].string
            let text = "systems:\n" + system("a", target.address) + system("b", target.address)
            try Data(text.utf8).write(to: server.configuration)
            try await server.healthCheck("b.port", becomes: "healthy")
            #expect(try await server.api.healthCheck("a.port")["since"].string == before)
            try Data(("systems:\n" + system("a", target.address)).utf8).write(to: server.configuration)
            try await eventually(that: "b is gone") {
                try await server.api.get("/api/v1/health-checks/b.port").status == 404
            }
            let account = try await SlotAccount.complete(of: "a.port", every: .seconds(1), at: server)
            #expect(account.misses == [:])
        }
    }

    @Test("a file that is wrong changes nothing; a hang-up has it read once more")
    func wrong() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let server = try VitalsServer("systems:\n" + system("a", target.address), on: stage)
            try await server.start()
            try await server.healthCheck("a.port", becomes: "healthy")
            try Data("systems:\n  - { id: a, cheks: [] }\n".utf8).write(to: server.configuration)
            server.signal(SIGHUP)
            try await eventually(that: "the log says so") { server.output.contains("vitals.yaml:2:14") }
            #expect(server.isRunning)
            try await server.healthCheck("a.port", becomes: "healthy")
            let text = "systems:\n" + system("a", target.address) + system("b", target.address)
            try Data(text.utf8).write(to: server.configuration)
            server.signal(SIGHUP)
            try await server.healthCheck("b.port", becomes: "healthy")
        }
    }

    @Test("a folder behind a link that is turned elsewhere, as Kubernetes does it")
    func turnedLink() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let folder = try stage.makeFolder()
            let manager = FileManager.default
            for (version, ids) in [("one", ["a"]), ("two", ["a", "b"])] {
                let path = folder.appending(path: version)
                try manager.createDirectory(at: path, withIntermediateDirectories: true)
                for id in ids {
                    let text = "systems:\n" + system(id, target.address)
                    try Data(text.utf8).write(to: path.appending(path: "\(id).yaml"))
                }
            }
            let link = folder.appending(path: "current").path
            try manager.createSymbolicLink(atPath: link, withDestinationPath: "one")
            let server = try VitalsServer(nil, arguments: ["--config", link], on: stage)
            try await server.start()
            try await server.healthCheck("a.port", becomes: "healthy")
            let next = folder.appending(path: "next").path
            try manager.createSymbolicLink(atPath: next, withDestinationPath: "two")
            #expect(rename(next, link) == 0)
            try await server.healthCheck("b.port", becomes: "healthy")
            #expect(try await server.api.healthCheck("a.port")["state"].string == "healthy")
        }
    }

    @Test("a check that is pointed elsewhere while it is down starts from unknown, at once (S72)")
    func pointedElsewhere() async throws {
        try await Stage.run { stage in
            let (down, well) = (try stage.tcpTarget(isOpen: false), try stage.tcpTarget())
            let server = try VitalsServer("systems:\n" + system("a", down.address), on: stage)
            try await server.start()
            try await server.healthCheck("a.port", becomes: "unhealthy")
            try Data(("systems:\n" + system("a", well.address)).utf8).write(to: server.configuration)
            let now = try await server.healthCheck("a.port", becomes: "healthy")
            #expect(now["consecutive_failures"].number == 0)
            #expect(now["target"].string == well.address)
        }
    }
}
