import Testing
import VitalsCore

@testable import VitalsEngine

@Suite("Whom Gatus alerts")
struct GatusAlertTests {
    static let alerting = """
        alerting:
          slack:
            webhook-url: "${SLACK}"
            default-alert: { send-on-resolved: true, failure-threshold: 5 }
            overrides: [{ group: core, webhook-url: "${CORE}" }]
          discord: { webhook-url: "${DISCORD}" }
          pagerduty: { integration-key: "${KEY}" }
        endpoints:

        """

    private static func system(_ rest: String) throws -> (yaml: String, report: String) {
        let imported = try ImportFixture.read(
            alerting + "  - { name: x, url: \"http://h/\", conditions: [\"[STATUS] == 200\"], \(rest) }")
        let parts = imported.yaml.split(separator: "systems:\n", maxSplits: 1)
        return (parts.last.map(String.init) ?? "", imported.report.text)
    }

    @Test("is told here, after as many runs", arguments: tellings)
    func tells(rest: String, parts: [String]) throws {
        let system = try Self.system(rest)
        for part in parts { #expect(system.yaml.contains(part), "\(system)") }
    }

    static let tellings = [
        ("enabled: true", ["notify: []\n"]),
        (
            "alerts: [{ type: slack }]",
            ["notify: { slack: { on_recovered: true } }", "thresholds: { failure: 5, success: 2 }"]
        ),
        ("group: core, alerts: [{ type: slack }]", ["notify: { slack-core: { on_recovered: true } }"]),
        (
            "alerts: [{ type: slack, failure-threshold: 3, send-on-resolved: false, "
                + "description: \"call $NAME\" }]",
            ["notify: { slack: { on_recovered: false } }", "description: \"call ${NAME}\"\n"]
        ),
        (
            "alerts: [{ type: slack }, { type: discord, success-threshold: 1 }]",
            [
                "notify: { slack: { on_recovered: true }, discord: { on_recovered: false } }",
                "thresholds: { failure: 3, success: 1 }",
            ]
        ),
        ("alerts: [{ type: slack, enabled: false }]", ["notify: []\n"]),
        (
            "alerts: [{ type: slack, provider-override: { webhook-url: \"${OWN}\" } }]",
            ["notify: { slack-x: { on_recovered: true } }"]
        ),
        ("alerts: [{ type: pagerduty }]", ["notify: []\n"]),
        ("alerts: [{ type: teams }]", ["notify: []\n"]),
    ]

    @Test(
        "and cannot be told here is named",
        arguments: [
            ("alerts: [{ type: pagerduty }]", "there is no channel of this kind"),
            ("alerts: [{ type: teams }]", "`alerting` says nothing of its type"),
            ("alerts: [{ type: slack }, { type: discord }]", "one pair of thresholds"),
            ("alerts: [{ type: slack, minimum-reminder-interval: 5m }]", "nobody is reminded"),
            ("alerts: [{ enabled: true }]", "has no `type`"),
        ])
    func differs(rest: String, part: String) throws {
        let report = try Self.system(rest).report
        #expect(report.contains(part), "\(report)")
    }

    @Test("by a channel of the same kind", arguments: channels)
    func isTold(provider: String, channel: String) throws {
        let imported = try ImportFixture.read("alerting:\n  \(provider)")
        #expect(imported.yaml.contains(channel), "\(imported)")
    }

    static let channels = [
        (
            "mattermost: { webhook-url: \"https://h/x\", channel: \"#ops\" }",
            "slack: { url: \"https://h/x\" }"
        ),
        (
            "email: { from: a@h.org, password: \"${PW}\", host: mail.h.org, port: 587, "
                + "to: \"b@h.org,c@h.org\" }",
            """
                smtp:
                  host: mail.h.org
                  port: 587
                  username: a@h.org
                  password: "${PW}"
                  from: a@h.org
                  to: "b@h.org,c@h.org"
            """
        ),
        ("email: { from: a@h.org, host: h, port: 465, to: b@h.org }", "security: tls"),
        ("ntfy: { topic: ops, token: \"${T}\" }", "ntfy: { url: \"https://ntfy.sh/ops\", token: \"${T}\" }"),
        ("ntfy: { url: \"https://n.h/\", topic: ops }", "ntfy: { url: \"https://n.h/ops\" }"),
        (
            "custom: { url: \"https://h/x\", method: POST, "
                + "body: '{\"t\":\"[ENDPOINT_NAME]: [RESULT_ERRORS]\"}' }",
            "template: \"{\\\"t\\\":\\\"{{system.name}}: {{message}}\\\"}\""
        ),
        (
            "custom: { url: \"https://h/x\", body: \"down: [ENDPOINT_NAME]\" }",
            """
                  method: POST
                  headers: { Content-Type: text/plain }
                  template: "down: {{system.name}}"
            """
        ),
        ("custom: { url: \"https://h/x\" }", "webhook: { url: \"https://h/x\", method: GET }"),
    ]
}

@Suite("What Gatus's configuration says of the program itself")
struct GatusProgramTests {
    @Test(
        "is carried over where there is a counterpart",
        arguments: [
            ("web: { address: 127.0.0.1, port: 8081 }", "server: { listen: \"127.0.0.1:8081\" }"),
            ("web: { port: 80 }", "server: { listen: \"0.0.0.0:80\" }"),
            (
                "web: { address: 127.0.0.1, tls: { certificate-file: a.crt, private-key-file: a.key } }",
                "server: { listen: \"127.0.0.1:8080\", tls: { certificate: a.crt, key: a.key } }"
            ),
            ("web: { address: \"::1\" }", "server: { listen: \"[::1]:8080\" }"),
            ("metrics: true", "defaults:"),
        ])
    func carried(text: String, part: String) throws {
        #expect(try ImportFixture.read(text).yaml.contains(part))
    }

    private static let rest = #"url: "http://h/", conditions: ["[STATUS] == 200"]"#

    @Test("of several files is one, as Gatus reads them")
    func files() throws {
        let first = ConfigurationFile(
            name: "a.yaml",
            text:
                "alerting: { slack: { webhook-url: \"${A}\" } }\nendpoints:\n  - { name: a, \(Self.rest) }"
        )
        let second = ConfigurationFile(
            name: "b.yml",
            text:
                "alerting: { discord: { webhook-url: \"${B}\" } }\nendpoints:\n"
                + "  - { name: b, \(Self.rest), nme: c }"
        )
        let imported = try ImportFixture.importer.read([first, second])
        for id in ["- id: slack", "- id: discord", "- id: a\n", "- id: b\n"] {
            #expect(imported.yaml.contains(id))
        }
        let unknown = try #require(imported.report.entries.first { $0.path == "endpoints[1].nme" })
        #expect(unknown.file == "b.yml" && unknown.position.line == 3 && unknown.fate == .dropped)
        let third = ConfigurationFile(name: "c.yaml", text: "alerting: { slack: { webhook-url: \"${C}\" } }")
        let error = #expect(throws: ConfigurationError.self) {
            try ImportFixture.importer.read([first, third])
        }
        #expect(
            error?.description.contains("c.yaml:1:22: `webhook-url` is given on line 1 of a.yaml already")
                ?? false)
    }

    @Test(
        "and is no configuration is refused with its place",
        arguments: [
            ("[1, 2]", "holds no keys and values"), ("a: [", "gatus.yaml:"), ("a: \u{E000}", "private use"),
            ("a: 1\na: 2", "the key \"a\""),
        ])
    func refused(text: String, part: String) {
        let error = #expect(throws: ConfigurationError.self) { try ImportFixture.read(text) }
        #expect(error?.description.contains(part) ?? false, "\(error?.description ?? "")")
    }

    @Test("without any content is a configuration that watches nothing")
    func empty() throws {
        for text in ["", "# nothing", "endpoints:\n"] {
            let imported = try ImportFixture.read(text)
            #expect(!imported.yaml.contains("systems"))
            #expect(imported.report.count(.dropped) == 0)
        }
    }
}
