package import VitalsCore

extension ConfigurationReader {
    /// The probe of a check that is written on the command line: a target, and settings of its kind as they
    /// would stand in a file.
    ///
    /// - Parameters:
    ///   - target: the kind's first field.
    ///   - assignments: `method=POST`, `headers.X-Token=abc`, `steps.0.send=PING`; of a list each adds one
    ///     item. Nothing is put in for variables: whoever writes it has a shell.
    ///   - environment: for settings that have a variable which stands in for them. Default: none.
    /// - Throws: what a file would be told of the same settings.
    package func probe(
        _ form: ProbeForm, of target: String, with assignments: [String],
        environment: [String: String] = [:]
    ) throws(ConfigurationError) -> any Probe {
        var written: JSON = [form.fields[0].name: .string(target)]
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            do throws(Complaint) {
                guard parts.count == 2 else { throw Complaint("write field=value") }
                guard parts[0] != form.fields[0].name else { throw Complaint("is the target itself") }
                written = try Self.set(String(parts[1]), at: parts[0], in: written, .object(form.fields))
            } catch {
                let name = parts[0].isEmpty ? assignment : String(parts[0])
                throw ConfigurationError([ConfigurationProblem(.stored(path: name), error.message)])
            }
        }
        var reading = ConfigurationReading(
            files: [], environment: [:], flags: ConfigurationFlags(), forms: forms, channelForms: [],
            digest: { Revision($0) })
        let value = ConfigurationReading.Value(
            node: YAMLNode(stored: written), path: "", keyPosition: .stored)
        let probe = reading.made(of: value, form.fields, what: "\(form.kind.name) target") {
            (settings: Settings) throws(TargetError) in
            try form.make(settings.filled(form.fields, from: environment))
        }
        try reading.finish()
        guard let probe else { preconditionFailure("refused without a reason") }
        return probe
    }

    /// Questions to a database that are written on the command line, each as an item of `collect` in a file.
    ///
    /// - Parameter items: YAML: `{name: stuck, query: SELECT 1, conditions: "[ROWS].count == 1"}`.
    /// - Throws: what a file would be told of the same.
    package func questions(
        _ form: ProbeForm, _ items: [String]
    ) throws(ConfigurationError) -> [OwnQuestion] {
        let files = items.indices.map { items.count == 1 ? "--collect" : "--collect \($0 + 1)" }
        var nodes: [YAMLNode] = []
        for (index, item) in items.enumerated() {
            do {
                nodes += try YAMLComposer.compose(item, file: index).map { [$0] } ?? []
            } catch {
                let place = error.position.map {
                    ConfigurationProblem.Place.value(file: files[index], at: $0, path: "")
                }
                throw ConfigurationError([
                    ConfigurationProblem(place ?? .file(files[index]), error.message)
                ])
            }
        }
        var reading = ConfigurationReading(
            files: files, environment: [:], flags: ConfigurationFlags(), forms: forms, channelForms: [],
            digest: { Revision($0) })
        let questions = reading.questions(nodes, form)
        try reading.finish()
        return questions
    }

    /// The written value with one more in its place, which the types of the fields lead to.
    private static func set(
        _ text: String, at path: Substring, in written: JSON?, _ type: FieldType
    ) throws(Complaint) -> JSON {
        switch type {
        case .option where path.isEmpty:
            return .string(text)
        case .object(let fields), .option(let fields):
            let name = path.prefix { $0 != "." }
            guard let field = fields.first(where: { $0.name == name }) else {
                throw unknown(String(name), among: fields.map(\.name))
            }
            var members = members(of: written)
            let index = members.firstIndex { $0.name == name }
            let before = index.map { members[$0].value }
            let value = try set(text, at: path.dropFirst(name.count + 1), in: before, field.type)
            let member = JSON.Member(name: String(name), value: value)
            if let index { members[index] = member } else { members.append(member) }
            return .object(members)
        case .pairs:
            guard !path.isEmpty else { throw Complaint("needs a name, as in headers.Accept=text/html") }
            return .object(
                members(of: written).filter { $0.name != path }
                    + [JSON.Member(name: String(path), value: .string(text))])
        case .list(let item, let limit):
            return .array(try add(text, at: path, to: items(of: written), of: item, upTo: limit))
        default:
            guard path.isEmpty else { throw Complaint("has no parts") }
            return .string(text)
        }
    }

    private static func add(
        _ text: String, at path: Substring, to items: [JSON], of type: FieldType, upTo limit: Int
    ) throws(Complaint) -> [JSON] {
        guard case .object = type else { return items + [try set(text, at: path, in: nil, type)] }
        let place = path.prefix { $0 != "." }
        guard let index = Int(place), (0..<limit).contains(index), index <= items.count else {
            throw Complaint("needs the place in the list, from 0 and one after the other, as in steps.0.send")
        }
        let before = index < items.count ? items[index] : nil
        let item = try set(text, at: path.dropFirst(place.count + 1), in: before, type)
        return items.prefix(index) + [item] + items.dropFirst(index + 1)
    }

    private static func unknown(_ name: String, among names: [String]) -> Complaint {
        let nearest = NearestName.to(name, among: names)
        let meant = nearest.map { "did you mean `\($0)`?" } ?? "known here: \(ShownText.list(names))"
        return Complaint("unknown field; \(meant)")
    }

    private static func members(of written: JSON?) -> [JSON.Member] {
        guard case .object(let members) = written else { return [] }
        return members
    }

    private static func items(of written: JSON?) -> [JSON] {
        guard case .array(let items) = written else { return [] }
        return items
    }
}
