import Testing
import VitalsEngine

@Suite("What is wrong in a configuration is told with its place, what was found and what was meant")
struct ConfigurationProblemTests {
    @Test(
        "a key of a check",
        arguments: [
            ("interval: 10", "interval: \"10\" has no unit; write 10s (units: ms, s, m, h)"),
            ("interval: \"10\"", "interval: \"10\" has no unit; write 10s (units: ms, s, m, h)"),
            ("interval: 0", "interval: \"0\" has no unit; write 0s (units: ms, s, m, h)"),
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
            ("{interval: 1s, timeout: 2s}", nil),
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
            ("thresholds: {windows: 3}", "thresholds.windows: unknown key; known here: \(thresholdKeys)"),
            ("thresholds: {fail: 3}", "thresholds.fail: unknown key; known here: \(thresholdKeys)"),
            ("thresholds: {failures: 3}", "thresholds.failures: unknown key; did you mean `failure`?"),
            ("intervall: 10s", "intervall: unknown key; did you mean `interval`?"),
            ("confirmEvery: 10s", "confirmEvery: unknown key; did you mean `confirm_every`?"),
            ("notfiy: [ops]", "notfiy: unknown key; did you mean `notify`?"),
            ("colour: red", "colour: unknown key; known here: \(checkKeys)"),
            ("\"a b\": red", "[\"a b\"]: unknown key; known here: \(checkKeys)"),
            ("notify: ops", "notify: \"ops\" is no list; write the channels, as in [ops], or [] for nobody"),
            ("notify:", "notify: has no value; write the channels, as in [ops], or [] for nobody"),
            ("notify: [ops]", "notify[0]: \"ops\" is no channel; there are none"),
            ("notify: {ops: {}}", "notify.ops: \"ops\" is no channel; there are none"),
        ] as [(String, String?)])
    func check(key: String, message: String?) {
        guard let message else { return }
        let problems = ConfigurationFixture.problems(ConfigurationFixture.check(key))
        #expect(problems.map(withoutPosition) == ["systems[0].checks[0].\(message)".replacing(".[", with: "[")])
    }
}

private let aDuration = "write a whole number and a unit, as in 500ms, 15s, 1m or 2h"
private let mustEnd = "a run must end before the next begins"
private let thresholdKeys = "`failure`, `success`, `warn`, `degraded`"
private let checkKeys =
    "`id`, `postgres`, `http`, `tcp`, `interval`, `timeout`, `thresholds`, `confirm_every`, `enabled`, "
    + "`critical`, `notify`"

/// `vitals.yaml:6:19: path: message` without file, line and column.
private func withoutPosition(_ problem: String) -> String {
    problem.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? problem
}
