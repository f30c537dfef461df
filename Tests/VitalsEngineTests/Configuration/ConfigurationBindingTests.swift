import Testing
import VitalsCore
import VitalsEngine

@Suite("Who is told")
struct ConfigurationBindingTests {
    private static let ops = Binding(ChannelID("ops"))
    private static let desk = Binding(ChannelID("desk"))

    @Test(
        "a check's notify replaces its system's, and that the default channels",
        arguments: [
            ("", "", [ops]), ("notify: [desk]", "", [desk]), ("notify: [desk]", "notify: [ops]", [ops]),
            ("notify: [desk]", "notify: []", []), ("notify: []", "", []),
            ("", "notify: [ops, desk]", [ops, desk]),
            ("notify: {}", "", []),
            ("", "notify: { ops: }", [ops]),
            ("", "notify: { ops: { on_down: false } }", [Binding(ChannelID("ops"), onDown: false)]),
            (
                "", "notify: { ops: { on_degraded: false }, desk: { on_recovered: false } }",
                [
                    Binding(ChannelID("ops"), onDegraded: false),
                    Binding(ChannelID("desk"), onRecovered: false),
                ]
            ),
        ])
    func bindings(system: String, check: String, expected: [Binding]) throws {
        let text = """
            channels:
              - { id: ops, default: true, webhook: { url: "https://h", secret: x } }
              - { id: desk, webhook: { url: "https://h", secret: x } }
            systems:
              - id: shop
                \(system)
                checks:
                  - id: port
                    tcp: 127.0.0.1:80
                    \(check)
            """
        let healthCheck = try ConfigurationFixture.read(text).configuration.healthChecks.first?.healthCheck
        #expect(healthCheck?.bindings == expected)
    }

    @Test(
        "what is hardly wanted is a warning",
        arguments: [
            ("", "vitals.yaml: nothing is watched: no system has an enabled check"),
            ("systems: [{id: s}]", "vitals.yaml: nothing is watched: no system has an enabled check"),
            (
                "systems: [{id: s, checks: [{id: c, tcp: 'a:1', enabled: false}]}]",
                "vitals.yaml: nothing is watched: no system has an enabled check"
            ),
            (
                "systems: [{id: s, checks: [{id: c, tcp: 'a:1'}]}]",
                "vitals.yaml: nobody would be told: there is no channel; add one under `channels`"
            ),
            (
                "channels: [{id: o, default: true, webhook: {url: 'http://h', secret: x}}]\n"
                    + "systems: [{id: s, notify: [], checks: [{id: c, tcp: 'a:1'}]}]",
                "vitals.yaml: nobody would be told: no enabled check notifies a channel; "
                    + "give one `default: true`, or name it in `notify`"
            ),
            (
                "channels: [{id: o, default: true, webhook: {url: 'http://h'}}]\n"
                    + "systems: [{id: s, checks: [{id: c, tcp: 'a:1'}]}]",
                "vitals.yaml:1:44: channels[0].webhook: has no `secret`: what is sent will be unsigned"
            ),
            (
                "channels: [{id: o, webhook: {url: 'http://h', secret: x}}, "
                    + "{id: p, webhook: {url: 'http://h', secret: x}}]\n"
                    + "systems: [{id: s, notify: [o], checks: [{id: c, tcp: 'a:1'}]}]",
                "vitals.yaml:1:60: channels[1]: is never used: it is no default, and no `notify` names it"
            ),
            (
                "channels: [{id: o, default: true, webhook: {url: 'http://h', secret: x}}]\n"
                    + "systems: [{id: s, checks: [{id: c, tcp: 'a:1', "
                    + "thresholds: {window: {}}, confirm_every: 2s}]}]",
                "vitals.yaml:2:89: systems[0].checks[0].confirm_every: has no effect: "
                    + "a window has seen enough runs, and none is confirmed"
            ),
        ])
    func warnings(text: String, warning: String) throws {
        #expect(try ConfigurationFixture.read(text).warnings.map(\.description) == [warning])
    }

    @Test(
        "a channel's cooldown is none unless it says so",
        arguments: [("", 0), ("cooldown: 0,", 0), ("cooldown: 0s,", 0), ("cooldown: 5m,", 300)])
    func cooldown(key: String, seconds: Int) throws {
        let text = "channels: [{id: o, \(key) webhook: {url: 'http://h'}}]"
        let channels = try ConfigurationFixture.read(text).configuration.channels
        #expect(channels.map(\.settings.cooldown) == [.seconds(seconds)])
    }

    @Test("a blank name is no name: the id is shown")
    func blankName() throws {
        let text =
            "systems: [{id: a, name: ' '}, {id: b, name: ''}, "
            + "{id: c, name: , description: }, {id: d, name: D}]"
        #expect(
            try ConfigurationFixture.read(text).configuration.systems.map(\.name) == ["a", "b", "c", "D"])
    }
}
