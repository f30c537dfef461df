import VitalsCore

/// Mails about the whole service, which the environment alone turns on.
extension ConfigurationReading {
    /// How often it is looked at, and how long after a mail there is no other.
    private typealias Pace = (interval: Duration, cooldown: Duration)

    /// Of a setting of the channel, the variable that says it.
    private static let smtpVariables = [
        ("host", "SMTP_HOST"), ("username", "SMTP_USERNAME"), ("password", "SMTP_PASSWORD"),
        ("from", "SMTP_FROM"),
    ]

    /// The same, with a system, its check and a channel for the whole service, if `ALERT_EMAIL` is set.
    mutating func watchingWholeService(_ configuration: Configuration) -> Configuration {
        let pace = wholeServicePace()
        guard let recipients = variable(WholeService.variable),
            let channel = mailChannel(to: recipients), areFree(configuration)
        else { return configuration }
        var next = configuration
        let service = WholeService()
        let probe = WholeServiceProbe(service: service)
        let policy = Policy(
            interval: pace.interval, timeout: min(pace.interval, .seconds(5)),
            thresholds: Thresholds(failure: 1, success: 1, warn: 1), confirmEvery: nil)
        let healthCheck = HealthCheck(
            system: WholeService.system, check: WholeService.check, kind: probe.kind, policy: policy,
            bindings: [Binding(WholeService.channel)], revision: digest(probe.identity))
        next.wholeService = service
        next.healthChecks.append(ConfiguredHealthCheck(healthCheck, probe: probe))
        next.systems.append(
            System(
                id: WholeService.system, name: "The whole service",
                description: "All that is watched, as one.", healthChecks: [healthCheck.id]))
        next.channels.append(
            ConfiguredChannel(
                ChannelSettings(id: WholeService.channel, isDefault: false, cooldown: pace.cooldown),
                channel: channel))
        next.origins[ResourceKey(.system, WholeService.system.text)] = .environment(WholeService.variable)
        next.origins[ResourceKey(.channel, WholeService.channel.text)] = .environment(WholeService.variable)
        return next
    }

    /// Read whether or not somebody is mailed, so that a mistake is told as well.
    private mutating func wholeServicePace() -> Pace {
        let interval = usable(variable: "HEALTH_CHECK_INTERVAL_SECS", usual: "30") {
            given throws(Complaint) in try PlainText.integer(given, in: 1...86_400)
        }
        let cooldown = usable(variable: "ALERT_COOLDOWN_SECS", usual: "300") { given throws(Complaint) in
            try PlainText.integer(given, in: 0...43_200)
        }
        return (.seconds(interval ?? 30), .seconds(cooldown ?? 300))
    }

    private mutating func mailChannel(to recipients: String) -> (any Channel)? {
        for name in ["SMTP_HOST", "SMTP_FROM"] where variable(name) == nil {
            report(.environment(WholeService.variable), "needs \(name) as well: by it mails are sent")
        }
        guard let form = channelForms.first(where: { $0.kind == "smtp" }), variable("SMTP_HOST") != nil,
            variable("SMTP_FROM") != nil
        else { return nil }
        var settings = Settings(["to": .list([.text(TargetText(recipients))])])
        for (field, name) in Self.smtpVariables {
            if let text = variable(name) { settings.set(field, .text(TargetText(text))) }
        }
        let port = parsed(variable: "SMTP_PORT") { given throws(Complaint) in
            try PlainText.integer(given, in: 1...65_535)
        }
        if let port { settings.set("port", .integer(port)) }
        if let word = security(form) { settings.set("security", .text(TargetText(word))) }
        do {
            let channel = try form.make(WholeService.channel, settings)
            channel.warnings.forEach { warn(.environment(WholeService.variable), "the mail server \($0)") }
            return channel
        } catch {
            report(.environment(Self.variable(of: error.field)), error.message)
            return nil
        }
    }

    private mutating func security(_ form: ChannelForm) -> String? {
        guard case .choice(let words)? = form.fields.first(where: { $0.name == "security" })?.type else {
            return nil
        }
        return parsed(variable: "SMTP_SECURITY") { given throws(Complaint) in
            guard words.contains(given.text) else {
                throw Complaint("\(given.quoted) is none of \(words.prefix(3).joined(separator: ", "))")
            }
            return given.text
        }
    }

    private static func variable(of field: String?) -> String {
        smtpVariables.first { $0.0 == field }?.1 ?? WholeService.variable
    }

    private func variable(_ name: String) -> String? {
        environment[name].flatMap { text in text.contains { !$0.isWhitespace } ? text : nil }
    }

    /// Nobody else calls something so.
    private mutating func areFree(_ configuration: Configuration) -> Bool {
        let (system, channel) = (WholeService.system, WholeService.channel)
        var areFree = true
        func refuse(_ what: String, _ id: String) {
            report(.environment(WholeService.variable), "makes a \(what) `\(id)`; call yours otherwise")
            areFree = false
        }
        if configuration.systems.contains(where: { $0.id == system }) { refuse("system", system.text) }
        if configuration.channels.contains(where: { $0.settings.id == channel }) {
            refuse("channel", channel.text)
        }
        return areFree
    }
}
