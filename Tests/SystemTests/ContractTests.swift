import Foundation
import Testing
import VitalsTesting

@Suite("The API's contract", .oneOfAFew)
struct ContractTests {
    /// Nothing is switched off. What no schema can say may be refused although it fits the document: values
    /// that are wrong together (a `from` after `to`, a configuration that cannot be), a key of another
    /// request, a token that is made up. That something has changed since it was read is told before what is
    /// wrong with the new one.
    private static let settings = """
        seed = 20261121
        request-timeout = 10
        max-stream-events = 2
        [generation]
        max-examples = 12
        [checks.positive_data_acceptance]
        expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 412, 429]
        [[operations]]
        include-operation-id = ["getHistory", "getVital"]
        checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404]
        [[operations]]
        include-method = ["PUT", "PATCH"]
        checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 409, 412]
        checks.negative_data_rejection.expected-statuses = [400, 404, 405, 409, 412, 415, 422]
        [[operations]]
        include-operation-id = "reportExternal"
        checks.positive_data_acceptance.expected-statuses = ["2xx", 401]
        [[operations]]
        include-method = "POST"
        exclude-operation-id = "reportExternal"
        checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 409, 422, 429]
        """

    private static let program = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../.build/schemathesis/bin/schemathesis").standardized.path

    @Test("holds for whatever schemathesis makes up out of its description")
    func schemathesis() async throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.program), "scripts/install.sh test installs it")
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let target = try stage.tcpTarget()
            let server = try VitalsServer(
                """
                channels: [{ id: ops, webhook: { url: "\(receiver.url)" } }]
                systems: [{ id: db, checks: [{ id: port, tcp: "\(target.address)", interval: 1h }] }]
                """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0"], on: stage)
            try await server.start()
            let folder = try stage.makeFolder()
            try Data(Self.settings.utf8).write(to: folder.appending(path: "schemathesis.toml"))
            let output = folder.appending(path: "output").path
            let tester = try ChildProcess(
                [
                    Self.program, "run", "http://127.0.0.1:\(server.port)/api/v1/openapi.json", "--checks",
                    // With more of them Python's own parser, which hypothesis asks, fails now and then.
                    "all", "--workers", "1", "--max-time", "30",
                ], in: folder.path, environment: ["HOME": folder.path], output: output, asUnprivileged: false)
            let exitCode = try await tester.waitForExit(within: .seconds(240))
            let said = try String(contentsOfFile: output, encoding: .utf8)
            #expect(exitCode == 0, "\(said.suffix(20_000))")
            // A real answer of each operation was held against the document; but for that which serves it.
            let document = try await server.api.json("openapi.json")
            let methods = ["get", "put", "post", "delete", "patch"]
            let count = document["paths"].members.reduce(-1) { count, path in
                count + methods.filter { path.value[$0] != .null }.count
            }
            #expect(said.contains("Selected: \(count)/\(count)"), "\(count): \(said.suffix(2_000))")
            #expect(said.contains("Tested: \(count)\n"))
            #expect(server.isRunning)
        }
    }
}
