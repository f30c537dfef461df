import VitalsCore

extension ConfigurationReading {
    /// The channels of the file.
    struct Channels {
        fileprivate(set) var all: [Entry] = []
        fileprivate(set) var origins: [ResourceKey: ConfigurationOrigin] = [:]
        fileprivate var known: Set<String> = []
        /// As written, for suggestions.
        fileprivate var written: [String] = []
        /// Those that some `notify` names.
        fileprivate var named: Set<ChannelID> = []

        struct Entry {
            let channel: ConfiguredChannel
            let place: ConfigurationProblem.Place
        }

        /// What a health check is bound to if nobody says otherwise.
        var defaultBindings: [Binding] {
            all.map(\.channel.settings).filter(\.isDefault).map { Binding($0.id) }
        }

        /// Channels that will never be told anything.
        func unused() -> [Entry] {
            all.filter { !$0.channel.settings.isDefault && !named.contains($0.channel.settings.id) }
        }
    }

    mutating func channels(_ value: Value?) -> Channels {
        var channels = Channels()
        var taken: [String: TextPosition] = [:]
        for item in items(value) {
            let keys = ["id", "default", "enabled", "cooldown"] + channelForms.map(\.kind)
            guard let section = section(item, keys: keys) else { continue }
            let id = id(of: section, taken: &taken)
            let isDefault = flag(section["default"]) ?? false
            let isEnabled = flag(section["enabled"]) ?? true
            let cooldown = cooldown(section["cooldown"])
            let channel = channel(ChannelID(id ?? ""), of: section)
            guard let id, let shown = section["id"].map(Self.written) else { continue }
            // A channel that is wrong elsewhere is still known, so that naming it is no second problem.
            channels.known.insert(id)
            channels.written.append(shown)
            let key = ResourceKey(.channel, id)
            channels.origins[key] = origin(key, at: item.node.position)
            guard let channel else { continue }
            let settings = ChannelSettings(
                id: ChannelID(id), isDefault: isDefault, cooldown: cooldown, isEnabled: isEnabled)
            channels.all.append(
                Channels.Entry(
                    channel: ConfiguredChannel(settings, channel: channel), place: place(of: item)))
        }
        return channels
    }

    /// What sends a channel's messages.
    private mutating func channel(_ id: ChannelID, of section: Section) -> (any Channel)? {
        let kinds = channelForms.compactMap { form in section[form.kind].map { (form: form, value: $0) } }
            .sorted { $0.value.keyPosition < $1.value.keyPosition }
        guard let kind = kinds.first else {
            if !section.hasUnknownKeys {
                let known = ShownText.list(channelForms.map(\.kind))
                report(section.value, "has no kind; give it one of \(known)")
            }
            return nil
        }
        for other in kinds.dropFirst() {
            let place = place(at: other.value.keyPosition, path: other.value.path)
            let line = kind.value.keyPosition.line
            report(
                place,
                "a second kind beside `\(kind.form.kind)` on line \(line); make it a channel of its own")
        }
        let make = kind.form.make
        let channel = made(of: kind.value, kind.form.fields, what: kind.form.kind) {
            settings throws(TargetError) in try make(id, settings)
        }
        channel?.warnings.forEach { warn(place(of: kind.value), $0) }
        return channel
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
                let place = place(at: entry.keyPosition, path: child.path)
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
