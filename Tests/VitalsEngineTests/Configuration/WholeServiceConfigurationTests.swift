import Testing
import VitalsCore
import VitalsEngine

@Suite("ALERT_EMAIL")
struct WholeServiceConfigurationTests {
    private static let smtp = ChannelForm(
        kind: "smtp",
        fields: [
            Field("host", .text(upTo: 255), isRequired: true, "the server"),
            Field("security", .choice(["starttls", "tls", "none"]), "how"),
        ]
    ) { id, settings throws(TargetError) in
        guard settings.text("password") == nil || settings.has("username") else {
            throw TargetError("has a `password` but no `username`", field: "password")
        }
        guard settings.texts("to").allSatisfy({ $0.contains("@") }) else {
            throw TargetError("has no @", field: "to")
        }
        return ConfigurationFixture.SettingsOnly(id: id, settings: settings)
    }

    private static let reader = ConfigurationReader(
        forms: ConfigurationFixture.forms, channelForms: [smtp]
    ) { Revision($0) }

    private static let complete = [
        "ALERT_EMAIL": "ops@e.org, dev@e.org", "SMTP_HOST": "mail.e.org", "SMTP_FROM": "vitals@e.org",
    ]

    private func read(
        _ environment: [String: String], _ text: String = ConfigurationFixture.check("")
    ) throws(ConfigurationError) -> ReadConfiguration {
        try Self.reader.read(
            files: [ConfigurationFile(name: "vitals.yaml", text: text)], environment: environment,
            flags: ConfigurationFlags())
    }

    @Test("without it there is nothing of it")
    func absent() throws {
        for environment in [[:], ["ALERT_EMAIL": " "], ["SMTP_HOST": "mail.e.org"]] {
            let configuration = try read(environment).configuration
            #expect(configuration.wholeService == nil)
            #expect(configuration.channels.isEmpty && configuration.systems.count == 1)
        }
    }

    @Test("with it there is a system, its check and a channel, which the environment manages")
    func present() throws {
        let variables = Self.complete.merging([
            "SMTP_PORT": "2525", "SMTP_SECURITY": "none", "SMTP_USERNAME": "ann", "SMTP_PASSWORD": "pw",
        ]) { $1 }
        let configuration = try read(variables).configuration
        #expect(configuration.wholeService != nil)
        let entry = try #require(configuration.healthChecks.last)
        #expect(entry.healthCheck.id.text == "whole-service.status")
        #expect(
            entry.healthCheck.policy
                == Policy(
                    interval: .seconds(30), timeout: .seconds(5),
                    thresholds: Thresholds(failure: 1, success: 1, warn: 1), confirmEvery: nil))
        #expect(entry.healthCheck.bindings == [Binding(WholeService.channel)])
        let channel = try #require(configuration.channels.last)
        #expect(channel.settings.cooldown == .seconds(300))
        #expect(!channel.settings.isDefault)
        let settings = try #require((channel.channel as? ConfigurationFixture.SettingsOnly)?.settings)
        #expect(settings.text("host") == "mail.e.org" && settings.integer("port") == 2_525)
        #expect(settings.texts("to") == ["ops@e.org, dev@e.org"])
        #expect(settings.text("security") == "none" && settings.text("password") == "pw")
        for key in [ResourceKey(.system, "whole-service"), ResourceKey(.channel, "alert-email")] {
            #expect(configuration.origins[key] == .environment("ALERT_EMAIL"))
        }
    }

    @Test("checks on all systems are not on it")
    func everywhere() throws {
        let text = ConfigurationFixture.check("") + "\nchecks: [{ id: all, tcp: 'h:1', systems: '*' }]\n"
        let configuration = try read(Self.complete, text).configuration
        #expect(configuration.checks.map { $0.systems.count } == [1])
        #expect(!configuration.healthChecks.map(\.healthCheck.id.text).contains("whole-service.all"))
    }

    @Test(
        "a pace that makes no sense is told, and the usual one is taken, whoever is mailed (S62)",
        arguments: ["0", "abc", "-5", "86401", "30s", "1.5"])
    func pace(value: String) throws {
        for more in [[:], Self.complete] {
            let read = try read(more.merging(["HEALTH_CHECK_INTERVAL_SECS": value]) { $1 })
            let told = read.warnings.map(\.description).filter { $0.contains("HEALTH_CHECK_INTERVAL_SECS") }
            #expect(told.count == 1)
            #expect(told.first?.hasSuffix("; it is 30") == true)
            let policy = read.configuration.healthChecks.last?.healthCheck.policy
            #expect(more.isEmpty || policy?.interval == .seconds(30))
        }
        let other = ["HEALTH_CHECK_INTERVAL_SECS": "2", "ALERT_COOLDOWN_SECS": value]
        let read = try read(Self.complete.merging(other) { $1 })
        #expect(read.configuration.healthChecks.last?.healthCheck.policy.timeout == .seconds(2))
        let isZero = value == "0"
        #expect(read.configuration.channels.last?.settings.cooldown == (isZero ? .zero : .seconds(300)))
        #expect(read.warnings.contains { $0.description.contains("ALERT_COOLDOWN_SECS") } == !isZero)
    }

    @Test(
        "what is missing or wrong is told by the variable that says it",
        arguments: [
            (["SMTP_HOST": ""], "ALERT_EMAIL: needs SMTP_HOST as well: by it mails are sent"),
            (["SMTP_FROM": ""], "ALERT_EMAIL: needs SMTP_FROM as well: by it mails are sent"),
            (["ALERT_EMAIL": "ops"], "ALERT_EMAIL: has no @"),
            (["SMTP_PASSWORD": "pw"], "SMTP_PASSWORD: has a `password` but no `username`"),
            (["SMTP_PORT": "mail"], "SMTP_PORT: \"mail\" is not a whole number"),
            (["SMTP_SECURITY": "some"], "SMTP_SECURITY: \"some\" is none of starttls, tls, none"),
        ])
    func wrong(more: [String: String], message: String) {
        #expect {
            try read(Self.complete.merging(more) { $1 })
        } throws: { error in
            "\(error)".contains(message)
        }
    }

    @Test("its names are nobody else's")
    func taken() {
        let text = "systems: [{ id: whole-service, checks: [{ id: a, tcp: 'h:1' }] }]"
        #expect { try read(Self.complete, text) } throws: { error in
            "\(error)".contains("ALERT_EMAIL: makes a system `whole-service`; call yours otherwise")
        }
    }
}
