import Testing
import VitalsEngine

@Suite("What is wrong in each part of a configuration is told")
struct ConfigurationPartsTests {
    @Test(
        "channels",
        arguments: [
            ("{}", "1:11: channels: needs a list (- a, - b or [a, b]), not keys and values"),
            ("[a]", "1:12: channels[0]: needs keys and values (key: value), not \"a\""),
            ("[{id: ops}]", "1:12: channels[0]: has no kind; give it one of `webhook`"),
            ("[{id: ops, webhok: {}}]", "1:22: channels[0].webhok: unknown key; did you mean `webhook`?"),
            (
                "[{id: ops, cooldown: 5, webhook: {url: 'http://h'}}]",
                "1:32: channels[0].cooldown: \"5\" has no unit; write 5s (units: ms, s, m, h)"
            ),
            (
                "[{id: ops, cooldown: 13h, webhook: {url: 'http://h'}}]",
                "1:32: channels[0].cooldown: \"13h\" is too long; at most 12h"
            ),
            (
                "[{id: ops, webhook: }]",
                "1:31: channels[0].webhook: has no value; write { url: ..., secret: ... }"
            ),
            ("[{id: ops, webhook: {}}]", "1:31: channels[0].webhook: has no `url`; write where to post to"),
            ("[{id: ops, webhook: {url: ftp://h/x}}]", "1:37: \(url): is not a URL to post to; \(aURL)"),
            (
                "[{id: ops, webhook: {url: 'https://h/a b'}}]",
                "1:37: \(url): is not a URL to post to; \(aURL)"
            ),
            ("[{id: ops, webhook: {url: 'https:///x'}}]", "1:37: \(url): \(noHost)"),
            ("[{id: ops, webhook: {url: 'https://h:0/x'}}]", "1:37: \(url): \(noHost)"),
            ("[{id: ops, webhook: {url: 'https://h:000443/x'}}]", "1:37: \(url): \(noHost)"),
            ("[{id: ops, webhook: {url: 'https://a,b/x'}}]", "1:37: \(url): \(noHost)"),
            ("[{id: ops, webhook: {url: 'https://h../x'}}]", "1:37: \(url): \(noHost)"),
            ("[{id: ops, webhook: {url: 'https://[x:y]/x'}}]", "1:37: \(url): \(noHost)"),
            ("[{id: ops, webhook: {url: 'https://h:99999/x'}}]", "1:37: \(url): \(noHost)"),
            ("[{id: ops, webhook: {url: 'https://[::1/x'}}]", "1:37: \(url): \(noHost)"),
            (
                "[{id: ops, webhook: {url: 'https://me:pw@h/x'}}]",
                "1:37: \(url): holds a user name; "
                    + "a webhook is called without (its `secret` signs what is sent)"
            ),
            (
                "[{id: ops, webhook: {url: 'https://h/x#y'}}]",
                "1:37: \(url): holds a fragment (#…), which is never sent; leave it out, or write %23"
            ),
            (
                "[{id: ops, webhook: {url: 'https://h', secret: 'whsec_abc'}}]",
                "1:58: channels[0].webhook.secret: begins with whsec_, but what follows is not base64 "
                    + "(with its = at the end)"
            ),
            (
                "[{id: ops, webhook: {url: 'https://h', secret: ''}}]",
                "1:58: channels[0].webhook.secret: is empty; leave it out if messages are not to be signed"
            ),
            (
                "[{id: ops, webhook: {url: 'https://h'}}, {id: ops, webhook: {url: 'https://h'}}]",
                "1:57: channels[1].id: the id \"ops\" is taken on line 1; ids must differ"
            ),
        ])
    func channels(value: String, problem: String) {
        #expect(ConfigurationFixture.problems("channels: \(value)") == ["vitals.yaml:\(problem)"])
    }

    @Test(
        "systems",
        arguments: [
            ("[{name: x}]", "1:11: systems[0]: has no `id`; give it one"),
            (
                "[{id: a}, {id: b}, {id: a}]",
                "1:34: systems[2].id: the id \"a\" is taken on line 1; ids must differ"
            ),
            ("[{id: -a}]", "1:16: systems[0].id: \"-a\" cannot be an id; \(anID), as in \"a\""),
            ("[{id: a.b}]", "1:16: systems[0].id: \"a.b\" cannot be an id; \(anID), as in \"a-b\""),
            (
                "[{id: a, name: \"x\\ny\"}]",
                "1:25: systems[0].name: holds a line break or control character; leave it out"
            ),
            (
                "[{id: a, description: \"\\e[31m\"}]",
                "1:32: systems[0].description: holds a control character; leave it out"
            ),
            (
                "[{id: a, links: [x]}]",
                "1:26: systems[0].links: needs keys and values (key: value), not a list"
            ),
            (
                "[{id: a, links: {x: 'javascript:alert(1)'}}]",
                "1:30: systems[0].links.x: is not a link; \(aLink)"
            ),
            ("[{id: a, links: {x: 'https://'}}]", "1:30: systems[0].links.x: is not a link; \(aLink)"),
            ("[{id: a, groups: a}]", "1:27: systems[0].groups: needs a list (- a, - b or [a, b]), not \"a\""),
            (
                "[{id: a, groups: [b, b]}]",
                "1:31: systems[0].groups[1]: \"b\" is named twice; keep one of them"
            ),
            (
                "[{id: a, checks: [{id: c}]}]",
                "1:28: systems[0].checks[0]: has no target; give it one of `postgres`, `http`, `tcp`"
            ),
            (
                "[{id: a, checks: [{id: c, tcp: 'a:1', http: 'http://x'}]}]",
                "1:48: systems[0].checks[0].http: a second target beside `tcp` on line 1; "
                    + "make it a check of its own"
            ),
            (
                "[{id: a, checks: [{id: c, postgresql: x}]}]",
                "1:36: systems[0].checks[0].postgresql: unknown key; did you mean `postgres`?"
            ),
            (
                "[{id: a, checks: [{id: c, postgres: mysql://u:pw@h/d}]}]",
                "1:46: systems[0].checks[0].postgres: does not begin with postgres://"
            ),
            (
                "[{id: a, checks: [postgres:postgres://u:pw@h/d]}]",
                "1:28: systems[0].checks[0]: needs keys and values "
                    + "(key: value), not \"postgres:postgres://…\""
            ),
        ])
    func systems(value: String, problem: String) {
        #expect(ConfigurationFixture.problems("systems: \(value)") == ["vitals.yaml:\(problem)"])
    }

    @Test(
        "server, defaults, storage and health",
        arguments: [
            ("server: {listen: 8080}", "1:18: server.listen: \"8080\" has no port; \(anAddress)"),
            (
                "server: {listen: 'h:99999'}",
                "1:18: server.listen: \"h:99999\" has no port from 0 to 65535; \(anAddress)"
            ),
            (
                "server: {listen: '::1:80'}",
                "1:18: server.listen: \"::1:80\" has no host that can be listened on; \(anAddress)"
            ),
            (
                "server: {listen: '1.2.3:8'}",
                "1:18: server.listen: \"1.2.3:8\" has no host that can be listened on; \(anAddress)"
            ),
            ("server: {port: 80}", "1:10: server.port: unknown key; known here: \(serverKeys)"),
            (
                "defaults: {interval: 1s, timeout: 5s}",
                "1:35: defaults.timeout: \"5s\" is longer than the interval (\"1s\"); "
                    + "a run must end before the next begins"
            ),
            ("defaults: {notify: [ops]}", "1:12: defaults.notify: unknown key; known here: \(policyKeys)"),
            (
                "storage: {raw_retention: 7}",
                "1:26: storage.raw_retention: \"7\" has no unit; write 7d (units: ms, s, m, h, d)"
            ),
            (
                "storage: {raw_retention: 30m}",
                "1:26: storage.raw_retention: \"30m\" is too short; at least 1h"
            ),
            (
                "storage: {raw_retention: week}",
                "1:26: storage.raw_retention: \"week\" is not a duration; "
                    + "write a whole number and a unit, as in 12h or 7d"
            ),
            (
                "storage: {raw_retention: 30d, hourly_retention: 30d}",
                "1:49: storage.hourly_retention: \"30d\" must be longer than raw_retention (30d), "
                    + "out of which it is made"
            ),
            (
                "storage: {daily_retention: 29d}",
                "1:28: storage.daily_retention: \"29d\" must be longer than hourly_retention (30d), "
                    + "out of which it is made"
            ),
            (
                "storage: {hourly_retention: 30}",
                "1:29: storage.hourly_retention: \"30\" has no unit; "
                    + "write 30d (units: ms, s, m, h, d)"
            ),
            ("storage: {max_size: 5}", "1:21: storage.max_size: \"5\" is not a size; \(aSize)"),
            ("storage: {max_size: 5GiB}", "1:21: storage.max_size: \"5GiB\" is not a size; \(aSize)"),
            (
                "storage: {max_size: 9999999999999TB}",
                "1:21: storage.max_size: \"9999999999999TB\" is not a size; \(aSize)"
            ),
            (
                "storage: {max_size: 1MB}",
                "1:21: storage.max_size: \"1MB\" is out of range; write a size from 10MB to 100TB"
            ),
            (
                "health: {components: {a: b}}",
                "1:26: health.components.a: \"b\" is not a system; there are none"
            ),
            (
                "health: {critical: [workers]}",
                "1:21: health.critical[0]: \"workers\" is always critical; leave it out"
            ),
            (
                "health: {critical: [x]}",
                "1:21: health.critical[0]: \"x\" is not an alias of `components`; there are none"
            ),
            (
                "connectivity: {timeout: 1s}",
                "1:15: connectivity: has no `targets`; write some, as in \(somePoints)"
            ),
            (
                "connectivity: {target: ['tcp://a:1']}",
                "1:16: connectivity.target: unknown key; did you mean `targets`?"
            ),
            (
                "connectivity: {targets: tcp://a:1}",
                "1:25: connectivity.targets: needs a list (- a, - b or [a, b]), not \"tcp://…\""
            ),
            (
                "connectivity: {targets: ['a:1']}",
                "1:26: connectivity.targets[0]: begins with none of "
                    + "`postgres://`, `http://`, `https://`, `tcp://`"
            ),
            (
                "connectivity: {targets: ['tcp://a:1', 'postgres://h/d?sslmode=x']}",
                "1:39: connectivity.targets[1]: \"x\" is no sslmode"
            ),
            (
                "connectivity: {targets: ['tcp://a:1', 'tcp://a:1']}",
                "1:39: connectivity.targets[1]: \"tcp://…\" is named twice; keep one of them"
            ),
            (
                "connectivity: {targets: ['tcp://a:1'], timeout: 31s}",
                "1:49: connectivity.timeout: \"31s\" is too long; at most 30s"
            ),
            (
                "connectivity: {targets: [\((1...9).map { "'tcp://a:\($0)'" }.joined(separator: ", "))]}",
                "1:25: connectivity.targets: has 9 targets; at most 8"
            ),
            ("systms: []", "1:1: systms: unknown key; did you mean `systems`?"),
            ("- a", "1:1: needs keys and values (key: value), not a list"),
        ])
    func others(text: String, problem: String) {
        #expect(ConfigurationFixture.problems(text) == ["vitals.yaml:\(problem)"])
    }

    @Test("names that were nearly right are corrected")
    func nearest() {
        let text = """
            channels:
              - { id: ops, webhook: { url: "https://h" } }
              - { id: night-watch, webhook: { url: "https://h" } }
            systems:
              - { id: orders-db, notify: [nightwatch, night-watch] }
              - { id: shop, notify: { opps: { on_dwn: true } } }
            health: { components: { orders: order-db, database: shop, Shop: shop }, critical: [order] }
            """
        #expect(
            ConfigurationFixture.problems(text) == [
                "vitals.yaml:5:31: systems[0].notify[0]: \"nightwatch\" is not a channel; "
                    + "did you mean `night-watch`?",
                "vitals.yaml:6:27: systems[1].notify.opps: \"opps\" is not a channel; did you mean `ops`?",
                "vitals.yaml:6:35: systems[1].notify.opps.on_dwn: unknown key; did you mean `on_down`?",
                "vitals.yaml:7:33: health.components.orders: \"order-db\" is not a system; "
                    + "did you mean `orders-db`?",
                "vitals.yaml:7:43: health.components.database: `database` is the server's own component; "
                    + "choose another alias",
                "vitals.yaml:7:59: health.components.Shop: \"Shop\" cannot be an id; "
                    + "write lower-case letters, digits "
                    + "and dashes or underscores, a letter or digit first, at most 63, as in \"shop\"",
                "vitals.yaml:7:84: health.critical[0]: \"order\" is not an alias of `components`; "
                    + "did you mean `orders`?",
            ])
    }
}

private let somePoints = "[tcp://192.0.2.1:443, https://example.com]"
private let url = "channels[0].webhook.url"
private let aURL = "write one, as in https://hooks.example.com/vitals"
private let noHost = "has no host, or a port that cannot be; write it as in https://hooks.example.com/vitals"
private let aLink = "write a URL, as in https://wiki.example.com/orders (also http, mailto)"
private let anID = "write lower-case letters, digits and dashes, a letter or digit first, at most 63"
private let anAddress = "write host:port, as in 127.0.0.1:8080 or [::1]:8080"
private let aSize = "write a whole number and a unit, as in 500MB or 5GB"
private let policyKeys = "`interval`, `timeout`, `thresholds`, `confirm_every`"

private let serverKeys =
    "`listen`, `public_url`, `base_path`, `trusted_proxies`, `tls`, `metrics_listen`, "
    + "`metrics_legacy`, `access_log`"
