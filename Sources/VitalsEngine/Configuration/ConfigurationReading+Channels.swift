import VitalsCore

extension ConfigurationReading {
    /// The channels of the file.
    struct Channels {
        fileprivate(set) var all: [Entry] = []
        fileprivate var known: Set<String> = []
        /// As written, for suggestions.
        fileprivate var written: [String] = []
        /// Those that some `notify` names.
        fileprivate var named: Set<ChannelID> = []

        struct Entry {
            let settings: ChannelSettings
            let place: ConfigurationProblem.Place
        }

        /// What a health check is bound to if nobody says otherwise.
        var defaultBindings: [Binding] {
            all.filter(\.settings.isDefault).map { Binding($0.settings.id) }
        }

        /// Channels that will never be told anything.
        func unused() -> [Entry] {
            all.filter { !$0.settings.isDefault && !named.contains($0.settings.id) }
        }
    }

    mutating func channels(_ value: Value?) -> Channels {
        var channels = Channels()
        var lines: [String: Int] = [:]
        for item in items(value) {
            guard let section = section(item, keys: ["id", "default", "cooldown", "webhook"]) else {
                continue
            }
            let id = id(of: section, lines: &lines)
            let isDefault = flag(section["default"]) ?? false
            let cooldown = cooldown(section["cooldown"])
            let webhook = webhook(of: section)
            guard let id, let shown = section["id"].map(Self.written) else { continue }
            // A channel whose webhook is wrong is still known, so that naming it is no second problem.
            channels.known.insert(id)
            channels.written.append(shown)
            guard let webhook else { continue }
            let settings = ChannelSettings(
                id: ChannelID(id), isDefault: isDefault, cooldown: cooldown, webhook: webhook)
            channels.all.append(Channels.Entry(settings: settings, place: place(of: item)))
        }
        return channels
    }

    private mutating func webhook(of channel: Section) -> WebhookSettings? {
        guard let value = channel["webhook"] else {
            if !channel.hasUnknownKeys {
                report(channel.value, "has no `webhook`; write webhook: { url: ..., secret: ... }")
            }
            return nil
        }
        guard let section = section(value, keys: ["url", "secret"]) else {
            if value.node.isEmpty { report(value, "has no value; write { url: ..., secret: ... }") }
            return nil
        }
        guard let url = section["url"] else {
            if !section.hasUnknownKeys { report(value, "has no `url`; write where to post to") }
            return nil
        }
        let address = parsed(url) { given throws(Complaint) in try WebAddress.webhook(given) }
        let secret = parsed(section["secret"]) { given throws(Complaint) in try SigningSecret.parse(given) }
        if section["secret"] == nil {
            warn(place(of: value), "has no `secret`: what is sent will be unsigned")
        }
        return address.map { WebhookSettings(url: $0, secret: secret) }
    }

    /// `notify: [ops]` or `notify: { ops: { on_degraded: false } }`; an empty one means nobody.
    ///
    /// - Returns: nothing if it is not written.
    mutating func bindings(_ value: Value?, channels: inout Channels) -> [Binding]? {
        guard let value else { return nil }
        var bindings: [Binding] = []
        switch value.node.content {
        case .sequence:
            for item in items(value) {
                guard let channel = given(item) else { continue }
                let id = known(channel, at: place(of: item), channels: &channels)
                guard let id else { continue }
                if bindings.contains(where: { $0.channel == id }) {
                    report(item, "\(Self.shown(item)) is named twice; keep one of them")
                }
                bindings.append(Binding(id))
            }
        case .mapping(let entries):
            for entry in entries {
                let child = value.child(entry)
                let place = ConfigurationProblem.Place.value(
                    file: file, at: entry.keyPosition, path: child.path)
                let flags = section(child, keys: ["on_down", "on_degraded", "on_recovered"])
                let onDown = flag(flags?["on_down"]) ?? true
                let onDegraded = flag(flags?["on_degraded"])
                let onRecovered = flag(flags?["on_recovered"]) ?? true
                guard let id = known(Given(entry.key), at: place, channels: &channels) else { continue }
                bindings.append(
                    Binding(id, onDown: onDown, onDegraded: onDegraded, onRecovered: onRecovered))
            }
        case .scalar:
            let found = value.node.isEmpty ? "has no value" : "\(Self.shown(value)) is not a list"
            report(value, "\(found); write the channels, as in [ops], or [] for nobody")
        }
        return bindings
    }

    private mutating func known(
        _ channel: Given, at place: ConfigurationProblem.Place, channels: inout Channels
    ) -> ChannelID? {
        guard channels.known.contains(channel.text) else {
            report(place, Self.unknown(channel, what: "a channel", among: channels.written))
            return nil
        }
        channels.named.insert(ChannelID(channel.text))
        return ChannelID(channel.text)
    }

    /// - Parameter names: as written, so that no variable's value is shown.
    static func unknown(_ given: Given, what: String, among names: [String]) -> String {
        let nearest = given.isVerbatim ? NearestName.to(given.text, among: names) : nil
        let few = names.count <= 10 && !names.isEmpty ? "; there are \(ShownText.list(names))" : ""
        let hint = nearest.map { "; did you mean `\($0)`?" } ?? (names.isEmpty ? "; there are none" : few)
        return "\(given.quoted) is not \(what)\(hint)"
    }
}
