import VitalsCore

extension ConfigurationReading {
    /// What is made of the settings that a check or a channel has under the key of its kind; what is wrong
    /// with them is reported where it stands.
    ///
    /// - Parameters:
    ///   - what: for messages: `postgres target`, `webhook`.
    ///   - make: its complaint holds no secret, but may depend on one.
    mutating func made<Product>(
        of value: Value, _ fields: [Field], what: String,
        _ make: (Settings) throws(TargetError) -> Product
    ) -> Product? {
        guard let written = settings(value, fields) else { return nil }
        // What was asked for by the API never sees the environment.
        let settings =
            value.node.position.isStored ? written : written.filled(fields, from: environment)
        do {
            return try make(settings)
        } catch {
            let place = field(error.field ?? fields[0].name, of: value) ?? value
            let message = message(error, about: value, fields, what: what, make)
            report(place, message)
            return nil
        }
    }

    /// A single value stands for the first field.
    mutating func settings(_ value: Value, _ fields: [Field]) -> Settings? {
        if case .scalar = value.node.content, !value.node.isEmpty {
            guard let only = setting(value, fields[0].type) else { return nil }
            let isComplete = requires(fields.dropFirst(), of: nil, value)
            return isComplete ? Settings([fields[0].name: only]) : nil
        }
        guard !value.node.isEmpty else {
            let names = fields.prefix(3).map { "\($0.name): ..." }.joined(separator: ", ")
            report(value, "has no value; write { \(names) }")
            return nil
        }
        return object(value, fields)
    }

    private mutating func object(_ value: Value, _ fields: [Field]) -> Settings? {
        guard let section = section(value, keys: fields.map(\.name)) else { return nil }
        var settings = Settings()
        var isWhole = true
        for field in fields {
            guard let written = section[field.name] else { continue }
            if let setting = setting(written, field.type) {
                settings.set(field.name, setting)
            } else {
                isWhole = false
            }
        }
        let isComplete = requires(fields[...], of: section, value)
        return isWhole && isComplete ? settings : nil
    }

    /// Reports what is required and not written. An unknown key is likely to be the one that is missed, and
    /// is told already.
    private mutating func requires(
        _ fields: ArraySlice<Field>, of section: Section?, _ value: Value
    ) -> Bool {
        let missing = fields.filter { $0.isRequired && section?[$0.name] == nil }
        if section?.hasUnknownKeys != true {
            for field in missing { report(value, "has no `\(field.name)`; write \(field.summary)") }
        }
        return missing.isEmpty
    }

    private mutating func setting(_ value: Value, _ type: FieldType) -> Settings.Value? {
        switch type {
        case .text(let limit):
            text(value) { given throws(Complaint) in try PlainText.parse(given, lengths: 1...limit) }
        case .lines(let limit):
            text(value) { given throws(Complaint) in
                try PlainText.parse(given, lengths: 1...limit, allowsLines: true)
            }
        case .target: text(value) { given throws(Complaint) in given.text }
        case .url: text(value) { given throws(Complaint) in try WebAddress.webhook(given) }
        case .signingSecret:
            text(value) { given throws(Complaint) in try SigningSecret.parse(given).revealed }
        case .flag: flag(value).map { .flag($0) }
        case .integer(let range): integer(value, in: range).map { .integer($0) }
        case .duration(let range): duration(value, in: range).map { .duration($0) }
        case .choice(let words): choice(value, words)
        case .list(let item, let limit): list(value, of: item, upTo: limit)
        case .pairs(let limit): pairs(value, upTo: limit)
        case .object(let fields): object(value, fields).map { .object($0) }
        case .option(let fields):
            if case .mapping = value.node.content {
                object(value, fields).map { .object($0) }
            } else {
                flag(value).map { .flag($0) }
            }
        }
    }

    /// A text whose variables are where they were put in, whatever was checked about it.
    private mutating func text(
        _ value: Value, _ check: (Given) throws(Complaint) -> String
    ) -> Settings.Value? {
        parsed(value) { given throws(Complaint) in
            .text(TargetText(try check(given), variables: given.places))
        }
    }

    private mutating func choice(_ value: Value, _ words: [String]) -> Settings.Value? {
        parsed(value) { given throws(Complaint) in
            guard words.contains(given.text) else {
                throw Complaint(Self.unknown(given, what: "known here", among: words))
            }
            return .text(TargetText(given.text))
        }
    }

    private mutating func list(_ value: Value, of type: FieldType, upTo limit: Int) -> Settings.Value? {
        guard case .sequence = value.node.content else {
            guard !value.node.isEmpty else { return .list([]) }
            return setting(value, type).map { .list([$0]) }
        }
        let items = items(value)
        guard items.count <= limit else {
            report(value, "has \(items.count) items; at most \(limit)")
            return nil
        }
        let read = items.map { setting($0, type) }
        return read.contains { $0 == nil } ? nil : .list(read.compactMap(\.self))
    }

    private mutating func pairs(_ value: Value, upTo limit: Int) -> Settings.Value? {
        guard let entries = entries(value) else { return value.node.isEmpty ? .pairs([]) : nil }
        guard entries.count <= limit else {
            report(value, "has \(entries.count) entries; at most \(limit)")
            return nil
        }
        var pairs: [Settings.Pair] = []
        for entry in entries {
            guard let given = given(value.child(entry)) else { continue }
            pairs.append(
                Settings.Pair(name: entry.key, value: TargetText(given.text, variables: given.places)))
        }
        return pairs.count == entries.count ? .pairs(pairs) : nil
    }

    private func field(_ name: String, of value: Value) -> Value? {
        guard case .mapping(let entries) = value.node.content else { return nil }
        return entries.first { $0.key == name }.map { value.child($0) }
    }

    // MARK: Messages

    /// The maker's own words, unless they depend on what a variable stands for: the same settings with
    /// harmless values must be refused with the same words.
    private func message<Product>(
        _ error: TargetError, about value: Value, _ fields: [Field], what: String,
        _ make: (Settings) throws(TargetError) -> Product
    ) -> String {
        let own = value.node.position.isStored ? [] : variables(of: value, fields)
        let variables = (labels?.variables(in: value.node) ?? []).reduce(into: own) { names, name in
            if !names.contains(name) { names.append(name) }
        }
        guard !variables.isEmpty else { return error.message }
        let names = variables.joined(separator: ", ")
        let hidden =
            "is not a \(what) with the value of \(names) put in; "
            + "`vitals check` with the whole target says why (the value is not shown here)"
        var standIn = ConfigurationReading(
            files: files, versions: versions,
            environment: Dictionary(uniqueKeysWithValues: variables.map { ($0, "x") }),
            flags: flags, forms: forms, channelForms: channelForms, digest: digest)
        standIn.labels = labels?.harmless
        guard let settings = standIn.settings(value, fields) else { return hidden }
        do {
            _ = try make(settings.filled(fields, from: standIn.environment))
            return hidden
        } catch let other {
            return other == error ? error.message : hidden
        }
    }

    /// Those that stand in it, and those that stand in for what is not written.
    private func variables(of value: Value, _ fields: [Field]) -> [String] {
        let unwritten = fields.filter { field in
            if case .mapping = value.node.content { return self.field(field.name, of: value) == nil }
            return field.name != fields[0].name
        }
        let standIns = unwritten.compactMap(\.variable).filter { environment[$0]?.isEmpty == false }
        return Self.variables(in: value.node) + standIns
    }

    /// The names of variables, each once, in the order in which they are used.
    private static func variables(in node: YAMLNode) -> [String] {
        var names: [String] = []
        func gather(_ node: YAMLNode) {
            switch node.content {
            case .scalar(let raw, _):
                for name in Substitution.names(in: raw) where !names.contains(name) { names.append(name) }
            case .sequence(let items): items.forEach(gather)
            case .mapping(let entries): entries.forEach { gather($0.value) }
            }
        }
        gather(node)
        return names
    }
}
