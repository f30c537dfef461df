import Foundation
import Testing
import VitalsTesting

@Suite("vitals config validate", .oneOfAFew)
struct ConfigurationCommandTests {
    private func validate(
        _ yaml: String, environment: [String: String] = [:], on stage: Stage
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        let file = try stage.makeFolder().appending(path: "vitals.yaml")
        try Data(yaml.utf8).write(to: file)
        return try await VitalsProgram.run(
            ["config", "validate", "--config", file.path], environment: environment, on: stage)
    }

    @Test("the example of the README is valid")
    func example() async throws {
        try await Stage.run { stage in
            let result = try await validate(
                try Self.readmeExample(),
                environment: ["OPS_SECRET": "whsec_c2VjcmV0c2VjcmV0c2VjcmV0", "ORDERS_PW": "x"],
                on: stage)
            #expect(result.exitCode == 0, "\(result)")
        }
    }

    @Test(
        "a mistake: 78, its place, and what was meant",
        arguments: [
            ("systems:\n  - id: db\n    chekcs: []\n", "vitals.yaml:3:5", "checks"),
            ("systems:\n  - id: DB\n    checks: []\n", "vitals.yaml:2:9", "id"),
            ("defaults: { interval: 10 }\n", "vitals.yaml:1:23", "10s"),
            (
                "systems: [{ id: a, checks: [{ id: c, tcp: \"h:1\", interval: 1s, timeout: 2s }] }]\n",
                "vitals.yaml:1", "interval"
            ),
            ("systems: [{ id: a, checks: [{ id: c, tcp: \"${NOWHERE}\" }] }]\n", "vitals.yaml:1", "NOWHERE"),
            ("systems: [\n", "vitals.yaml:", ""),
        ])
    func mistakes(yaml: String, place: String, meant: String) async throws {
        try await Stage.run { stage in
            let result = try await validate(yaml, on: stage)
            #expect(result.exitCode == 78)
            let text = result.output + result.errors
            #expect(text.contains(place), "\(text)")
            #expect(meant.isEmpty || text.contains(meant), "\(text)")
        }
    }

    /// The longest YAML block of the README.
    private static func readmeExample() throws -> String {
        let readme = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "README.md")
        let parts = try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "```yaml\n")
            .dropFirst()
        let blocks = parts.compactMap { $0.components(separatedBy: "```").first }
        return try #require(blocks.max { $0.count < $1.count })
    }
}
