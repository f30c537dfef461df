import Foundation
import Testing
import VitalsTesting

@Suite("vitals secrets rotate", .oneOfAFew)
struct SecretRotationTests {
    /// A server that has a channel with a secret and a system with a password, both made by the API.
    private static func prepare(
        _ stage: Stage, environment: [String: String] = [:]
    ) async throws -> (VitalsServer, WebhookReceiver) {
        let receiver = try stage.receiver()
        let server = try VitalsServer(nil, environment: environment, on: stage)
        try await server.start()
        for (path, body) in [
            (
                "channels",
                #"{"id":"ops","webhook":{"url":"\#(receiver.url)","secret":"\#(receiver.secret)"}}"#
            ),
            ("systems", #"{"id":"db","connection":"\#(try stage.httpTarget().url)"}"#),
        ] {
            let made = try await server.api.send(
                "POST", "/api/v1/\(path)", headers: [("content-type", "application/json")], body: body)
            #expect(made.status == 201, "\(made.text)")
        }
        try await server.healthCheck("db.connection", becomes: "healthy")
        return (server, receiver)
    }

    /// What is stored can be read: the server starts, probes and signs.
    private static func expectWhole(_ server: VitalsServer, _ receiver: WebhookReceiver) async throws {
        try await server.start()
        try await server.healthCheck("db.connection", becomes: "healthy")
        let before = receiver.messages.count
        #expect(try await server.api.send("POST", "/api/v1/channels/ops/test").status == 200)
        #expect(receiver.messages.dropFirst(before).map(\.isSigned) == [true])
        #expect(try await server.stop() == 0)
    }

    private static func rotate(
        _ server: VitalsServer, environment: [String: String] = [:], on stage: Stage
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        try await VitalsProgram.run(
            ["secrets", "rotate", "--data", server.data.path], environment: environment, on: stage)
    }

    @Test("everything is sealed by a new key, and the old one opens nothing any more")
    func rotates() async throws {
        try await Stage.run { stage in
            let (server, receiver) = try await Self.prepare(stage)
            let busy = try await Self.rotate(server, on: stage)
            #expect(busy.exitCode == 75)
            #expect(try await server.stop() == 0)
            let file = server.data.appending(path: "secret.key")
            let old = try Data(contentsOf: file)
            let rotated = try await Self.rotate(server, on: stage)
            #expect(rotated.exitCode == 0, "\(rotated)")
            #expect(rotated.output == "2 parts are sealed by the new key.\n")
            let new = try Data(contentsOf: file)
            #expect(new.count == 32 && new != old)
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try await Self.expectWhole(server, receiver)
            try old.write(to: file)
            try server.launch()
            #expect(try await server.waitForExit() == 75)
            try new.write(to: file)
            try await Self.expectWhole(server, receiver)
        }
    }

    @Test("a key in the environment takes over from the file, and another from it")
    func environment() async throws {
        try await Stage.run { stage in
            let (server, receiver) = try await Self.prepare(stage)
            #expect(try await server.stop() == 0)
            #expect(
                try await Self.rotate(server, environment: ["SECRET_KEY": "one"], on: stage).exitCode == 0)
            let lost = try await Self.rotate(server, on: stage)
            #expect(lost.exitCode == 75)
            #expect(lost.errors.contains("SECRET_KEY"))
            let two = ["SECRET_KEY": "two", "SECRET_KEY_PREVIOUS": "one"]
            #expect(try await Self.rotate(server, environment: two, on: stage).exitCode == 0)
            let after = try VitalsServer(
                nil, environment: ["SECRET_KEY": "two"], data: server.data, on: stage)
            try await Self.expectWhole(after, receiver)
        }
    }

    @Test("killed at any moment, it leaves what can be read, and can be run again")
    func killed() async throws {
        try await Stage.run { stage in
            let (server, receiver) = try await Self.prepare(stage)
            #expect(try await server.stop() == 0)
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try await Self.rotate(server, on: stage).exitCode == 0)
            let whole = clock.now - start
            for attempt in 0..<12 {
                let program = try VitalsProgram(["secrets", "rotate", "--data", server.data.path], on: stage)
                let deadline = clock.now + whole * attempt / 12
                while clock.now < deadline, program.process.isRunning { await Task.yield() }
                program.process.signal(SIGKILL)
                _ = try await program.process.waitForExit()
            }
            try await Self.expectWhole(server, receiver)
            #expect(try await Self.rotate(server, on: stage).exitCode == 0)
            #expect(try Data(contentsOf: server.data.appending(path: "secret.key")).count == 32)
            try await Self.expectWhole(server, receiver)
        }
    }

    @Test("where there is no store nothing is made")
    func nothing() async throws {
        try await Stage.run { stage in
            let folder = try stage.makeFolder().appending(path: "data")
            let rotated = try await VitalsProgram.run(
                ["secrets", "rotate", "--data", folder.path], on: stage)
            #expect(rotated.exitCode == 75)
            #expect(rotated.errors.contains("there is no store here"))
            #expect(!FileManager.default.fileExists(atPath: folder.path))
        }
    }
}
