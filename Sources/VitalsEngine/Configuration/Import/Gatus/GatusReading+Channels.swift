import VitalsCore

extension GatusReading {
    mutating func alerting(_ source: ImportSource?) {
        for (type, provider) in source?.entries ?? [] where !provider.isEmpty {
            guard Self.isKnown(type) else {
                let message =
                    "there is no channel of this kind; a `webhook` with a `template` can call most services"
                ledger.drop(provider, message)
                providers[type] = GatusProvider(refusal: message)
                continue
            }
            self.provider(type, provider)
        }
    }

    private static func isKnown(_ type: String) -> Bool {
        ["discord", "slack", "mattermost", "email", "ntfy", "custom"].contains(type)
    }

    private mutating func provider(_ type: String, _ source: ImportSource) {
        begin()
        var provider = GatusProvider()
        provider.values = Dictionary(source.entries.map { ($0.key, $0.source) }) { $1 }
        let usual = provider.values.removeValue(forKey: "default-alert")
        let overrides = provider.values.removeValue(forKey: "overrides")
        if let usual { provider.usual = alert(usual, at: type) }
        provider.channel = channel(type, provider.values, id: type, of: source)
        for override in overrides?.items ?? [] {
            guard let group = override["group"]?.text else {
                ledger.drop(override, "has no `group`, so that it overrides nothing")
                continue
            }
            _ = text(override["group"], to: "\(type)-\(group)")
            var values = provider.values
            for entry in override.entries where entry.key != "group" { values[entry.key] = entry.source }
            provider.overrides[group] = channel(type, values, id: "\(type)-\(group)", of: override)
        }
        providers[type] = provider
    }

    /// Makes a channel, and says what has no counterpart of its settings.
    ///
    /// - Parameters:
    ///   - values: by key; a variable may stand in each.
    ///   - source: whose channel it is.
    /// - Returns: its id; nothing if there can be none, which is told.
    mutating func channel(
        _ type: String, _ values: [String: ImportSource], id: String, of source: ImportSource
    ) -> String? {
        let id = ids.take(id, in: "channel")
        var values = values
        let kind: String
        let settings: [(String, JSON)]?
        switch type {
        case "email": (kind, settings) = ("smtp", mail(&values, id))
        case "ntfy": (kind, settings) = ("ntfy", ntfy(&values, id))
        case "custom": (kind, settings) = ("webhook", custom(&values, id))
        default:
            (kind, settings) = (type == "discord" ? "discord" : "slack", chat(type, &values, id))
        }
        for rest in values.values where !rest.isEmpty {
            ledger.drop(rest, "a channel of the kind `\(kind)` has no such setting")
        }
        guard let settings else { return nil }
        let channel: JSON = ["id": .string(id), kind: JSON(members: settings)]
        if let refusal = refusal(of: ["channels": [channel]]) {
            guard refusal.hasVariables else {
                ledger.drop(source, "there can be no such channel here: \(refusal.message)")
                return nil
            }
            ledger.note(.changed, source, Self.untried)
        }
        add(channel: channel)
        return id
    }

    private mutating func chat(
        _ type: String, _ values: inout [String: ImportSource], _ id: String
    ) -> [(String, JSON)]? {
        let source = values.removeValue(forKey: "webhook-url")
        guard let url = secret(source, to: "\(id): url", variable: "\(id)_webhook_url") else {
            if let source { ledger.drop(source, "is empty, so that there is nobody to tell") }
            return nil
        }
        if type == "mattermost", let source {
            ledger.note(.changed, source, "is told as Slack is, which Mattermost understands")
        }
        return [("url", .string(url))]
    }

    private mutating func mail(
        _ values: inout [String: ImportSource], _ id: String
    ) -> [(String, JSON)]? {
        var settings: [(String, JSON)] = []
        let hostSource = values.removeValue(forKey: "host")
        let port = number(values.removeValue(forKey: "port"), in: 1...65_535, to: "\(id): port")
        if let hostSource, let host = text(hostSource, to: "\(id): host") {
            settings.append(("host", .string(host)))
            if port != 465 {
                ledger.note(.changed, hostSource, "must offer STARTTLS here: a mail never goes in the clear")
            }
        }
        if let port { settings.append(("port", .integer(Int64(port)))) }
        if port == 465 { settings.append(("security", "tls")) }
        let (user, secretSource) = (
            text(values.removeValue(forKey: "username"), to: "\(id): username"),
            values.removeValue(forKey: "password")
        )
        let from = text(values.removeValue(forKey: "from"), to: "\(id): from")
        if let password = secret(secretSource, to: "\(id): password", variable: "\(id)_password") {
            // Gatus logs in as the sender where nobody else is named.
            settings.append(("username", .string(user ?? from ?? "")))
            settings.append(("password", .string(password)))
        }
        if let from { settings.append(("from", .string(from))) }
        if let to = text(values.removeValue(forKey: "to"), to: "\(id): to") {
            settings.append(("to", .string(to)))
        }
        if let insecure = values["client"]?["insecure"], insecure.text == "true" {
            values["client"] = nil
            ledger.drop(
                insecure, "the mail server's certificate is always verified: name its authority with `ca`")
        }
        return settings
    }

    private mutating func ntfy(
        _ values: inout [String: ImportSource], _ id: String
    ) -> [(String, JSON)]? {
        let server = text(values.removeValue(forKey: "url"), to: "\(id): url") ?? "https://ntfy.sh"
        guard let topic = text(values.removeValue(forKey: "topic"), to: "\(id): url") else { return nil }
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        var settings: [(String, JSON)] = [("url", .string("\(base)/\(topic)"))]
        let token = values.removeValue(forKey: "token")
        if let token = secret(token, to: "\(id): token", variable: "\(id)_token") {
            settings.append(("token", .string(token)))
        }
        if let priority = values.removeValue(forKey: "priority") {
            ledger.drop(priority, "priorities follow from what is told: 5 for `down`, 3 for `recovered`")
        }
        return settings
    }
}
