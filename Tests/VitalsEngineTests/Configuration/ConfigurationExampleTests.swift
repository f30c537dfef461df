import Testing
import VitalsCore
import VitalsEngine

@Suite("The configuration of the documentation")
struct ConfigurationExampleTests {
    static let text = """
        server: { listen: "127.0.0.1:8080" }
        defaults: { interval: 60s, timeout: 5s, thresholds: { failure: 3, success: 1 } }
        channels:
          - id: ops
            default: true
            webhook: { url: "https://hooks.example.com/vitals", secret: "${OPS_SECRET}" }
        systems:
          - id: orders-db
            name: Orders database
            description: The ledger. Runbook below.
            links: { runbook: "https://wiki.example.com/orders-db" }
            groups: [payments]
            checks:
              - id: sql
                postgres: postgres://monitor:${ORDERS_PW}@db1.example.com:5432/orders?sslmode=verify-full
                interval: 10s
                confirm_every: 2s
              - { id: port, tcp: "db1.example.com:5432", enabled: true, critical: false }
              - { id: api, http: "https://orders.example.com/health", timeout: 2s, \
        thresholds: { failure: 2, success: 1 }, notify: [ops] }
        health: { components: { orders: orders-db }, critical: [orders] }
        """
    static let environment = ["OPS_SECRET": "s3cret: #1", "ORDERS_PW": "p@ss/w:rd"]

    @Test("is read as it is meant, without a warning")
    func reads() throws {
        let read = try ConfigurationFixture.read(Self.text, environment: Self.environment)
        #expect(read.warnings == [])
        let configuration = read.configuration
        #expect(configuration.server == ServerSettings())
        #expect(
            configuration.channels.map(\.settings) == [
                ChannelSettings(id: ChannelID("ops"), isDefault: true)
            ])
        let channel = configuration.channels.first?.channel
        let webhook = try #require(channel as? ConfigurationFixture.SettingsOnly).settings
        #expect(webhook.text("url") == "https://hooks.example.com/vitals")
        #expect(webhook.secret("secret") == Secret("s3cret: #1"))
        #expect(
            configuration.systems == [
                System(
                    id: SystemID("orders-db"), name: "Orders database",
                    description: "The ledger. Runbook below.",
                    links: [System.Link(label: "runbook", url: "https://wiki.example.com/orders-db")],
                    groups: ["payments"],
                    healthChecks: ["orders-db.sql", "orders-db.port", "orders-db.api"].map {
                        HealthCheckID($0)
                    })
            ])
        #expect(configuration.healthChecks.map(\.healthCheck) == Self.healthChecks)
        #expect(configuration.health.critical == ["orders"])
        let component = HealthSettings.Component(alias: "orders", system: SystemID("orders-db"))
        #expect(configuration.health.components == [component])
        #expect(configuration.storage == StorageSettings())
    }

    private static var healthChecks: [HealthCheck] {
        let system = SystemID("orders-db")
        let target = "postgres://monitor:p%40ss%2Fw%3Ard@db1.example.com:5432/orders?sslmode=verify-full"
        let ops = Binding(ChannelID("ops"))
        return [
            HealthCheck(
                system: system, check: CheckID("sql"), kind: ConfigurationFixture.postgres,
                policy: Policy(
                    interval: .seconds(10), timeout: .seconds(5), thresholds: Thresholds(),
                    confirmEvery: .seconds(2)),
                bindings: [ops], revision: Revision("digest of postgres \(target)")),
            HealthCheck(
                system: system, check: CheckID("port"), kind: ConfigurationFixture.tcp, isCritical: false,
                policy: Policy(
                    interval: .seconds(60), timeout: .seconds(5), thresholds: Thresholds(),
                    confirmEvery: .seconds(12)),
                bindings: [ops], revision: Revision("digest of tcp db1.example.com:5432")),
            HealthCheck(
                system: system, check: CheckID("api"), kind: ConfigurationFixture.http,
                policy: Policy(
                    interval: .seconds(60), timeout: .seconds(2), thresholds: Thresholds(failure: 2),
                    confirmEvery: .seconds(12)),
                bindings: [ops], revision: Revision("digest of http https://orders.example.com/health")),
        ]
    }

    @Test("without its variables it is refused at their places")
    func withoutVariables() {
        let meant = "set it, or write $$ where a dollar is meant"
        #expect(
            ConfigurationFixture.problems(Self.text) == [
                "vitals.yaml:6:65: channels[0].webhook.secret: "
                    + "the environment variable OPS_SECRET is not set; \(meant)",
                "vitals.yaml:15:19: systems[0].checks[0].postgres: "
                    + "the environment variable ORDERS_PW is not set; \(meant)",
            ])
    }

    @Test("without a file the server watches its own readiness")
    func withoutFile() throws {
        let read = try ConfigurationFixture.read(nil)
        let configuration = read.configuration
        #expect(configuration.systems.map(\.id) == [SystemID("vitals")])
        #expect(configuration.healthChecks.map(\.healthCheck.id) == [HealthCheckID("vitals.ready")])
        #expect(configuration.healthChecks.map(\.probe.address) == ["http://127.0.0.1:8080/readyz"])
        #expect(
            read.warnings.map(\.description) == [
                "(built in): nobody would be told: there is no channel; add one under `channels`"
            ])
    }

    @Test(
        "without a file its own readiness is asked for where it listens",
        arguments: [
            ("127.0.0.1:9000", "http://127.0.0.1:9000/readyz"), (":9000", "http://127.0.0.1:9000/readyz"),
            ("[::1]:80", "http://[::1]:80/readyz"), ("[::]:80", "http://[::1]:80/readyz"),
            ("localhost:81", "http://localhost:81/readyz"),
        ])
    func ownAddress(listen: String, address: String) throws {
        let byFlag = try ConfigurationFixture.read(nil, environment: ["HTTP_ADDR": "[::]:1"], listen: listen)
        #expect(byFlag.configuration.healthChecks.map(\.probe.address) == [address])
        let byEnvironment = try ConfigurationFixture.read(nil, environment: ["HTTP_ADDR": listen])
        #expect(byEnvironment.configuration.healthChecks.map(\.probe.address) == [address])
    }
}
