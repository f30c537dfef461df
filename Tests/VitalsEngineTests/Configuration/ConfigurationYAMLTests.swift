import Testing
import VitalsCore
import VitalsEngine

@Suite("A text that is not YAML, or more of it than a configuration needs")
struct ConfigurationYAMLTests {
    @Test(
        "is refused at its place",
        arguments: [
            (
                "a: [\n",
                "2:1: not valid YAML: did not find expected node content (while parsing a flow node, line 2)"
            ),
            ("a: b: c\n", "1:5: not valid YAML: mapping values are not allowed in this context"),
            ("server:\n\tlisten: x", "2:1: a tab stands here; indent with spaces"),
            (
                "server: {}\nsystems: []\nserver: {}",
                "3:1: the key \"server\" is already on line 1; keep one of them"
            ),
            (
                "systems:\n  - id: a\n    'id': b",
                "3:5: the key \"id\" is already on line 2; keep one of them"
            ),
            ("server: {listen: a, listen: b}", "1:10: the key \"listen\" is written twice; keep one of them"),
            (
                "--- {}\n--- {}\n",
                "2:1: not valid YAML: but found another document "
                    + "(expected a single document in the stream, line 1)"
            ),
            ("server: *x", "1:9: not valid YAML: found undefined alias"),
            ("server: &a {listen: *a}", "1:21: not valid YAML: found undefined alias"),
            ("? [a]\n: b", "1:3: a key must be text"),
            ("\u{1}: x", "1:1: not valid YAML: control characters are not allowed"),
            ("a\nb\n\u{7}", "3:1: not valid YAML: control characters are not allowed"),
            ("server: !env X", "1:9: the tag \"!env\" is not understood; leave it out"),
            ("systems: !!set {a}", "1:10: the tag \"tag:yaml.org,2002:set\" is not understood; leave it out"),
            ("<<: [a]", "1:6: only keys and values can be merged by <<"),
        ])
    func refused(text: String, problem: String) {
        #expect(ConfigurationFixture.problems(text) == ["vitals.yaml:\(problem)"])
    }

    @Test("nested too deep is refused", arguments: [33, 900, 5_000, 100_000])
    func nested(depth: Int) {
        let opening = String(repeating: "[", count: depth)
        let closing = String(repeating: "]", count: depth)
        #expect(ConfigurationFixture.problems("systems: \(opening)\(closing)").count == 1)
    }

    @Test("an alias repeats what its anchor marks, and << merges it under what is written")
    func aliases() throws {
        let text = """
            systems:
              - id: shop
                checks:
                  - &web { id: a, http: "http://127.0.0.1/", interval: 7s, timeout: 3s }
                  - { <<: *web, id: b, interval: 9s }
                  - { <<: [{ id: c, timeout: 1s }, *web] }
              - id: bank
                checks: [*web]
            """
        let healthChecks = try ConfigurationFixture.read(text).configuration.healthChecks.map(\.healthCheck)
        #expect(healthChecks.map(\.id.text) == ["shop.a", "shop.b", "shop.c", "bank.a"])
        #expect(healthChecks.map(\.policy.interval) == [.seconds(7), .seconds(9), .seconds(7), .seconds(7)])
        #expect(healthChecks.map(\.policy.timeout) == [.seconds(3), .seconds(3), .seconds(1), .seconds(3)])
    }

    @Test("a few aliases that stand for billions of values are refused, wherever they stand")
    func laughs() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let ten = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(ten)]\n"
        }
        #expect(
            ConfigurationFixture.problems(text) == [
                "vitals.yaml:1:37: holds more than 1000000 values, aliases counted"
            ])
        #expect(ConfigurationFixture.problems(text + "*a12 : x") == ["vitals.yaml:14:1: a key must be text"])
        #expect(
            ConfigurationFixture.problems(text + "? [*a12]\n: x") == ["vitals.yaml:14:3: a key must be text"])
    }

    @Test("a long chain of anchors is refused")
    func chain() {
        var text = "- &a0 x\n"
        for level in 1...2_000 {
            text += "- &a\(level) [[*a\(level - 1)]]\n"
        }
        #expect(ConfigurationFixture.problems(text) == ["vitals.yaml:101:3: holds more than 100 anchors"])
    }

    @Test("a file may hold 10 MiB of UTF-8")
    func size() throws {
        let text = "systems: []\n#" + String(repeating: "x", count: ConfigurationFile.maximumSize)
        let problem = "vitals.yaml: has 10485773 bytes; at most 10 MiB are read"
        #expect(ConfigurationFixture.problems(text) == [problem])
        #expect(throws: ConfigurationError.self) {
            try ConfigurationFile(name: "vitals.yaml", bytes: Array(text.utf8))
        }
        let largest = String(text.dropLast(13))
        #expect(try ConfigurationFile(name: "vitals.yaml", bytes: Array(largest.utf8)).text == largest)
        #expect(ConfigurationFixture.problems(largest) == [])
        #expect {
            try ConfigurationFile(name: "vitals.yaml", bytes: [0x61, 0xFF])
        } throws: { error in
            "\(error)" == "vitals.yaml: is not UTF-8 text; save it as UTF-8"
        }
    }
}
