import Testing
import VitalsCore

@testable import VitalsEngine

/// Nothing of a configuration is silently dropped. That is held in two ways that know nothing of how it is
/// imported: each value of the input must be named by the report, by itself or within a part that is said to
/// have no counterpart; and whatever is said to be carried over must be different in the output when it is
/// different in the input.
@Suite("Every value of an imported configuration is accounted for")
struct ImportAccountTests {
    /// Every key of Gatus's documentation for what is known here, and many others, none with its default.
    private static let text = """
        metrics: true
        debug: true
        concurrency: 5
        skip-invalid-config-update: true
        storage: { type: sqlite, path: data.db, caching: true, maximum-number-of-results: 200 }
        web: { address: 127.0.0.9, port: 8081, read-buffer-size: 9000, tls: { certificate-file: /c,
              private-key-file: /k } }
        ui: { title: T, buttons: [{ name: n, link: "https://l/" }], dark-mode: false }
        security: { basic: { username: u, password-bcrypt-base64: hunter2hash } }
        maintenance: { start: "23:00", duration: 1h, every: [Monday, Thursday] }
        announcements: [{ timestamp: 2025-11-07T14:00:00Z, type: outage, message: m }]
        connectivity: { checker: { target: "1.1.1.1:53", interval: 60s } }
        remote: { instances: [{ endpoint-prefix: p, url: "https://r/" }] }
        tunneling: { jump: { type: SSH, host: h, username: u, password: tunnelsecret } }
        unknown: { of: [us, all] }
        alerting:
          slack:
            webhook-url: "https://hooks.slack.com/plain-slack-secret"
            title: a title
            default-alert: { enabled: true, failure-threshold: 4, success-threshold: 3,
                  send-on-resolved: true, description: d0 }
            overrides:
              - { group: core, webhook-url: "https://hooks.slack.com/plain-core-secret", title: other }
              - { webhook-url: "https://hooks.slack.com/no-group" }
          discord: { webhook-url: "${DISCORD}", message-content: "<@1>", title: t }
          mattermost: { webhook-url: "${MATTERMOST}", channel: "#ops", client: { insecure: true } }
          email: { from: a@h.org, username: user, password: plain-mail-secret, host: mail.h.org,
                port: 2525, to: b@h.org, client: { insecure: true } }
          ntfy: { url: "https://n.h", topic: ops, token: plain-ntfy-secret, priority: 2,
                click: "https://c/" }
          custom:
            url: "https://c.h/plain-custom-secret"
            method: POST
            headers: { Authorization: "Bearer plain-header-secret", X-Name: "[ENDPOINT_NAME]",
                  X-Team: blue }
            body: '{"text": "[ALERT_TRIGGERED_OR_RESOLVED]: [ENDPOINT_GROUP]/[ENDPOINT_NAME]"}'
            placeholders: { ALERT_TRIGGERED_OR_RESOLVED: { TRIGGERED: down, RESOLVED: up } }
          pagerduty: { integration-key: plain-pager-secret, default-alert: { enabled: true } }
        external-endpoints:
          - { name: push, group: jobs, token: plain-push-secret, enabled: false,
                heartbeat: { interval: 30m }, alerts: [{ type: ntfy, description: d1 }] }
        suites: [{ name: s, endpoints: [{ name: step, url: "http://h/",
              conditions: ["[STATUS] == 200"] }] }]
        endpoints:
          - name: site
            group: core
            url: "https://site.h/$PATH_TO"
            method: POST
            body: "hello [ENDPOINT_NAME] $WHO"
            graphql: true
            headers: { Authorization: plain-site-secret, Accept: text/html, Content-Length: "5" }
            interval: 5m
            enabled: false
            extra-labels: { environment: staging }
            maintenance-windows: [{ start: "07:30", duration: 40m }]
            ui: { hide-url: true, badge: { response-time: { thresholds: [1, 2, 3, 4, 5] } } }
            client:
              insecure: true
              ignore-redirect: true
              timeout: 20s
              dns-resolver: "tcp://8.8.8.8:53"
              proxy-url: "http://proxy.h:3128"
              network: ip4
              store-cookies: true
              tls: { certificate-file: /cert.pem, private-key-file: /key.pem, renegotiation: once }
            conditions: ["[STATUS] == 200", "[BODY].x != 1", "[DOMAIN_EXPIRATION] > 720h",
                  "[BODY].data[*].id == 1"]
            alerts:
              - { type: slack, failure-threshold: 7, send-on-resolved: false, description: d2,
                    minimum-reminder-interval: 30m }
              - { type: discord, enabled: true, success-threshold: 6 }
              - { type: custom, provider-override: { url: "https://o.h/override", method: PUT } }
              - { type: pagerduty }
          - name: oauth
            url: "https://oauth.h/"
            client: { oauth2: { token-url: "https://t.h/", client-id: id1,
                  client-secret: plain-oauth-secret, scopes: [s1, s2] },
                  identity-aware-proxy: { audience: a1 } }
            conditions: ["[RESPONSE_TIME] < 500"]
          - { name: usual, url: "https://me:plain-url-secret@usual.h/", conditions: ["[STATUS] == 200"],
                alerts: [{ type: slack }] }
          - { name: port, url: "tcp://port.h:1", body: PING, headers: { A: b },
                conditions: ["[CONNECTED] == true"], client: { insecure: true, tunnel: jump } }
          - { name: cert, url: "tls://cert.h:1", client: { insecure: true,
                tls: { certificate-file: /d.pem } }, conditions: ["[CERTIFICATE_EXPIRATION] > 48h"] }
          - { name: mail, url: "starttls://mail.h:25", body: x, conditions: ["[CONNECTED] == true"] }
          - { name: ping, url: "icmp://ping.h", client: { network: ip6, timeout: 3s },
                conditions: ["[CONNECTED] == true"] }
          - { name: names, url: "8.8.8.8", dns: { query-name: example.com, query-type: MX, other: 1 },
                conditions: ["[DNS_RCODE] == NOERROR"] }
          - { name: shell, url: "ssh://h:22", ssh: { username: u, password: plain-ssh-secret },
                conditions: ["[STATUS] == 0"] }
          - { name: datagram, url: "udp://h:1", conditions: ["[CONNECTED] == true"] }
          - { name: broken, url: "http://a plain-broken-secret/",
                headers: { X-Api-Key: plain-broken-secret }, conditions: ["[STATUS] == 200"] }
          - [no, endpoint]
        """

    private static func root() throws -> YAMLNode {
        let marked = try #require(ImportVariables.marked(text))
        let root = try YAMLComposer.compose(marked)
        return try #require(root)
    }

    private static func read(_ root: YAMLNode) -> (yaml: String, report: ImportReport) {
        var reading = GatusReading(ImportFixture.reader(withHeartbeats: true), files: ["gatus.yaml"])
        let (document, report) = reading.read(ImportSource(root))
        return (YAMLText.write(GatusImporter.written(document)), report)
    }

    /// The single values, and what is empty, with the ways to them.
    private static func leaves(of source: ImportSource) -> [ImportSource] {
        source.children.isEmpty ? [source] : source.children.flatMap { leaves(of: $0) }
    }

    private static func isWithin(_ path: String, _ part: String) -> Bool {
        path == part || path.hasPrefix("\(part).") || path.hasPrefix("\(part)[")
    }

    @Test("by the report, with its line")
    func named() throws {
        let root = try Self.root()
        let report = Self.read(root).report
        let leaves = Self.leaves(of: ImportSource(root))
        #expect(leaves.count > 180)
        for leaf in leaves {
            let own = report.entries.first { $0.path == leaf.path }
            let within = report.entries.first { $0.fate == .dropped && Self.isWithin(leaf.path, $0.path) }
            #expect(own != nil || within != nil, "\(leaf.path) is named nowhere")
            if let own { #expect(own.position.line == leaf.position.line) }
        }
        for entry in report.entries where entry.fate != .carried {
            #expect(!entry.messages.isEmpty, "\(entry.path) is \(entry.fate) without a word")
        }
    }

    @Test("by the output: what is said to be carried over is different there when it is different")
    func carried() throws {
        let root = try Self.root()
        let (yaml, report) = Self.read(root)
        let fates = Dictionary(uniqueKeysWithValues: report.entries.map { ($0.path, $0.fate) })
        var carried = 0
        for leaf in Self.leaves(of: ImportSource(root)) {
            guard let fate = fates[leaf.path], fate != .dropped, let text = leaf.text else { continue }
            // What cannot be told otherwise says so, and has no other value.
            guard !Self.alwaysSo.contains(leaf.path) else { continue }
            carried += 1
            let changed = Self.read(Self.replacing(leaf.path, by: Self.other(than: text), in: root, path: ""))
            #expect(changed.yaml != yaml, "\(leaf.path) is \(fate), but does not count")
        }
        #expect(carried > 90)
    }

    /// Named as different: these two are always so here.
    private static let alwaysSo = ["metrics", "skip-invalid-config-update"]

    @Test("and no secret of it is shown in the report, though all of them are in the output or named")
    func secrets() throws {
        let (yaml, report) = Self.read(try Self.root())
        let said = report.text + report.json.text
        let secrets = Self.text.matches(of: /plain-[a-z]+-secret/).map { String($0.output) }
        #expect(secrets.count > 12)
        for secret in secrets { #expect(!said.contains(secret), "\(secret) is shown") }
        for secret in ["slack", "core", "mail", "ntfy", "custom", "header", "push", "url", "site", "oauth"] {
            #expect(yaml.contains("plain-\(secret)-secret"), "\(secret) is lost")
        }
        let plain = report.entries.filter {
            $0.fate == .plainSecret || $0.messages.contains { $0.contains("a secret in plain") }
        }
        #expect(plain.count >= 10)
        #expect(report.text.contains("write ${SLACK_WEBHOOK_URL} in its place"), "\(report.text)")
    }

    @Test("for programs as for people")
    func report() throws {
        let report = Self.read(try Self.root()).report
        guard case .object(let members) = report.json else { return #expect(Bool(false)) }
        #expect(members.map(\.name) == ["carried", "plain_secret", "changed", "dropped", "entries"])
        #expect(members[3].value == .integer(Int64(report.count(.dropped))))
        let lines = report.text.split(separator: "\n")
        #expect(lines.first == "Has no counterpart (\(report.count(.dropped))):")
        #expect(lines.contains("    gatus.yaml:8 ui"))
        #expect(lines.contains("- there are no pages yet"))
        #expect(
            lines.last
                == "Carried over as it was: \(report.count(.carried)) of \(report.entries.count) values.")
    }

    // MARK: Other inputs

    /// Another value of the same kind.
    private static func other(than text: String) -> String {
        if text == "true" { return "false" }
        if text == "false" { return "true" }
        if let number = Int(text) { return String(number + 1) }
        if let duration = GatusDuration.parse(text) { return "\(duration.components.seconds + 1)s" }
        let words = [
            "ip4": "ip6", "ip6": "ip4", "POST": "PATCH", "PUT": "GET", "MX": "A", "once": "never",
            "slack": "discord",
            "discord": "slack", "custom": "slack", "ntfy": "slack",
        ]
        if let word = words[text] { return word }
        if text.hasPrefix("[") {
            return "[CONNECTED] == true" == text ? "[CONNECTED] == false" : "[CONNECTED] == true"
        }
        return text.hasSuffix("/") || text.contains("://") ? text + "2" : "2" + text
    }

    private static func replacing(
        _ target: String, by text: String, in node: YAMLNode, path: String
    ) -> YAMLNode {
        let source = ImportSource(node, path: path)
        if path == target { return YAMLNode(position: node.position, content: .scalar(text, isPlain: false)) }
        guard path.isEmpty || isWithin(target, path) else { return node }
        switch node.content {
        case .scalar: return node
        case .sequence(let items):
            let changed = zip(items, source.items).map {
                replacing(target, by: text, in: $0, path: $1.path)
            }
            return YAMLNode(position: node.position, content: .sequence(changed))
        case .mapping(let entries):
            let changed = zip(entries, source.entries).map { entry, child in
                YAMLNode.Entry(
                    key: entry.key, keyPosition: entry.keyPosition,
                    value: replacing(target, by: text, in: entry.value, path: child.source.path))
            }
            return YAMLNode(position: node.position, content: .mapping(changed))
        }
    }
}
