import Testing
import VitalsCore

@testable import VitalsEngine

@Suite("A configuration of several files, and of what the store keeps")
struct ConfigurationSeveralTests {
    private func read(
        _ texts: [String], stored: [(ResourceKey, String)] = [], environment: [String: String] = [:]
    ) throws(ConfigurationError) -> Configuration {
        let files = texts.enumerated().map { ConfigurationFile(name: "\($0.offset).yaml", text: $0.element) }
        let resources = stored.map { StoredResource(key: $0.0, body: $0.1, version: 3) }
        return try ConfigurationFixture.reader.read(
            files: files, stored: resources, environment: environment, flags: ConfigurationFlags()
        ).configuration
    }

    private func problems(_ texts: [String], stored: [(ResourceKey, String)] = []) -> [String] {
        do {
            _ = try read(texts, stored: stored)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    private let shop = "systems: [{id: shop, checks: [{id: port, tcp: '127.0.0.1:80'}]}]"
    private let blog = "systems: [{id: blog, checks: [{id: port, tcp: '127.0.0.1:81'}]}]"

    @Test("lists are joined, sections merged")
    func joined() throws {
        let read = try read([
            "defaults: {interval: 10s}\n" + shop, "defaults: {timeout: 2s}\n" + blog, "", "systems:",
        ])
        #expect(read.systems.map(\.id.text) == ["shop", "blog"])
        let policy = try #require(read.healthChecks.first).healthCheck.policy
        #expect(policy.interval == .seconds(10))
        #expect(policy.timeout == .seconds(2))
        #expect(read.origins[ResourceKey(.system, "shop")] == .file("0.yaml"))
        #expect(read.origins[ResourceKey(.system, "blog")] == .file("1.yaml"))
    }

    @Test(
        "what is given twice is told where it stands second, with where it stands first",
        arguments: [
            (
                ["defaults: {interval: 10s}", "\ndefaults: {interval: 20s}"],
                "1.yaml:2:12: `interval` is given on line 1 of 0.yaml already; keep one of them"
            ),
            (
                ["systems: [{id: a}]", "systems: [{id: b}, {id: a}]"],
                "1.yaml:1:25: systems[2].id: the id \"a\" is taken on line 1 of 0.yaml; ids must differ"
            ),
            (["systems: [{id: a}]", "[a]"], "1.yaml:1:1: needs keys and values (key: value)"),
            (["systems: [{id: a}]", "systems: [{id: b, name"], "1.yaml:"),
        ] as [([String], String)])
    func twice(texts: [String], problem: String) {
        #expect(problems(texts).first?.hasPrefix(problem) == true, "\(problems(texts))")
    }

    @Test("what the store keeps is read like an item of a file")
    func stored() throws {
        let read = try read(
            [shop],
            stored: [
                (
                    ResourceKey(.channel, "ops"),
                    #"{"id":"ops","default":true,"webhook":{"url":"http://h/x"}}"#
                ),
                (
                    ResourceKey(.system, "blog"),
                    #"{"id":"blog","checks":[{"id":"port","tcp":"127.0.0.1:81","interval":"30s"}]}"#
                ),
            ])
        #expect(read.systems.map(\.id.text) == ["shop", "blog"])
        #expect(read.healthChecks.map(\.healthCheck.bindings.count) == [1, 1])
        #expect(read.origins[ResourceKey(.system, "blog")] == .store(version: 3))
        #expect(read.origins[ResourceKey(.channel, "ops")] == .store(version: 3))
    }

    @Test("what is stored never sees the environment, and a dollar in it is a dollar")
    func noSubstitution() throws {
        let body = #"{"id":"a","description":"${SECRET} and $$"}"#
        let read = try read(
            [shop], stored: [(ResourceKey(.system, "a"), body)], environment: ["SECRET": "s3cret"])
        #expect(read.systems.last?.description == "${SECRET} and $$")
    }

    @Test(
        "what is wrong with something stored is told by its path in it",
        arguments: [
            (#"{"id":"a","checks":[{"id":"b","tcp":"h"}]}"#, "checks[0].tcp: has no port; write host:port"),
            (#"{"id":"shop"}"#, "id: the id \"shop\" is taken on line 1 of 0.yaml; ids must differ"),
            (#"{"id":"a","colour":1}"#, "colour: unknown key; known here:"),
        ])
    func storedProblems(body: String, problem: String) {
        let found = problems([shop], stored: [(ResourceKey(.system, "a"), body)])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(problem) == true, "\(found)")
    }

    @Test("what runs programs here is taken from a file, and never from what is stored")
    func local() throws {
        let checks = #""checks":[{"id":"b","exec":"/bin/true"}]"#
        let reader = ConfigurationFixture.localReader
        let file = ConfigurationFile(name: "0.yaml", text: "systems: [{id: a, \(checks)}]")
        let read = try reader.read(files: [file], environment: [:], flags: ConfigurationFlags())
        #expect(read.configuration.healthChecks.count == 1)
        let stored = StoredResource(
            key: ResourceKey(.system, "a"), body: "{\"id\":\"a\",\(checks)}", version: 1)
        let error = #expect(throws: ConfigurationError.self) {
            try reader.read(files: [], stored: [stored], environment: [:], flags: ConfigurationFlags())
        }
        #expect(error?.description.hasPrefix("checks[0].exec: acts on the server's own machine") == true)
    }

    @Test("without files the server watches itself, unless something is stored")
    func nothing() throws {
        #expect(try read([]).systems.map(\.id.text) == ["vitals"])
        let body = #"{"id":"a"}"#
        #expect(try read([], stored: [(ResourceKey(.system, "a"), body)]).systems.map(\.id.text) == ["a"])
    }
}
