import Testing
import VitalsCore
import VitalsEngine

@Suite("Environment, flags and defaults")
struct ConfigurationEnvironmentTests {
    @Test("every variable sets what it names")
    func all() throws {
        let environment = [
            "HTTP_ADDR": "[::1]:9000", "API_TOKEN": "t0ken", "MAX_CONCURRENT_HEALTH_CHECKS": "2",
            "MAX_CONCURRENT_PER_TARGET": "3", "HEALTH_MANUAL_RUN_COOLDOWN": "0",
            "HEALTH_UNHEALTHY_HTTP_STATUS": "503", "HEALTH_MAX_AGE": "2m", "SHUTDOWN_TIMEOUT": "1s",
            "NOTIFY_TIMEOUT": "500ms", "DEFAULT_HEALTH_CHECK_INTERVAL": "90s",
            "DEFAULT_HEALTH_CHECK_TIMEOUT": "7s", "DEFAULT_HEALTH_FAILURE_THRESHOLD": "4",
            "DEFAULT_HEALTH_SUCCESS_THRESHOLD": "2", "HEALTH_POLL_INTERVAL": "2s",
            "HEALTH_DUE_BATCH_SIZE": "7",
        ]
        let read = try ConfigurationFixture.read(ConfigurationFixture.check(""), environment: environment)
        var server = ServerSettings()
        server.host = "::1"
        server.port = 9000
        server.apiToken = Secret("t0ken")
        server.maxConcurrentHealthChecks = 2
        server.maxConcurrentPerTarget = 3
        server.manualRunCooldown = .zero
        server.pollInterval = .seconds(2)
        server.dueBatchSize = 7
        server.shutdownTimeout = .seconds(1)
        server.notifyTimeout = .milliseconds(500)
        #expect(read.configuration.server == server)
        #expect(read.configuration.health.unhealthyHTTPStatus == 503)
        #expect(read.configuration.health.maximumAge == .seconds(120))
        #expect(
            read.configuration.healthChecks.map(\.healthCheck.policy) == [
                Policy(
                    interval: .seconds(90), timeout: .seconds(7),
                    thresholds: Thresholds(failure: 4, success: 2), confirmEvery: .seconds(15))
            ])
    }

    @Test(
        "a pace that cannot be used is told, and the usual one is taken",
        arguments: [
            (
                "HEALTH_POLL_INTERVAL", "-1s",
                "\"-1s\" is not a duration; write a whole number and a unit, as in 500ms, 15s, 1m or 2h; "
                    + "it is 15s"
            ),
            ("HEALTH_POLL_INTERVAL", "0", "\"0\" has no unit; write one (units: ms, s, m, h); it is 15s"),
            ("HEALTH_POLL_INTERVAL", "2m", "\"2m\" is too long; at most 60s; it is 15s"),
            (
                "HEALTH_DUE_BATCH_SIZE", "0",
                "\"0\" is out of range; write a whole number from 1 to 1000000; it is 50"
            ),
            (
                "HEALTH_DUE_BATCH_SIZE", "abc",
                "\"abc\" is not a whole number; write a whole number from 1 to 1000000; it is 50"
            ),
        ])
    func pace(name: String, value: String, message: String) throws {
        let read = try ConfigurationFixture.read(ConfigurationFixture.check(""), environment: [name: value])
        #expect(read.configuration.server.pollInterval == .seconds(15))
        #expect(read.configuration.server.dueBatchSize == 50)
        #expect(read.warnings.map(\.description).contains("\(name): \(message)"))
    }

    @Test(
        "a wrong variable is named, with what was found",
        arguments: [
            (
                "HTTP_ADDR", "here",
                "\"here\" has no port; write host:port, as in 127.0.0.1:8080 or [::1]:8080"
            ),
            (
                "API_TOKEN", "hunter 2",
                "holds a space, a line break or a letter beyond ASCII; a token has none"
            ),
            (
                "MAX_CONCURRENT_HEALTH_CHECKS", "0",
                "\"0\" is out of range; write a whole number from 1 to 1000000"
            ),
            (
                "MAX_CONCURRENT_PER_TARGET", "x",
                "\"x\" is not a whole number; write a whole number from 1 to 1000000"
            ),
            ("HEALTH_MANUAL_RUN_COOLDOWN", "10", "\"10\" has no unit; write 10s (units: ms, s, m, h)"),
            (
                "HEALTH_UNHEALTHY_HTTP_STATUS", "99",
                "\"99\" is out of range; write a whole number from 200 to 599"
            ),
            ("HEALTH_MAX_AGE", "0", "\"0\" has no unit; write one (units: ms, s, m, h)"),
            ("SHUTDOWN_TIMEOUT", "0s", "\"0s\" is too short; at least 100ms"),
            ("NOTIFY_TIMEOUT", "6m", "\"6m\" is too long; at most 5m"),
            (
                "DEFAULT_HEALTH_CHECK_INTERVAL", "abc",
                "\"abc\" is not a duration; write a whole number and a unit, as in 500ms, 15s, 1m or 2h"
            ),
            ("DEFAULT_HEALTH_CHECK_TIMEOUT", "1ms", "\"1ms\" is too short; at least 10ms"),
            (
                "DEFAULT_HEALTH_FAILURE_THRESHOLD", "-1",
                "\"-1\" is not a whole number; write a whole number from 1 to 1000"
            ),
            (
                "DEFAULT_HEALTH_SUCCESS_THRESHOLD", "1001",
                "\"1001\" is out of range; write a whole number from 1 to 1000"
            ),
        ])
    func wrong(name: String, value: String, message: String) {
        #expect(ConfigurationFixture.problems("", environment: [name: value]) == ["\(name): \(message)"])
        #expect(ConfigurationFixture.problems(nil, environment: [name: value]) == ["\(name): \(message)"])
        #expect(ConfigurationFixture.problems("", environment: [name: ""]) == [])
    }

    @Test("a default timeout above the default interval is refused where both are set")
    func defaultTimeout() {
        let environment = ["DEFAULT_HEALTH_CHECK_INTERVAL": "2s", "DEFAULT_HEALTH_CHECK_TIMEOUT": "5s"]
        #expect(
            ConfigurationFixture.problems("", environment: environment) == [
                "DEFAULT_HEALTH_CHECK_TIMEOUT: 5s is longer than DEFAULT_HEALTH_CHECK_INTERVAL (2s); "
                    + "a run must end before the next begins"
            ])
    }

    @Test(
        "flag, environment, file, default: the first that is given counts",
        arguments: [
            (nil, nil, nil, "127.0.0.1:8080"), (nil, nil, "h:1", "h:1"), (nil, "h:2", "h:1", "h:2"),
            ("h:3", "h:2", "h:1", "h:3"), (":3", nil, "h:1", "0.0.0.0:3"), ("[::]:0", nil, nil, "[::]:0"),
            ("LOCALHOST:0", nil, nil, "localhost:0"),
        ] as [(String?, String?, String?, String)])
    func listen(flag: String?, environment: String?, file: String?, expected: String) throws {
        let server = try ConfigurationFixture.read(
            file.map { "server: { listen: '\($0)' }" } ?? "",
            environment: environment.map { ["HTTP_ADDR": $0] } ?? [:],
            listen: flag
        ).configuration.server
        #expect(ListenAddress(host: server.host, port: server.port).description == expected)
    }

    @Test(
        "a check's own value, then the environment, then the file's defaults, then the default counts",
        arguments: [
            ("", "", [:], 60, 5), ("", "interval: 30s", [:], 30, 5), ("", "interval: 3s", [:], 3, 3),
            ("", "interval: 30s, timeout: 9s", [:], 30, 9),
            ("", "interval: 30s", ["DEFAULT_HEALTH_CHECK_INTERVAL": "20s"], 20, 5),
            ("interval: 4s", "timeout: 9s", [:], 4, 4),
            ("interval: 10s", "timeout: 9s", ["DEFAULT_HEALTH_CHECK_TIMEOUT": "8s"], 10, 8),
            ("timeout: 50s", "timeout: 9s", ["DEFAULT_HEALTH_CHECK_TIMEOUT": "8s"], 60, 50),
        ])
    func precedence(
        check: String, defaults: String, environment: [String: String], interval: Int, timeout: Int
    ) throws {
        let text = "defaults: { \(defaults) }\n" + ConfigurationFixture.check(check)
        let policy = try ConfigurationFixture.read(text, environment: environment).configuration.healthChecks
            .first?.healthCheck.policy
        #expect(policy?.interval == .seconds(interval))
        #expect(policy?.timeout == .seconds(timeout))
    }

    @Test(
        "thresholds and confirmation are inherited one by one",
        arguments: [
            ("", Thresholds(failure: 5, success: 2, warn: 4, degraded: 6), Duration?.none),
            ("thresholds: { failure: 1 }", Thresholds(failure: 1, success: 2, warn: 4, degraded: 6), nil),
            ("thresholds: { degraded: none }", Thresholds(failure: 5, success: 2, warn: 4), nil),
            ("confirm_every: 1s", Thresholds(failure: 5, success: 2, warn: 4, degraded: 6), .seconds(1)),
        ])
    func inherited(check: String, thresholds: Thresholds, confirmEvery: Duration?) throws {
        let defaults =
            "defaults: { confirm_every: off, thresholds: { failure: 5, success: 2, warn: 4, degraded: 6 } }\n"
        let policy = try ConfigurationFixture.read(defaults + ConfigurationFixture.check(check)).configuration
            .healthChecks.first?.healthCheck.policy
        #expect(policy?.thresholds == thresholds)
        #expect(policy?.confirmEvery == confirmEvery)
    }

    @Test(
        "rows or a window: a check that names numbers of one chooses it, and inherits its others",
        arguments: [
            ("", "", Thresholds()),
            ("thresholds: { window: {} }", "", Thresholds(window: 10, unhealthy: 7, degraded: 3)),
            (
                "thresholds: { window: { size: 5, unhealthy: 4 } }", "",
                Thresholds(window: 5, unhealthy: 4, degraded: 3)
            ),
            ("", windowDefaults, Thresholds(window: 20, unhealthy: 9, degraded: 4)),
            ("thresholds: {}", windowDefaults, Thresholds(window: 20, unhealthy: 9, degraded: 4)),
            (
                "thresholds: { window: { degraded: 2 } }", windowDefaults,
                Thresholds(window: 20, unhealthy: 9, degraded: 2)
            ),
            ("thresholds: { success: 2 }", windowDefaults, Thresholds(failure: 6, success: 2)),
            (
                "thresholds: { window: { size: 8 } }", "defaults: { thresholds: { failure: 2 } }\n",
                Thresholds(window: 8, unhealthy: 7, degraded: 3)
            ),
        ])
    func rowsOrWindow(check: String, defaults: String, thresholds: Thresholds) throws {
        let read = try ConfigurationFixture.read(
            defaults + ConfigurationFixture.check(check),
            environment: defaults == windowDefaults ? ["DEFAULT_HEALTH_FAILURE_THRESHOLD": "6"] : [:])
        #expect(read.configuration.healthChecks.first?.healthCheck.policy.thresholds == thresholds)
    }

    @Test("reference points are read by their schemes, with variables, and two seconds for each")
    func connectivity() throws {
        let text = "connectivity: { targets: ['tcp://${HOST}:443', 'https://example.com/'] }"
        let read = try ConfigurationFixture.read(text, environment: ["HOST": "192.0.2.1"]).configuration
        let connectivity = try #require(read.connectivity)
        #expect(connectivity.probes.map(\.address) == ["tcp://192.0.2.1:443", "https://example.com/"])
        #expect(connectivity.probes.map(\.kind.name) == ["tcp", "http"])
        #expect(connectivity.timeout == .seconds(2))
        let other = try ConfigurationFixture.read(
            "connectivity: { targets: ['tcp://a:1'], timeout: 500ms }"
        ).configuration
        #expect(other.connectivity?.timeout == .milliseconds(500))
        #expect(try ConfigurationFixture.read("systems: []").configuration.connectivity == nil)
    }

    @Test("storage is read in its units")
    func storage() throws {
        let text = "storage: { raw_retention: 14d, max_size: 500MB }"
        let storage = try ConfigurationFixture.read(text).configuration.storage
        #expect(storage.rawRetention == .seconds(14 * 86_400))
        #expect(storage.maximumSize == 500_000_000)
    }

    @Test(
        "hours are kept for 30 days and days for 365, or twice as long as what they are made of",
        arguments: [
            ("{}", 7, 30, 365), ("{ raw_retention: 15d }", 15, 30, 365),
            ("{ raw_retention: 60d }", 60, 120, 365),
            ("{ hourly_retention: 200d }", 7, 200, 400), ("{ raw_retention: 3650d }", 3_650, 7_300, 14_600),
            ("{ raw_retention: 1d, hourly_retention: 2d, daily_retention: 3d }", 1, 2, 3),
        ])
    func tiers(_ text: String, _ raw: Int, _ hourly: Int, _ daily: Int) throws {
        let storage = try ConfigurationFixture.read("storage: \(text)").configuration.storage
        #expect(storage.rawRetention == .seconds(raw * 86_400))
        #expect(storage.hourlyRetention == .seconds(hourly * 86_400))
        #expect(storage.dailyRetention == .seconds(daily * 86_400))
    }
}

private let windowDefaults =
    "defaults: { thresholds: { window: { size: 20, unhealthy: 9, degraded: 4 } } }\n"
