import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("A heartbeat in the configuration")
struct HeartbeatConfigurationTests {
    /// What a file with these checks of the system `shop` says, or what is wrong with it.
    private func read(
        _ checks: String..., rest: String = ""
    ) async throws -> (configuration: Configuration?, lines: [String]) {
        let network = try Network(
            version: "1.2.3", clock: MachineClock(wall: { Fixture.at(0) }, boot: { 0 }))
        let digest = RevisionDigest(key: [UInt8](repeating: 7, count: RevisionDigest.keyLength))
        let reader = ConfigurationReader(forms: network.forms, channelForms: network.channelForms) {
            digest($0)
        }
        let items = checks.map { "\n      - \($0)" }.joined()
        let text = "systems:\n  - id: shop\n    checks:\(items)\n\(rest)"
        let found: (configuration: Configuration?, lines: [String])
        do {
            let read = try reader.read(
                files: [ConfigurationFile(name: "f", text: text)], environment: [:],
                flags: ConfigurationFlags(listen: nil))
            found = (read.configuration, read.warnings.map { "\($0)" })
        } catch {
            found = (nil, error.description.split(separator: "\n").map(String.init))
        }
        try await network.shutdown()
        return found
    }

    @Test("has a schedule, and is an outage at once unless it says otherwise itself")
    func schedules() async throws {
        let (configuration, _) = try await read(
            "{ id: a, heartbeat: 24h }", "{ id: b, heartbeat: { period: 30s }, thresholds: { failure: 2 } }",
            "{ id: c, heartbeat: { cron: '@daily', timezone: Europe/Berlin, grace: 30m } }",
            "{ id: d, tcp: 'h:1' }",
            rest: "defaults: { thresholds: { failure: 5, success: 4 } }")
        let checks = try #require(configuration).healthChecks.map(\.healthCheck)
        #expect(checks[0].heartbeat == HeartbeatSchedule(.every(.seconds(86_400)), grace: .seconds(3_600)))
        #expect(checks[1].heartbeat == HeartbeatSchedule(.every(.seconds(30)), grace: .seconds(30)))
        #expect(checks[2].heartbeat?.grace == .seconds(1_800))
        #expect(checks[3].heartbeat == nil)
        #expect(
            checks.map(\.policy.thresholds) == [
                Thresholds(failure: 1), Thresholds(failure: 2), Thresholds(failure: 1),
                Thresholds(failure: 5, success: 4),
            ])
        // Another schedule or address is not another target.
        #expect(Set(checks.prefix(3).map(\.revision)).count == 1)
    }

    @Test("has addresses that follow from its id, unless they are given")
    func addresses() async throws {
        let uuid = "5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c11"
        let (configuration, _) = try await read(
            "{ id: a, heartbeat: 24h }", "{ id: b, heartbeat: 24h }",
            "{ id: c, heartbeat: { uuid: \(uuid.uppercased()), token: given-token-of-it, key: Core_C } }")
        let addresses = try #require(configuration).healthChecks.compactMap(\.heartbeat)
        #expect(addresses.map(\.key) == ["shop_a", "shop_b", "core_c"])
        #expect(Set(addresses.map(\.uuid)).count == 3 && Set(addresses.map(\.token)).count == 3)
        #expect(addresses.allSatisfy { UUIDText.canonical($0.uuid.revealed) == $0.uuid.revealed })
        #expect(addresses[2].uuid.revealed == uuid && addresses[2].token.revealed == "given-token-of-it")
        let again = try await read("{ id: a, heartbeat: { period: 1h } }").configuration
        #expect(again?.healthChecks.first?.heartbeat == addresses[0])
        let directory = HeartbeatDirectory(try #require(configuration))
        #expect(directory.find(uuid: uuid) == HealthCheckID("shop.c"))
    }

    @Test("that is called otherwise is still heard where it was, unless another is called so now")
    func formerNames() async throws {
        let before = try await read("{ id: a, heartbeat: 24h }", "{ id: old, heartbeat: 24h }").configuration
        let old = try #require(before?.healthChecks.compactMap(\.heartbeat).last)
        let (configuration, _) = try await read(
            "{ id: a, heartbeat: 24h }", "{ id: new, renamed_from: old, heartbeat: 24h }",
            rest: "heartbeats: { ping_key: sixteen-letters_1 }")
        let directory = HeartbeatDirectory(try #require(configuration))
        let id = HealthCheckID("shop.new")
        #expect(directory.address(of: id)?.uuid != old.uuid)
        #expect(directory.find(uuid: old.uuid.revealed) == id)
        #expect(directory.find(token: old.token.revealed) == .one(id))
        #expect(directory.find(key: old.key, token: old.token.revealed) == id)
        #expect(directory.find(pingKey: "sixteen-letters_1", slug: "shop.old") == .one(id))
        #expect(directory.find(pingKey: "sixteen-letters_1", slug: "shop.new") == .one(id))
    }

    @Test(
        "that cannot be is refused",
        arguments: [
            ("{ period: 5s }", "\"5s\" is too short; at least 10s"),
            ("{ period: 9000h }", "\"9000h\" is too long; at most 8760h"),
            ("{ period: 1h, cron: '@daily' }", "stands beside `period`; a heartbeat goes by one of the two"),
            ("{ period: 1h, timezone: UTC }", "is of no use without `cron`"),
            ("{ cron: '0 3 * *' }", "a cron expression has five fields"),
            ("{ cron: '@daily', timezone: ../../etc/passwd }", "'../../etc/passwd' is no time zone"),
            ("{ cron: '@daily', timezone: /etc/localtime }", "'/etc/localtime' is no time zone"),
            ("{ cron: '@daily', timezone: Europe }", "'Europe' is no time zone"),
            ("{ cron: '@daily', timezone: zone.tab }", "'zone.tab' is no time zone"),
            ("{ uuid: 5bf5 }", "is no UUID"), ("{ token: 'a b' }", "a token has none"),
            ("{ key: a/b }", "a key has none"),
        ])
    func refused(_ heartbeat: String, _ words: String) async throws {
        let lines = try await read("{ id: a, heartbeat: \(heartbeat) }").lines
        #expect(lines.count == 1 && lines[0].contains(words), "\(lines)")
    }

    @Test(
        "and the key of all of them",
        arguments: [
            ("ping_key: short", "is no ping key"), ("ping_key: with/slash-in-the-middle", "is no ping key"),
            ("ping_key: 5bf5c1a4-90c9-4f1b-8d61-0b6f3a2f7c11", "is a UUID"), ("other: 1", "unknown key"),
        ])
    func pingKey(_ written: String, _ words: String) async throws {
        let lines = try await read("{ id: a, heartbeat: 1h }", rest: "heartbeats: { \(written) }").lines
        #expect(lines.count == 1 && lines[0].contains(words), "\(lines)")
        let fine = try await read(
            "{ id: a, heartbeat: 1h }", rest: "heartbeats: { ping_key: sixteen-letters_1 }")
        #expect(fine.configuration?.pingKey == Secret("sixteen-letters_1"))
    }

    @Test("warns of a token that several have, or that is short, and does not show it")
    func warnings() async throws {
        let (configuration, lines) = try await read(
            "{ id: a, heartbeat: { token: secret-of-several } }",
            "{ id: b, heartbeat: { token: secret-of-several } }", "{ id: c, heartbeat: { token: short } }")
        #expect(configuration != nil)
        #expect(lines.contains { $0.contains("`token` is also that of the heartbeat on line 4") })
        #expect(lines.contains { $0.contains("short enough to be guessed") })
        #expect(!lines.contains { $0.contains("secret-of-several") })
        let directory = HeartbeatDirectory(try #require(configuration))
        #expect(directory.find(token: "secret-of-several") == .several)
        #expect(directory.find(key: "shop_b", token: "secret-of-several") == HealthCheckID("shop.b"))
    }

    @Test("says what is to be done where the machine knows no time zones")
    func noZones() throws {
        let folder = TimeZoneFolder(path: "/nowhere/zoneinfo")
        #expect(try folder.rules("UTC").name == "UTC")
        #expect(
            throws: TimeZoneError(
                "'Europe/Berlin' cannot be looked up: there is no /nowhere/zoneinfo here; "
                    + "install the package tzdata")
        ) { try folder.rules("Europe/Berlin") }
    }
}
