import Foundation
import Testing
import VitalsTesting

@Suite("vitals config schema", .oneOfAFew)
struct ConfigurationSchemaTests {
    /// Says of each document whether it is valid; ends with 1 if the schema itself is none.
    private static let validator = """
        import json, sys, yaml
        from jsonschema import Draft202012Validator as Validator
        schema = json.load(open('schema.json'))
        Validator.check_schema(schema)
        for text in json.load(open('documents.json')):
            errors = [e.message[:200] for e in Validator(schema).iter_errors(yaml.safe_load(text))]
            print(json.dumps(errors))
        """

    /// What an implementation that is not ours finds wrong with each document.
    private static func errors(in documents: [String], on stage: Stage) async throws -> [[JSONValue]] {
        let schema = try await VitalsProgram.run(["config", "schema"], on: stage)
        #expect(schema.exitCode == 0, "\(schema)")
        let folder = try stage.makeFolder()
        try Data(schema.output.utf8).write(to: folder.appending(path: "schema.json"))
        try JSONSerialization.data(withJSONObject: documents).write(
            to: folder.appending(path: "documents.json"))
        let output = folder.appending(path: "output")
        let python = try ChildProcess(
            ["/usr/bin/python3", "-c", validator], in: folder.path, output: output.path, asUnprivileged: false
        )
        let exitCode = try await python.waitForExit()
        let text = try String(contentsOf: output, encoding: .utf8)
        #expect(exitCode == 0, "\(text)")
        let lines = try text.split(separator: "\n").map { try JSONValue(parsing: String($0)).items }
        try #require(lines.count == documents.count, "\(text)")
        return lines
    }

    @Test("the examples of the documentation are valid by it")
    func examples() async throws {
        try await Stage.run { stage in
            let documents = try Self.examples()
            #expect(documents.count >= 4)
            for (document, errors) in zip(documents, try await Self.errors(in: documents, on: stage)) {
                #expect(errors.isEmpty, "\(errors)\n\(document)")
            }
        }
    }

    @Test("whatever may be written is valid by it, and what the reader refuses is mostly not")
    func judgement() async throws {
        try await Stage.run { stage in
            let errors = try await Self.errors(in: Self.valid + Self.invalid, on: stage)
            for (document, errors) in zip(Self.valid, errors) {
                #expect(errors.isEmpty, "\(errors)\n\(document)")
            }
            for (document, errors) in zip(Self.invalid, errors.dropFirst(Self.valid.count)) {
                #expect(!errors.isEmpty, "\(document)")
            }
        }
    }

    private static let valid = [
        "", "systems:\n", "server:\n", "deadman: https://a.example.com/x",
        "deadman: { url: \"${URL}\", every: 5m, method: HEAD }",
        "defaults: { interval: \"${I}\", confirm_every: \"${X}s\" }",
        "defaults: { confirm_every: \"off\", thresholds: { degraded: none, failure: 2 } }",
        "defaults: { thresholds: { window: { size: 10, unhealthy: 7 } } }",
        "systems: [{ id: a, name: , notify: { ops: { on_degraded: false }, desk: } }]",
        "systems: [{ id: 7, notify: [], checks: [{ id: c, tcp: \"h:1\", conditions: \"[CONNECTED]\" }] }]",
        "systems: [{ id: a, checks: [{ id: c,http: { url: \"h\" }, warn_conditions: [\"[STATUS] > 1\"] }] }]",
        "groups: [{ id: web, name: , description: x }]",
        "systems: [{ id: a, labels: { port: 5432, host: h }, connection: \"tcp://h:1\", renamed_from: b }]",
        "checks: [{ id: c, tcp: \"h:1\", systems: \"*\", paused: true, renamed_from: d, interval: 5s }]",
        "checks: [{ id: c, tcp: \"h:1\", systems: [\"*\", a, { id: b, thresholds: { warn: 2 } }] }]",
        "storage: { raw_retention: 7d, max_size: 500MB }",
        "connectivity: { targets: [\"tcp://192.0.2.1:443\"], timeout: 2s }",
        "channels: [{ id: a, cooldown: 0, webhook: { url: \"https://h/\" } }]",
    ]

    private static let invalid = [
        "[]", "sytems: []", "systems: [{ id: db, chekcs: [] }]", "systems: [{ id: DB }]", "systems: [{}]",
        "defaults: { interval: 10 }", "defaults: { interval: 10 s }",
        "defaults: { thresholds: { failure: 0 } }",
        "defaults: { thresholds: { window: { size: 101 } } }",
        "systems: [{ id: a, checks: [{ id: c }] }]", "groups: [{ name: a }]",
        "systems: [{ id: a, checks: [{ id: c, tcp: \"h:1\", systems: [b] }] }]",
        "checks: [{ id: c, systems: [a] }]",
        "checks: [{ id: c, tcp: \"h:1\", systems: [{ enabled: true }] }]",
        "systems: [{ id: a, checks: [{ id: c, tcp: \"h:1\", http: \"http://h/\" }] }]",
        "systems: [{ id: a, checks: [{ id: c, http: { ulr: \"http://h/\" } }] }]",
        "systems: [{ id: a, checks: [{ id: c, tcp: \"h:1\", enabled: maybe }] }]",
        "channels: [{ id: a }]", "channels: [{ id: a, webhook: { urls: x } }]",
        "storage: { max_size: 500 }", "connectivity: { targets: [] }", "connectivity: {}",
        "deadman: { url: x, method: PATCH }", "systems: [{ id: a, notify: ops }]",
    ]

    /// The YAML blocks of README and of the page about the configuration that are whole files.
    private static func examples() throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let pages = ["README.md", "docs/configuration.md", "docs/checks.md", "docs/channels.md"]
        return try pages.flatMap { page in
            try String(contentsOf: root.appending(path: page), encoding: .utf8)
                .components(separatedBy: "```yaml\n").dropFirst()
                .compactMap { $0.components(separatedBy: "```").first }
                .filter { block in
                    ["systems:", "channels:", "server:"].contains { "\n\(block)".contains("\n\($0)") }
                }
        }
    }
}
