import Testing
import VitalsCore

@testable import VitalsEngine

@Suite("An endpoint of Gatus")
struct GatusEndpointTests {
    @Test("becomes a check of the same kind, judged by its conditions alone", arguments: kinds)
    func becomes(endpoint: String, check: String) throws {
        #expect(try ImportFixture.check(endpoint) == check)
    }

    static let kinds = [
        (
            """
            name: website
            url: "https://twin.sh/health"
            interval: 5m
            conditions: ["[STATUS] == 200", "[BODY].status == UP"]
            """,
            """
            - id: http
              http:
                url: "https://twin.sh/health"
                status: any
                redirects: 20
                insecure_redirects: true
              interval: 5m
              conditions: ["[STATUS] == 200", "[BODY].status == UP"]
            """
        ),
        (
            """
            name: api
            url: "https://me:p%40ss@api.example.com/graphql"
            method: post
            graphql: true
            headers: { X-Token: "${TOKEN}" }
            body: "{ users { id } }"
            client: { timeout: 90s, insecure: true, ignore-redirect: true }
            conditions: ["[STATUS] == 200"]
            """,
            """
            - id: http
              http:
                url: "https://api.example.com/graphql"
                method: POST
                body: "{\\"query\\":\\"{ users { id } }\\"}"
                headers: { X-Token: "${TOKEN}", Content-Type: application/json }
                basic: { username: me, password: p@ss }
                status: any
                tls: { verify: none }
              timeout: 60s
              conditions: ["[STATUS] == 200"]
            """
        ),
        (
            """
            name: redis
            url: "tcp://127.0.0.1:6379"
            body: "PING\\r\\n\\\\"
            conditions: ["[CONNECTED] == true", "[BODY] == pat(*PONG*)"]
            enabled: false
            """,
            """
            - id: tcp
              tcp:
                address: "127.0.0.1:6379"
                steps:
                  - send: "PING\\\\r\\\\n\\\\\\\\"
                    matches: "(?s).+"
              enabled: false
              conditions: ["[CONNECTED] == true", "[BODY] == pat(*PONG*)"]
            """
        ),
        (
            """
            name: quiet
            url: "tcp://127.0.0.1:6379"
            body: QUIT
            conditions: ["[CONNECTED] == true"]
            """,
            """
            - id: tcp
              tcp:
                address: "127.0.0.1:6379"
                steps:
                  - send: QUIT
              conditions: ["[CONNECTED] == true"]
            """
        ),
        (
            """
            name: mail
            url: "starttls://mail.example.com:587"
            interval: 90s
            client: { timeout: 1m30s }
            conditions: ["[CERTIFICATE_EXPIRATION] > 48h"]
            """,
            """
            - id: tls
              tls: { address: "mail.example.com:587", starttls: smtp, warn_days: 0, fail_days: 0 }
              interval: 90s
              timeout: 90s
              conditions: ["[CERTIFICATE_EXPIRATION] > 48h"]
            """
        ),
        (
            """
            name: web
            url: "tls://example.com:443"
            client: { insecure: true, tls: { certificate-file: /c.pem, private-key-file: /k.pem } }
            conditions: ["[CONNECTED] == true"]
            """,
            """
            - id: tls
              tls:
                address: "example.com:443"
                warn_days: 0
                fail_days: 0
                verify: none
                certificate: /c.pem
                key: /k.pem
              conditions: ["[CONNECTED] == true"]
            """
        ),
        (
            """
            name: ping
            url: "icmp://example.com"
            client: { network: ip4 }
            conditions: ["[CONNECTED] == true"]
            """,
            """
            - id: icmp
              icmp: { host: example.com, count: 1, family: ip4 }
              conditions: ["[CONNECTED] == true"]
            """
        ),
        (
            """
            name: chat
            url: "wss://me:p%40ss@chat.example.com/socket"
            body: '{"a": "\\n"}'
            headers: { X-Token: "${TOKEN}" }
            client: { timeout: 5s, insecure: true, tls: { certificate-file: /c.pem, private-key-file: /k } }
            conditions: ["[CONNECTED] == true", "[BODY] == pat(*served by*)"]
            """,
            """
            - id: websocket
              websocket:
                url: "wss://chat.example.com/socket"
                steps:
                  - send: "{\\"a\\": \\"\\\\n\\"}"
                    any: true
                ping: false
                headers: { X-Token: "${TOKEN}", Origin: "http://localhost/" }
                basic: { username: me, password: p@ss }
                tls: { verify: none, certificate: /c.pem, key: /k }
              timeout: 5s
              conditions: ["[CONNECTED] == true", "[BODY] == pat(*served by*)"]
            """
        ),
        (
            """
            name: quiet socket
            url: "ws://chat.example.com/"
            headers: { origin: "https://me.example" }
            conditions: ["[CONNECTED] == true"]
            """,
            """
            - id: websocket
              websocket:
                url: "ws://chat.example.com/"
                steps:
                  - send: ""
                    any: true
                ping: false
                headers: { origin: "https://me.example" }
              conditions: ["[CONNECTED] == true"]
            """
        ),
        (
            """
            name: names
            url: "8.8.8.8"
            dns: { query-name: example.com, query-type: ns }
            conditions: ["[BODY] == pat(*.iana-servers.net.)"]
            """,
            """
            - id: dns
              dns: { name: example.com, type: NS, server: "8.8.8.8" }
              conditions: ["[BODY] == pat(*.iana-servers.net)"]
            """
        ),
    ]

    @Test("that pushes becomes a heartbeat, by the same key and token")
    func external() throws {
        let imported = try ImportFixture.read(
            """
            external-endpoints:
              - { name: "Ext. EP, test", group: "Core/1", token: "${TOKEN}", heartbeat: { interval: 30m } }
              - { name: push, token: "${TOKEN}" }
            """)
        #expect(
            imported.yaml.contains(
                """
                  - id: ext-ep-test
                    name: "Ext. EP, test"
                    groups: [core-1]
                    notify: []
                    checks:
                      - id: heartbeat
                        heartbeat: { period: 30m, grace: 10s, token: "${TOKEN}", key: core-1_ext--ep--test }
                        thresholds: { failure: 3, success: 2 }
                """), "\(imported.yaml)")
        #expect(imported.yaml.contains(#"{ period: 8760h, grace: 10s, token: "${TOKEN}", key: _push }"#))
    }

    @Test("that nothing corresponds to is told, with its line and what to do", arguments: unsupported)
    func corresponds(endpoint: String, part: String) throws {
        let imported = try ImportFixture.read(
            "endpoints:\n  - { name: x, conditions: [\"[STATUS] == 0\"], \(endpoint) }")
        #expect(!imported.yaml.contains("systems:"))
        let entry = try #require(imported.report.entries.first)
        #expect(imported.report.entries.count == 1)
        #expect(entry.fate == .dropped && entry.path == "endpoints[0]" && entry.position.line == 2)
        #expect(entry.messages.joined().contains(part), "\(entry.messages)")
    }

    static let unsupported = [
        ("url: \"udp://h:1\"", "there is no udp check"), ("url: \"sctp://h:1\"", "there is no sctp check"),
        ("url: \"grpc://h:1\"", "there is no gRPC check"), ("url: \"ssh://h\"", "there is no SSH check"),
        ("url: \"gopher://h\"", "is none that Gatus"), ("url: h", "is none that Gatus"),
        ("group: g", "has no `url`"), ("url: \"http://a b/\"", "cannot be said here"),
    ]

    @Test(
        "is switched off where it cannot be reached as it was",
        arguments: ["tunnel: jump", "proxy-url: \"socks5://h:1\""])
    func obstacles(client: String) throws {
        let check = try ImportFixture.check(
            "name: x\nurl: \"http://h/\"\nclient: { \(client) }\nconditions: [\"[STATUS] == 200\"]")
        #expect(check.contains("enabled: false"))
    }

    @Test("whose URL and whose headers both log in does so by the header, as with Gatus")
    func logins() throws {
        let check = try ImportFixture.check(
            "name: x\nurl: \"http://a:b@h/\"\nheaders: { authorization: \"${T}\" }\n"
                + "conditions: [\"[STATUS] == 200\"]"
        )
        #expect(!check.contains("basic"))
    }

    @Test("keeps its labels, but for those that no label can be")
    func labels() throws {
        let imported = try ImportFixture.read(
            """
            endpoints:
              - { name: web, url: "http://h/", conditions: ["[STATUS] == 200"], extra-labels: { team: blue,
                    "a b": c, name: d, empty: "" } }
            """)
        #expect(imported.yaml.contains("    labels: { team: blue }\n"), "\(imported.yaml)")
        let dropped = imported.report.entries.filter { $0.fate == .dropped }
        #expect(dropped.count == 3, "\(dropped)")
    }

    @Test("of a name that another one has gets an id of its own")
    func names() throws {
        let one = "{ name: \"Web site\", url: \"http://h/\", conditions: [\"[STATUS] == 200\"]"
        let imported = try ImportFixture.read(
            "endpoints:\n  - \(one) }\n  - \(one), group: A b }\n  - \(one) }\n  - \(one), group: a-b }\n"
                + "  - { name: 日本, url: \"http://h/\", conditions: [\"[STATUS] == 200\"] }")
        let ids = imported.yaml.split(separator: "\n").filter { $0.hasPrefix("  - id: ") }.map {
            $0.dropFirst(8)
        }
        #expect(ids == ["web-site", "a-b-web-site", "web-site-2", "web-site-3", "system"])
        let groups = imported.yaml.split(separator: "\n").filter { $0.contains("groups:") }
        #expect(groups == ["    groups: [a-b]", "    groups: [a-b-2]"])
    }

    @Test("keeps its variables, and a dollar stays one")
    func variables() throws {
        let check = try ImportFixture.check(
            """
            name: x
            url: "$BASE/health"
            interval: $EVERY
            headers: { Authorization: "Bearer ${TOKEN}", Price: "5$$" }
            conditions: ["[BODY].x == $EXPECTED"]
            """)
        #expect(
            check == """
                - id: http
                  http:
                    url: "${BASE}/health"
                    headers: { Authorization: "Bearer ${TOKEN}", Price: "5$$" }
                    status: any
                    redirects: 20
                    insecure_redirects: true
                  interval: "${EVERY}"
                  conditions: ["[BODY].x == ${EXPECTED}"]
                """)
    }

    @Test("whose condition makes no sense here loses it, which is told")
    func refusedCondition() throws {
        let text =
            "endpoints: [{ name: x, url: \"tcp://h:1\", "
            + "conditions: [\"[STATUS] == 200\", \"[DOMAIN_EXPIRATION] > 1h\"] }]"
        let imported = try ImportFixture.read(text)
        #expect(!imported.yaml.contains("conditions"))
        let said = imported.report.entries.filter { $0.fate == .dropped }.flatMap(\.messages)
        #expect(said.count == 2)
        #expect(said.first?.contains("[STATUS], which a tcp check never has") ?? false, "\(said)")
        #expect(said.last?.contains("when a domain ends is not looked up") ?? false, "\(said)")
        #expect(imported.report.text.contains("it passes whenever its target answers"))
    }
}
