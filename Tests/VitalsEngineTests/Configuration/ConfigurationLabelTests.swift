import Testing
import VitalsCore

@testable import VitalsEngine

@Suite("A check on many systems says of each what is its own")
struct ConfigurationLabelTests {
    private static let systems = """
        systems:
          - id: a
            name: The A
            labels: { host: db1.example.com, port: "5432", dash-ed: d, under_score: u, dollar: "$$x",
              brace: "{{system.id}}", url: "tcp://h:1", odd: "p@ss/w:rd", six: "[::1]:5432",
              secret: "${PW}" }
            notify: []
          - { id: b, labels: { host: db2 } }
        """

    private static func target(_ written: String, on system: String = "a") throws -> String? {
        let text = "\(systems)\nchecks: [{ id: ping, systems: [\(system)], tcp: '\(written)' }]"
        let read = try ConfigurationFixture.read(text, environment: ["PW": "s3cret:pw", "HOST": "vhost"])
        return read.configuration.healthChecks.first?.probe.address
    }

    @Test(
        "a label stands where it is asked for, once and for its place",
        arguments: [
            ("{{system.host}}:5432", "db1.example.com:5432"),
            ("{{system.host}}:{{system.port}}", "db1.example.com:5432"),
            ("{{ system.host }}:1", "db1.example.com:1"),
            ("{{  system.host  }}:1", "db1.example.com:1"),
            ("{{system.id}}:1", "a:1"), ("{{system.name}}:1", "The A:1"),
            ("x{{system.dash-ed}}y{{system.under_score}}:1", "xdyu:1"),
            // What a label holds is never read again, nor is what a variable holds.
            ("{{system.dollar}}:1", "$x:1"), ("{{system.brace}}:1", "{{system.id}}:1"),
            ("{{system.secret}}", "s3cret:pw"), ("${HOST}:{{system.port}}", "vhost:5432"),
            // In a URL it is encoded for its place.
            ("tcp://{{system.odd}}@h:1", "tcp://p%40ss%2Fw%3Ard@h:1"),
            ("tcp://h:1/{{system.odd}}", "tcp://h:1/p%40ss%2Fw%3Ard"),
            ("tcp://h:1/?q={{system.odd}}", "tcp://h:1/?q=p%40ss%2Fw%3Ard"),
            ("tcp://{{system.six}}", "tcp://[::1]:5432"),
            ("tcp://u:${PW}@{{system.host}}:1", "tcp://u:s3cret%3Apw@db1.example.com:1"),
            ("{{system.url}}/{{system.odd}}", "tcp://h:1/p%40ss%2Fw%3Ard"), ("{{system.odd}}", "p@ss/w:rd"),
            // Braces that ask for nothing are themselves.
            ("{{h}}:1", "{{h}}:1"), ("{h}:1", "{h}:1"), ("{{{system.port}}}:1", "{5432}:1"),
            ("{\"a\":{{system.port}}}", "{\"a\":5432}"), ("{{.Host}}:1", "{{.Host}}:1"),
            ("{{systems.host}}:1", "{{systems.host}}:1"), ("{{:1", "{{:1"), ("}}:1", "}}:1"),
            ("{{{{system.host}}:1", "{{system.host}}:1"),
            ("{{{{ system.host}}:1", "{{system.host}}:1"),
            ("{{{{system.host}}:{{system.port}}", "{{system.host}}:5432"),
        ])
    func values(written: String, expected: String) throws {
        #expect(try Self.target(written) == expected)
    }

    @Test("every system has its own value")
    func perSystem() throws {
        #expect(try Self.target("{{system.host}}:1", on: "b") == "db2:1")
        #expect(try Self.target("{{system.name}}:1", on: "b") == "b:1")
    }

    private static let onA = "the check `ping` is on the system `a` (line 2 of vitals.yaml)"

    @Test(
        "what cannot be put in is told with check, system, label and both places",
        arguments: [
            (
                "{{system.hots}}:1",
                ["`{{system.hots}}`: \(onA), which has no label `hots`; did you mean `host`?"]
            ),
            (
                "{{system.elsewhere}}:1",
                ["`{{system.elsewhere}}`: \(onA), which has no label `elsewhere`; give it one under `labels`"]
            ),
            ("{{system.}}:1", ["\"{{system.}}\" names no label"]),
            ("{{system.a b}}:1", ["\"{{system.a b}}\" names no label"]),
            ("{{system.hö}}:1", ["\"{{system.hö}}\" names no label"]),
            ("{{system.host:1", ["has no \"}}\""]), ("{{system.host}:1", ["has no \"}}\""]),
            ("{{system.host}}", ["has no port; write host:port (on the system `a`)"]),
            ("plain", ["has no port; write host:port"]),
            ("${NONE}{{system.host}}:1", ["the environment variable NONE is not set"]),
        ])
    func problems(written: String, expected: [String]) {
        let text = "\(Self.systems)\nchecks: [{ id: ping, systems: [a], tcp: '\(written)' }]"
        let found = ConfigurationFixture.problems(text, environment: ["PW": "x"])
        #expect(found.count == 1, "\(found)")
        for part in expected { #expect(found.first?.contains(part) == true, "\(found)") }
        #expect(found.first?.hasPrefix("vitals.yaml:9:") == true, "\(found)")
        #expect(found.first?.contains("checks[0].tcp: ") == true, "\(found)")
    }

    @Test("what a variable stands for is not told by way of a label")
    func hidden() {
        let text = "\(Self.systems)\nchecks: [{ id: ping, systems: [a], postgres: '{{system.secret}}' }]"
        let found = ConfigurationFixture.problems(text, environment: ["PW": "tell-me"])
        #expect(found.count == 1)
        #expect(found.first?.contains("tell-me") == false, "\(found)")
        #expect(!found.isEmpty)
        let labels = try? ConfigurationFixture.read(Self.systems, environment: ["PW": "tell-me"])
            .configuration.systems.first?.labels
        #expect(labels?.first { $0.name == "secret" }?.value == .some(nil))
        #expect(labels?.first { $0.name == "host" }?.value == "db1.example.com")
    }

    @Test("a check that is wrong on every system is told of once")
    func once() {
        let text = "\(Self.systems)\nchecks: [{ id: ping, systems: '*', tcp: plain, interval: 0s }]"
        #expect(ConfigurationFixture.problems(text, environment: ["PW": "x"]).count == 2)
    }

    @Test(
        "labels have names and values",
        arguments: [
            ("{ id: x }", "every system has `id`; call the label otherwise"),
            ("{ name: x }", "every system has `name`; call the label otherwise"),
            ("{ 'a b': x }", "cannot be the name of a label"), ("{ a: }", "has no value"),
            ("{ a: [x] }", "needs a single value, not a list"),
            ("{ a: '' }", "labels.a: "), ("[a]", "needs keys and values"),
        ])
    func labels(written: String, expected: String) {
        let found = ConfigurationFixture.problems("systems: [{ id: a, labels: \(written) }]")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    @Test("another label resets only the health check that asks for it")
    func revisions() throws {
        func revisions(_ host: String) throws -> [String: Revision] {
            let read = try ConfigurationFixture.read(
                """
                systems: [{ id: a, labels: { host: \(host) } }, { id: b, labels: { host: same } }]
                checks: [{ id: ping, systems: "*", tcp: "{{system.host}}:1" }]
                """)
            return Dictionary(
                uniqueKeysWithValues: read.configuration.healthChecks.map {
                    ($0.healthCheck.id.text, $0.healthCheck.revision)
                })
        }
        let (before, after) = (try revisions("one"), try revisions("two"))
        #expect(before["a.ping"] != after["a.ping"])
        #expect(before["b.ping"] == after["b.ping"])
    }
}
