import Testing
import VitalsCore

@testable import VitalsEngine

@Suite("Checks that stand by themselves, on as many systems as they say")
struct ConfigurationReusableTests {
    private static func read(_ check: String, _ systems: String = "a, b, c") throws -> Configuration {
        let items = systems.split(separator: ", ").map { "{ id: \($0) }" }.joined(separator: ", ")
        return try ConfigurationFixture.read(
            """
            systems: [\(items)]
            checks: [{ id: ping, tcp: "h:1", \(check) }]
            """
        ).configuration
    }

    @Test(
        "on which systems a check is",
        arguments: [
            ("systems: [a, c]", ["a.ping", "c.ping"], false),
            ("systems: '*'", ["a.ping", "b.ping", "c.ping"], true),
            ("systems: a", ["a.ping"], false), ("systems: []", [], false), ("systems: ", [], false),
            ("paused: false", [], false), ("systems: [{ id: b }]", ["b.ping"], false),
            ("systems: ['*', { id: b, enabled: false }]", ["a.ping", "b.ping", "c.ping"], true),
        ])
    func systems(written: String, expected: [String], isOnAll: Bool) throws {
        let configuration = try Self.read(written)
        #expect(configuration.healthChecks.map(\.healthCheck.id.text).sorted() == expected)
        #expect(configuration.checks.first?.healthChecks.map(\.text) == expected)
        #expect(configuration.checks.first?.isOnAll == isOnAll)
        #expect(configuration.systems.flatMap(\.healthChecks).map(\.text) == expected)
    }

    @Test("a system may have it otherwise: switched off, or with thresholds of its own")
    func overrides() throws {
        let configuration = try Self.read(
            "thresholds: { failure: 5, warn: 7 }, "
                + "systems: ['*', { id: b, enabled: false, thresholds: { failure: 2 } }]"
        )
        let byID = Dictionary(
            uniqueKeysWithValues: configuration.healthChecks.map { ($0.healthCheck.id.text, $0.healthCheck) })
        #expect(byID["a.ping"]?.isEnabled == true)
        #expect(byID["b.ping"]?.isEnabled == false)
        guard case .rows(let a)? = byID["a.ping"]?.policy.thresholds,
            case .rows(let b)? = byID["b.ping"]?.policy.thresholds
        else {
            Issue.record("no rows")
            return
        }
        #expect((a.failure, a.warn) == (5, 7))
        #expect((b.failure, b.warn) == (2, 7))
    }

    @Test("a paused check runs nowhere, and each of its health checks keeps its own switch")
    func paused() throws {
        let configuration = try Self.read("paused: true, systems: '*'")
        #expect(configuration.healthChecks.allSatisfy { !$0.healthCheck.isEnabled })
        #expect(configuration.healthChecks.allSatisfy { $0.healthCheck.isPaused })
        #expect(configuration.healthChecks.allSatisfy { $0.healthCheck.isSwitchedOn })
    }

    @Test("whom to notify: what the check says, or its system, or the default channels")
    func bindings() throws {
        let read = try ConfigurationFixture.read(
            """
            channels:
              - { id: ops, default: true, webhook: "https://h/" }
              - { id: desk, webhook: "https://h/" }
            systems: [{ id: a, notify: [desk] }, { id: b }]
            checks:
              - { id: one, tcp: "h:1", systems: "*" }
              - { id: two, tcp: "h:1", systems: "*", notify: [] }
            """)
        let found = read.configuration.healthChecks.map { entry in
            "\(entry.healthCheck.id): \(entry.healthCheck.bindings.map(\.channel.text)) "
                + (entry.notifyingFile ?? "nobody")
        }
        #expect(
            found.sorted() == [
                "a.one: [\"desk\"] vitals.yaml", "a.two: [] vitals.yaml", "b.one: [\"ops\"] nobody",
                "b.two: [] vitals.yaml",
            ])
    }

    @Test(
        "what is wrong is told",
        arguments: [
            ("systems: [other]", "\"other\" is not a system; there are `a`, `b`"),
            ("systems: [a, a]", "the system is named twice"),
            ("systems: [{ enabled: true }]", "has no `id`; name a system"),
            ("systems: [{ id: a, interval: 1s }]", "unknown key; known here: `id`, `enabled`, `thresholds`"),
            ("systems: [[a]]", "needs a single value, not a list"),
            ("paused: maybe", "\"maybe\" is neither true nor false"),
            ("systems: [{ id: a, thresholds: { failure: 0 } }]", "\"0\" is out of range"),
            ("renamed_from: ping", "is its own id"), ("renamed_from: 'A B'", "cannot be an id"),
            ("renamed_from: other", "\"other\" is the id of another check still (on line 3)"),
            (
                "systems: [a], renamed_from: own",
                "\"own\" is the id of a check of the system `a` still (on line 1)"
            ),
        ])
    func problems(written: String, expected: String) {
        let found = ConfigurationFixture.problems(
            """
            systems: [{ id: a, checks: [{ id: own, tcp: "h:1" }] }, { id: b }]
            checks:
              - { id: other, tcp: "h:1" }
              - { id: ping, tcp: "h:1", \(written) }
            """)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("a check of its own and one of many systems cannot have one id")
    func twice() {
        let found = ConfigurationFixture.problems(
            """
            systems: [{ id: a, checks: [{ id: ping, tcp: "h:1" }] }]
            checks: [{ id: ping, tcp: "h:1", systems: [a] }]
            """)
        #expect(
            found == [
                "vitals.yaml:2:16: checks[0].id: the system `a` has a check `ping` of its own (on line 1); "
                    + "ids must differ"
            ])
    }

    @Test("what two files say of one id names both places")
    func twoFiles() throws {
        let files = [
            ("a.yaml", "checks: [{ id: ping, tcp: 'h:1' }]"),
            ("b.yaml", "checks: [{ id: ping, tcp: 'h:1' }]"),
        ]
        do {
            _ = try ConfigurationFixture.reader.read(
                files: files.map { ConfigurationFile(name: $0.0, text: $0.1) }, environment: [:],
                flags: ConfigurationFlags())
            Issue.record("nothing was wrong")
        } catch {
            #expect(
                error.description.contains(
                    "b.yaml:1:16: checks[1].id: the id \"ping\" is taken on line 1 of a.yaml"))
        }
    }

    @Test("former ids: of the system, of the check, and of both")
    func formerIDs() throws {
        let configuration = try ConfigurationFixture.read(
            """
            systems:
              - { id: new, renamed_from: old, checks: [{ id: y, renamed_from: x, tcp: "h:1" }] }
            checks: [{ id: ping, renamed_from: pong, tcp: "h:1", systems: "*" }]
            """
        ).configuration
        let found = configuration.healthChecks.map { $0.formerIDs.map(\.text) }
        #expect(found == [["new.x", "old.y", "old.x"], ["new.pong", "old.ping", "old.pong"]])
    }

    @Test(
        "a former id that somebody has, or that two claim, is told with both places",
        arguments: [
            ("{ id: a }, { id: b, renamed_from: a }", "\"a\" is the id of another system still (on line 1)"),
            (
                "{ id: b, renamed_from: a }, { id: c, renamed_from: a }",
                "\"a\" is the former id of another system (on line 1)"
            ),
            ("{ id: b, renamed_from: b }", "is its own id"),
            (
                "{ id: b, renamed_from: a }, { id: a, renamed_from: b }",
                "is the id of another system still (on line 1)"
            ),
        ])
    func formerSystems(systems: String, expected: String) {
        let found = ConfigurationFixture.problems("systems: [\(systems)]")
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("a connection is a check, of the kind that its scheme says")
    func connection() throws {
        let configuration = try ConfigurationFixture.read(
            """
            systems:
              - { id: a, connection: "postgres://u:${PW}@h/db" }
              - { id: b, connection: "https://h/", checks: [{ id: port, tcp: "h:1" }] }
            """, environment: ["PW": "x"]
        ).configuration
        let found = configuration.healthChecks.map { "\($0.healthCheck.id) \($0.healthCheck.kind.name)" }
        #expect(found == ["a.connection postgres", "b.connection http", "b.port tcp"])
        let wrong = ConfigurationFixture.problems("systems: [{ id: a, connection: 'ftp://h' }]")
        #expect(wrong.first?.contains("systems[0].connection: does not begin with one of") == true)
        let twice = ConfigurationFixture.problems(
            "systems: [{ id: a, connection: 'tcp://h:1', checks: [{ id: connection, tcp: 'h:1' }] }]")
        #expect(twice.first?.contains("the id \"connection\" is taken on line 1") == true, "\(twice)")
    }

    @Test("groups are described, and their ids differ")
    func groups() throws {
        let read = try ConfigurationFixture.read(
            "groups: [{ id: payments, name: Payments }, { id: web, description: x }]")
        #expect(
            read.configuration.groups == [
                Group(id: "payments", name: "Payments"), Group(id: "web", description: "x"),
            ])
        #expect(read.configuration.origins[ResourceKey(.group, "web")] == .file("vitals.yaml"))
        let twice = ConfigurationFixture.problems("groups: [{ id: web }, { id: web }]")
        #expect(twice.first?.contains("is taken on line 1") == true)
    }

    // MARK: What files and the store may ask of each other

    private static func stored(_ kind: ResourceKey.Kind, _ body: String) -> StoredResource {
        let id = kind == .system ? "s" : "ping"
        return StoredResource(key: ResourceKey(kind, id), body: body, version: 1)
    }

    private static func read(
        file: String, _ stored: StoredResource..., environment: [String: String] = ["PW": "hidden"]
    ) throws(ConfigurationError) -> Configuration {
        try ConfigurationFixture.reader.read(
            files: [ConfigurationFile(name: "vitals.yaml", text: file)], stored: stored,
            environment: environment, flags: ConfigurationFlags()
        ).configuration
    }

    @Test("all systems are those that are written where the check is")
    func allOfItsOwn() throws {
        let system = Self.stored(.system, #"{"id":"s"}"#)
        let file = "systems: [{ id: f }]\n"
        let ofFile = try Self.read(file: file + "checks: [{ id: ping, tcp: 'h:1', systems: '*' }]", system)
        #expect(ofFile.healthChecks.map(\.healthCheck.id.text) == ["f.ping"])
        let ofStore = try Self.read(
            file: file, system, Self.stored(.check, #"{"id":"ping","tcp":"h:1","systems":"*"}"#))
        #expect(ofStore.healthChecks.map(\.healthCheck.id.text) == ["s.ping"])
    }

    @Test("no label of the store directs a variable, and no check of the store asks for one")
    func variables() {
        let system = Self.stored(.system, #"{"id":"s","labels":{"host":"evil"}}"#)
        let check = "checks: [{ id: ping, systems: [s], postgres: 'postgres://u:${PW}@{{system.host}}/' }]"
        #expect(throws: ConfigurationError.self) { try Self.read(file: check, system) }
        let file = "systems: [{ id: f, labels: { pw: '${PW}' } }]"
        let asking = Self.stored(.check, #"{"id":"ping","tcp":"h:1/{{system.pw}}","systems":["f"]}"#)
        do {
            _ = try Self.read(file: file, asking)
            Issue.record("it was told")
        } catch {
            #expect(error.description.contains("holds an environment variable"), "\(error)")
            #expect(!error.description.contains("hidden"))
        }
    }

    @Test("a stored system gets the check of its connection once, and who removes it has it so")
    func storedConnection() {
        let reader = ConfigurationFixture.reader
        let kept = Self.stored(.system, #"{"id":"s","connection":"postgres://u@h/db"}"#)
        let checked = reader.withDefaultCheck(kept)
        #expect(checked.body == #"{"id":"s","checks":[{"id":"connection","postgres":"postgres://u@h/db"}]}"#)
        #expect(checked.version == 2)
        #expect(reader.withDefaultCheck(checked) == checked)
        let removed = Self.stored(.system, #"{"id":"s","checks":[]}"#)
        #expect(reader.withDefaultCheck(removed) == removed)
    }
}
