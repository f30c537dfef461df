import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("A D1 check in the configuration")
struct D1ConfigurationTests {
    private static let environment = [
        "CLOUDFLARE_ACCOUNT_ID": "acc", "CLOUDFLARE_DATABASE_ID": "db", "CLOUDFLARE_API_KEY": "s3cr3t",
        "D1_API_BASE_URL": "http://127.0.0.1:1/v4",
    ]

    /// What a file with this check says, or what is wrong with it.
    private func read(
        _ check: String, _ environment: [String: String] = environment, stored: Bool = false
    ) async throws -> (address: String?, lines: [String]) {
        let network = try Network(version: "1", clock: MachineClock(wall: { Fixture.at(0) }, boot: { 0 }))
        let reader = ConfigurationReader(forms: network.forms, channelForms: []) { Revision($0) }
        let found: (String?, [String])
        do {
            let file = ConfigurationFile(
                name: "f", text: "systems:\n  - id: shop\n    checks:\n      - \(check)\n")
            let body = #"{"id":"shop","checks":[\#(check)]}"#
            let resource = StoredResource(key: ResourceKey(.system, "shop"), body: body, version: 1)
            let read = try reader.read(
                files: stored ? [] : [file], stored: stored ? [resource] : [], environment: environment,
                flags: ConfigurationFlags(listen: nil))
            let others = read.warnings.map { "\($0)" }.filter { !$0.contains("nobody would be told") }
            found = (read.configuration.healthChecks.first?.probe.address, others)
        } catch {
            found = (nil, "\(error)".split(separator: "\n").map(String.init))
        }
        try await network.shutdown()
        return found
    }

    @Test(
        "variables stand in for what is not written",
        arguments: [
            ("{ id: d, d1: {} }", "d1://acc/db"), ("{ id: d, d1: 'd1://' }", "d1://acc/db"),
            ("{ id: d, d1: 'd1://other/there' }", "d1://other/there"),
            ("{ id: d, d1: { database: there } }", "d1://acc/there"),
            ("{ id: d, d1: { url: 'd1://a/b', api_key: '${KEY}' } }", "d1://a/b"),
        ])
    func standsIn(check: String, address: String) async throws {
        let variables = Self.environment.merging(["KEY": "k"]) { $1 }
        let (found, lines) = try await read(check, variables)
        #expect(found == address)
        #expect(lines.isEmpty)
    }

    @Test("what neither stands there nor in a variable is missing")
    func missing() async throws {
        let (_, lines) = try await read("{ id: d, d1: 'd1://a/b' }", ["CLOUDFLARE_API_KEY": ""])
        #expect(lines.contains { $0.contains("write `api_key`, or set CLOUDFLARE_API_KEY") })
    }

    @Test("what is asked for by the API never sees the environment")
    func stored() async throws {
        let (address, lines) = try await read(#"{"id":"d","d1":"d1://a/b"}"#, stored: true)
        #expect(address == nil)
        #expect(lines.contains { $0.contains("has no key") })
        let whole = #"{"id":"d","d1":{"url":"d1://a/b","api_key":"k"}}"#
        #expect(try await read(whole, stored: true).address == "d1://a/b")
    }

    @Test("a value of a variable that cannot be is not shown")
    func hidden() async throws {
        let (_, lines) = try await read(
            "{ id: d, d1: 'd1://a/b' }", ["CLOUDFLARE_API_KEY": "k", "D1_API_BASE_URL": "s3cr3t value"])
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { !$0.contains("s3cr3t") && $0.contains("D1_API_BASE_URL") })
    }

    @Test("a short interval is warned of, and allowed")
    func interval() async throws {
        let (address, lines) = try await read("{ id: d, d1: 'd1://a/b', interval: 10s }")
        #expect(address == "d1://a/b")
        #expect(lines.count == 1)
        #expect(lines.first?.contains("an interval of at least 60s leaves room for others") == true)
        #expect(try await read("{ id: d, d1: 'd1://a/b', interval: 1m }").lines.isEmpty)
    }

    @Test("another address of the API wants the key again: whoever edits a check may not know it")
    func base() async throws {
        let network = try Network(version: "1", clock: MachineClock(wall: { Fixture.at(0) }, boot: { 0 }))
        let form = try #require(network.forms.first { $0.kind == D1Probe.kind })
        let types = Dictionary(uniqueKeysWithValues: form.fields.map { ($0.name, $0.type) })
        #expect(types["base_url"] == .url)
        #expect(types["url"] == .target)
        #expect(form.fields.filter(\.isSecret).map(\.name) == ["api_key", "key"])
        try await network.shutdown()
    }
}
