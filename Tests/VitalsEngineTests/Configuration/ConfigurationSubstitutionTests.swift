import Testing
import VitalsCore
import VitalsEngine

@Suite("Variables in a configuration")
struct ConfigurationSubstitutionTests {
    /// A value that would break the file, or the URL, anywhere.
    static let hostile = "a: b #c\n- {x}: ['\"&*!|>%@`,/?#[]@:${PW}$$\\ é"
    static let encoded =
        "a%3A%20b%20%23c%0A-%20%7Bx%7D%3A%20%5B%27%22%26%2A%21%7C%3E%25%40%60%2C"
        + "%2F%3F%23%5B%5D%40%3A%24%7BPW%7D"
        + "%24%24%5C%20%C3%A9"

    @Test(
        "are put in for their place",
        arguments: [
            // The whole target, taken as it is.
            ("tcp", "${A}", ["A": "a:1 # x"], "a:1 # x"),
            ("http", "${A}", ["A": "http://u:p%20w@h/?q=a b"], "http://u:p%20w@h/?q=a b"),
            // Not a URL: as it is.
            ("tcp", "${A}:${B}", ["A": "db/1", "B": "5 4"], "db/1:5 4"),
            ("tcp", "x:${A}${A}", ["A": "1"], "x:11"),
            // User, password, path, query.
            (
                "http", "http://${A}:${B}@h/", ["A": "u:@/", "B": "p@ss/w:rd?#[]"],
                "http://u%3A%40%2F:p%40ss%2Fw%3Ard%3F%23%5B%5D@h/"
            ),
            ("http", "http://u:x${A}y@h/", ["A": "@"], "http://u:x%40y@h/"),
            ("http", "http://h/${A}/x", ["A": "a/../b c"], "http://h/a%2F..%2Fb%20c/x"),
            ("http", "http://h/?t=${A}&x=1", ["A": "a&b=c#d"], "http://h/?t=a%26b%3Dc%23d&x=1"),
            ("http", "http://h?t=${A}@b", ["A": "@/"], "http://h?t=%40%2F@b"),
            ("http", "http://h/${A}", ["A": "AZaz09-._~"], "http://h/AZaz09-._~"),
            ("http", "http://h/${A}", ["A": "é"], "http://h/%C3%A9"),
            // Host and port, with what belongs to them.
            ("http", "http://${A}/x", ["A": "db1.example.com:8080"], "http://db1.example.com:8080/x"),
            ("http", "http://u@${A}/x", ["A": "[::1]:80"], "http://u@[::1]:80/x"),
            ("http", "http://${A}/x", ["A": "evil/@b?c"], "http://evil%2F%40b%3Fc/x"),
            ("http", "http://h:${A}/x@y", ["A": "80"], "http://h:80/x@y"),
            // A base at the beginning is as it is; what follows it is not.
            (
                "http", "${A}/x?t=${B}", ["A": "http://u:p@h:1/base", "B": "a&b"],
                "http://u:p@h:1/base/x?t=a%26b"
            ),
            // Dollars.
            ("http", "http://h/$$x", [:], "http://h/$x"),
            ("http", "http://h/$${A}", [:], "http://h/${A}"),
            ("http", "http://h/$x$", [:], "http://h/$x$"),
            ("http", "http://h/$$$${A}", ["A": "1"], "http://h/$${A}"),
            ("http", "http://h/$$${A}", ["A": "1"], "http://h/$1"),
            // What was put in is not read again.
            ("tcp", "x:${A}", ["A": "${B}$$", "B": "no"], "x:${B}$$"),
        ])
    func places(kind: String, target: String, environment: [String: String], expected: String) throws {
        let text = "systems: [{id: s, checks: [{id: c, \(kind): '\(target)'}]}]"
        let configuration = try ConfigurationFixture.read(text, environment: environment).configuration
        #expect(configuration.healthChecks.map(\.probe.address) == [expected])
    }

    @Test("that would break the file are harmless everywhere")
    func hostileValue() throws {
        let text = """
            channels:
              - { id: ops, default: true, webhook: { url: "https://h/${PW}?x=${PW}", secret: "${PW}" } }
            systems:
              - id: s
                description: ${PW}
                checks:
                  - { id: c, postgres: "postgres://u:${PW}@h/${PW}" }
            """
        let configuration = try ConfigurationFixture.read(text, environment: ["PW": Self.hostile])
            .configuration
        let channel = configuration.channels.first?.channel
        let webhook = try #require(channel as? ConfigurationFixture.SettingsOnly).settings
        #expect(webhook.text("url") == "https://h/\(Self.encoded)?x=\(Self.encoded)")
        #expect(webhook.secret("secret") == Secret(Self.hostile))
        #expect(configuration.systems.map(\.description) == [Self.hostile])
        #expect(
            configuration.healthChecks.map(\.probe.address) == [
                "postgres://u:\(Self.encoded)@h/\(Self.encoded)"
            ])
    }

    @Test(
        "that cannot be put in are named with their place",
        arguments: [
            ("${A}", [:], "the environment variable A is not set; \(setIt)"),
            ("${A}", ["A": ""], "the environment variable A is empty; \(setIt)"),
            ("${A}-${B}", ["A": ""], "the environment variable A is empty, B is not set; \(setIt)"),
            ("${A", ["A": "1"], "a \"${\" has no \"}\"; write $$ where a dollar is meant"),
            ("${}", [:], "\"${}\" names no variable; \(aName)"),
            ("${1A}", [:], "\"${1A}\" names no variable; \(aName)"),
            ("${A-x}", ["A": "1"], "\"${A-x}\" names no variable; \(aName)"),
            (String(repeating: "${A}", count: 101), ["A": "1"], "holds more than 100 variables"),
        ])
    func refused(value: String, environment: [String: String], message: String) {
        let text = "systems: [{id: s, description: '\(value)'}]"
        #expect(
            ConfigurationFixture.problems(text, environment: environment) == [
                "vitals.yaml:1:32: systems[0].description: \(message)"
            ])
    }

    @Test("are not put into keys")
    func keys() {
        #expect(
            ConfigurationFixture.problems("\"${A}\": x", environment: ["A": "server"]) == [
                "vitals.yaml:1:1: [\"${A}\"]: unknown key; "
                    + "known here: `server`, `defaults`, `channels`, `groups`, `checks`, `systems`, "
                    + "`health`, `storage`, `connectivity`, `deadman`, `heartbeats`"
            ])
    }

    @Test(
        "are never shown, whatever is wrong with what they stand for",
        arguments: [
            (
                "server: {listen: '${A}'}",
                "\"${A}\" has no port; write host:port, as in 127.0.0.1:8080 or [::1]:8080"
            ),
            (
                "defaults: {interval: '${A}'}",
                "\"${A}\" is not a duration; write a whole number and a unit, as in 500ms, 15s, 1m or 2h"
            ),
            (
                "storage: {max_size: '${A}'}",
                "\"${A}\" is not a size; write a whole number and a unit, as in 500MB or 5GB"
            ),
            ("channels: [{id: '${A}', webhook: {url: 'http://h'}}]", "\"${A}\" cannot be an id; \(anID)"),
            (
                "channels: [{id: a, default: '${A}', webhook: {url: 'http://h'}}]",
                "\"${A}\" is neither true nor false; write one of them"
            ),
            (
                "channels: [{id: a, webhook: {url: '${A}'}}]",
                "is not a URL to post to; write one, as in https://hooks.example.com/vitals"
            ),
            (
                "channels: [{id: a, webhook: {url: 'http://h', secret: 'whsec_${A}'}}]",
                "begins with whsec_, but what follows is not base64 (with its = at the end)"
            ),
            ("systems: [{id: s, notify: ['${A}']}]", "\"${A}\" is not a channel; there are none"),
            ("systems: [{id: s, groups: ['${A}']}]", "\"${A}\" cannot be an id; \(anID)"),
            (
                "systems: [{id: s, links: {x: '${A}'}}]",
                "is not a link; write a URL, as in https://wiki.example.com/orders (also http, mailto)"
            ),
            (
                "systems: [{id: s}]\nhealth: {components: {a: '${A}'}}",
                "\"${A}\" is not a system; there are `s`"
            ),
            ("health: {critical: ['${A}']}", "\"${A}\" is not an alias of `components`; there are none"),
            ("systems: [{id: s, checks: [{id: c, postgres: '${A}'}]}]", "does not begin with postgres://"),
            (
                "systems: [{id: s, checks: [{id: c, postgres: 'postgres://h/?sslmode=${A}'}]}]",
                "is not a postgres target with the value of A put in; \(hidden)"
            ),
            ("systems: [{id: s, checks: [{id: c, tcp: 'h${A}'}]}]", "has no port; write host:port"),
        ])
    func neverShown(text: String, message: String) {
        let problems = ConfigurationFixture.problems(text, environment: ["A": "hun Ter2/sEcreT"])
        #expect(problems.count == 1)
        #expect(problems.first?.hasSuffix(": " + message) == true, "\(problems)")
        #expect(
            !problems.contains { $0.lowercased().contains("ter2") || $0.lowercased().contains("secret/") })
    }

    @Test("that give a number are not repeated either")
    func numbers() {
        let text = """
            defaults: { interval: "${A}", thresholds: { failure: "${A}" } }
            systems:
              - { id: "${B}" }
              - { id: "${B}", checks: [{ id: c, tcp: "a:1", interval: "${C}", timeout: 9s }] }
            health: { components: { x: shopping } }
            """
        #expect(
            ConfigurationFixture.problems(text, environment: ["A": "4711", "B": "shop", "C": "5s"]) == [
                "vitals.yaml:1:23: defaults.interval: \"${A}\" has no unit; write one (units: ms, s, m, h)",
                "vitals.yaml:1:54: defaults.thresholds.failure: \"${A}\" is out of range; "
                    + "write a whole number from 1 to 1000",
                "vitals.yaml:4:11: systems[1].id: the id \"${B}\" is taken on line 3; ids must differ",
                "vitals.yaml:4:76: systems[1].checks[0].timeout: "
                    + "\"9s\" is longer than the interval (\"${C}\"); "
                    + "a run must end before the next begins",
                "vitals.yaml:5:28: health.components.x: \"shopping\" is not a system; there are `${B}`",
            ])
    }
}

private let setIt = "set it, or write $$ where a dollar is meant"
private let aName = "write letters, digits and underscores, or $$ for a dollar"
private let anID = "write lower-case letters, digits and dashes, a letter or digit first, at most 63"
private let hidden = "`vitals check` with the whole target says why (the value is not shown here)"
