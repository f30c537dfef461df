import Foundation
import Testing
import VitalsTesting

@Suite("Secrets that are given in files", .oneOfAFew)
struct SecretFileTests {
    @Test("are put in like variables, followed when they change, and in the log never")
    func followed() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget()
            let folder = try stage.makeFolder()
            let (token, own) = (folder.appending(path: "token"), folder.appending(path: "own"))
            try Data("first-secret\n".utf8).write(to: token)
            try Data("own-secret\r\n".utf8).write(to: own)
            let server = try VitalsServer(
                """
                systems:
                  - id: web
                    checks:
                      - { id: api, http: { url: "\(target.url)/", bearer: "${TOKEN}" }, interval: 1s }
                """, environment: ["TOKEN_FILE": token.path, "API_TOKEN_FILE": own.path], on: stage)
            try server.launch()
            try await eventually(that: "it is asked with the first") {
                bearers(of: target) == ["first-secret"]
            }
            try Data("second-secret".utf8).write(to: token)
            try await eventually(that: "it is asked with the second") {
                bearers(of: target) == ["first-secret", "second-secret"]
            }
            var api = server.api
            #expect(try await api.get("/api/v1/health-checks").status == 401)
            api.token = "own-secret"
            #expect(try await api.get("/api/v1/health-checks").status == 200)

            // One that is gone changes nothing, and is told of.
            try FileManager.default.removeItem(at: token)
            try await eventually(that: "the log says so") {
                server.output.contains("TOKEN_FILE: \(token.path)")
            }
            let count = target.requests.count
            try await eventually(that: "it goes on") { target.requests.count > count + 1 }
            #expect(bearers(of: target) == ["first-secret", "second-secret"])
            #expect(!server.output.contains("-secret"))
        }
    }

    @Test(
        "are refused with the file and the reason",
        arguments: [
            (nil, "TOKEN_FILE: /"), ("", "the environment variable TOKEN is empty"),
            (String(repeating: "x", count: 65_537), "holds no text in UTF-8 of at most 64 KiB"),
            ("a\u{0}b", "holds no text in UTF-8 of at most 64 KiB"),
        ] as [(String?, String)])
    func refused(_ text: String?, _ words: String) async throws {
        try await Stage.run { stage in
            let folder = try stage.makeFolder()
            let (token, file) = (folder.appending(path: "token"), folder.appending(path: "vitals.yaml"))
            if let text { try Data(text.utf8).write(to: token) }
            let yaml = "systems: [{ id: a, description: '${TOKEN}' }]\n# ${ is none\n"
            try Data(yaml.utf8).write(to: file)
            let found = try await VitalsProgram.run(
                ["config", "validate", "--config", file.path], environment: ["TOKEN_FILE": token.path],
                on: stage)
            #expect(found.exitCode == 78)
            #expect(found.errors.contains(words), "\(found.errors)")
        }
    }

    /// What it was asked with, each once, in that order.
    private func bearers(of target: HTTPTarget) -> [String] {
        var bearers: [String] = []
        for request in target.requests {
            let bearer = request.message.headers["authorization"]?.replacing("Bearer ", with: "") ?? ""
            if !bearers.contains(bearer) { bearers.append(bearer) }
        }
        return bearers
    }
}
