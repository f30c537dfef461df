import Testing
import VitalsEngine

@Suite("What is wrong in a configuration is told with its place, what was found and what was meant")
struct ConfigurationProblemTests {
    @Test(
        "a key of a check",
        arguments: [
            ("interval: 10", "interval: \"10\" has no unit; write 10s (units: ms, s, m, h)"),
            ("interval: \"10\"", "interval: \"10\" has no unit; write 10s (units: ms, s, m, h)"),
            ("interval: 0", "interval: \"0\" has no unit; write one (units: ms, s, m, h)"),
            ("interval: 0s", "interval: \"0s\" is too short; at least 100ms"),
            ("interval: 99ms", "interval: \"99ms\" is too short; at least 100ms"),
            ("interval: 169h", "interval: \"169h\" is too long; at most 168h"),
            ("interval: -5s", "interval: \"-5s\" is not a duration; \(aDuration)"),
            ("interval: 1.5s", "interval: \"1.5s\" is not a duration; \(aDuration)"),
            ("interval: 1d", "interval: \"1d\" is not a duration; \(aDuration)"),
            ("interval: 1m30s", "interval: \"1m30s\" is not a duration; \(aDuration)"),
            ("interval: 9999999999s", "interval: \"9999999999s\" is not a duration; \(aDuration)"),
            ("interval: soon", "interval: \"soon\" is not a duration; \(aDuration)"),
            ("interval: [1s]", "interval: needs a single value, not a list"),
            ("interval: {a: b}", "interval: needs a single value, not keys and values"),
            ("interval:", "interval: has no value; write one, or leave the key out"),
            ("interval: ~", "interval: has no value; write one, or leave the key out"),
            ("timeout: 5ms", "timeout: \"5ms\" is too short; at least 10ms"),
            ("timeout: 11m", "timeout: \"11m\" is too long; at most 10m"),
            ("timeout: 61s", "timeout: \"61s\" is longer than the interval (60s); \(mustEnd)"),
            ("confirm_every: never", "confirm_every: \"never\" is not a duration; \(aDuration)"),
            ("enabled: yes", "enabled: \"yes\" is neither true nor false; write one of them"),
            ("critical: 1", "critical: \"1\" is neither true nor false; write one of them"),
            ("thresholds: 3", "thresholds: needs keys and values (key: value), not \"3\""),
            (
                "thresholds: {failure: 0}",
                "thresholds.failure: \"0\" is out of range; write a whole number from 1 to 1000"
            ),
            (
                "thresholds: {warn: many}",
                "thresholds.warn: \"many\" is not a whole number; write a whole number from 1 to 1000"
            ),
            ("thresholds: {colour: 3}", "thresholds.colour: unknown key; known here: \(thresholdKeys)"),
            ("thresholds: {windows: {}}", "thresholds.windows: unknown key; did you mean `window`?"),
            (
                "thresholds: {window: 3}",
                "thresholds.window: needs keys and values (key: value), not \"3\""
            ),
            (
                "thresholds: {window: }",
                "thresholds.window: has no value; write { size: 10, unhealthy: 7, degraded: 3 }"
            ),
            (
                "thresholds: {window: {size: 101}}",
                "thresholds.window.size: \"101\" is out of range; write a whole number from 1 to 100"
            ),
            (
                "thresholds: {window: {degraded: none}}",
                "thresholds.window.degraded: \"none\" is not a whole number; "
                    + "write a whole number from 1 to 100"
            ),
            (
                "thresholds: {window: {fail: 3}}",
                "thresholds.window.fail: unknown key; known here: `size`, `unhealthy`, `degraded`"
            ),
            (
                "thresholds: {window: {size: 5}}",
                "thresholds.window.size: `unhealthy` (7) is more than the window's `size` (5); "
                    + "it could never come"
            ),
            (
                "thresholds: {window: {size: 8, degraded: 9}}",
                "thresholds.window.degraded: `degraded` (9) is more than the window's `size` (8); "
                    + "it could never come"
            ),
            (
                "thresholds: {failure: 3, window: {}}",
                "thresholds.window: beside runs in a row (`failure`, `success`, `warn`, `degraded`); "
                    + "a check is judged by one of the two"
            ),
            ("thresholds: {fail: 3}", "thresholds.fail: unknown key; did you mean `failure`?"),
            ("thresholds: {failures: 3}", "thresholds.failures: unknown key; did you mean `failure`?"),
            ("intervall: 10s", "intervall: unknown key; did you mean `interval`?"),
            ("confirmEvery: 10s", "confirmEvery: unknown key; did you mean `confirm_every`?"),
            ("notfiy: [ops]", "notfiy: unknown key; did you mean `notify`?"),
            ("colour: red", "colour: unknown key; known here: \(checkKeys)"),
            ("\"a b\": red", "[\"a b\"]: unknown key; known here: \(checkKeys)"),
            (
                "notify: ops",
                "notify: \"ops\" is not a list; write the channels, as in [ops], or [] for nobody"
            ),
            ("notify:", "notify: has no value; write the channels, as in [ops], or [] for nobody"),
            ("notify: [ops]", "notify[0]: \"ops\" is not a channel; there are none"),
            ("notify: {ops: {}}", "notify.ops: \"ops\" is not a channel; there are none"),
        ])
    func check(key: String, message: String) {
        let problems = ConfigurationFixture.problems(ConfigurationFixture.check(key))
        let path = message.hasPrefix("[") ? "systems[0].checks[0]" : "systems[0].checks[0]."
        #expect(problems.map(withoutPosition) == [path + message])
    }

    @Test("several at once, in the order of the file")
    func several() {
        let text = """
            health: { critical: [x] }
            systems:
              - id: orders db
                checks:
                  - { id: sql, tcp: "a:1", interval: 10, timeout: 5m }
                  - { id: sql, tcp: "a:1", interval: 10s, timeout: 11s, enabled: maybe }
            """
        let problems = ConfigurationFixture.problems(text, environment: ["NOTIFY_TIMEOUT": "8"], listen: "x")
        #expect(
            problems == [
                "--listen: \"x\" has no port; \(anAddress)",
                "NOTIFY_TIMEOUT: \"8\" has no unit; write 8s (units: ms, s, m, h)",
                "vitals.yaml:1:22: health.critical[0]: \"x\" is not an alias of `components`; there are none",
                "vitals.yaml:3:9: systems[0].id: \"orders db\" cannot be an id; \(anID), as in \"orders-db\"",
                "vitals.yaml:5:42: systems[0].checks[0].interval: \"10\" has no unit; "
                    + "write 10s (units: ms, s, m, h)",
                "vitals.yaml:6:15: systems[0].checks[1].id: the id \"sql\" is taken on line 5; "
                    + "ids must differ",
                "vitals.yaml:6:56: systems[0].checks[1].timeout: "
                    + "\"11s\" is longer than the interval (\"10s\"); \(mustEnd)",
                "vitals.yaml:6:70: systems[0].checks[1].enabled: \"maybe\" is neither true nor false; "
                    + "write one of them",
            ])
    }

    @Test("a hundred at most, the rest counted")
    func many() {
        let checks = (0..<150).map { "      - { id: c\($0), tcp: x }" }.joined(separator: "\n")
        let problems = ConfigurationFixture.problems("systems:\n  - id: shop\n    checks:\n\(checks)\n")
        #expect(problems.count == 101)
        #expect(problems.first == "vitals.yaml:4:24: systems[0].checks[0].tcp: has no port; write host:port")
        #expect(problems.last == "and 50 more")
    }

    @Test("a column counts letters, whatever their bytes, and a line ends with CR LF too")
    func columns() {
        let text = "systems:\r\n  - { id: a, name: \"Größe \u{1F984}\", colour: x }\r\n"
        #expect(
            ConfigurationFixture.problems(text) == [
                "vitals.yaml:2:31: systems[0].colour: unknown key; "
                    + "known here: `id`, `name`, `description`, `links`, `groups`, `labels`, `notify`, "
                    + "`connection`, `checks`, `renamed_from`, `cluster`"
            ])
    }
}

private let aDuration = "write a whole number and a unit, as in 500ms, 15s, 1m or 2h"
private let anAddress = "write host:port, as in 127.0.0.1:8080 or [::1]:8080"
private let anID = "write lower-case letters, digits and dashes, a letter or digit first, at most 63"
private let mustEnd = "a run must end before the next begins"
private let thresholdKeys = "`failure`, `success`, `warn`, `degraded`, `window`"
private let checkKeys =
    "`id`, `postgres`, `http`, `tcp`, `interval`, `timeout`, `thresholds`, `confirm_every`, `enabled`, "
    + "`critical`, `notify`, `conditions`, `warn_conditions`, `vitals`, `collect`, "
    + "`renamed_from`"

/// `vitals.yaml:6:19: path: message` without file, line and column.
private func withoutPosition(_ problem: String) -> String {
    problem.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? problem
}
