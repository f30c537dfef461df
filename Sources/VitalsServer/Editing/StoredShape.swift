import VitalsCore
import VitalsEngine

/// From what the API is told to what the store keeps, which has the shape of an item in a file.
enum StoredShape {
    /// What the API says in seconds, under `<name>_seconds`.
    private static let checkDurations = ["interval", "timeout", "confirm_every"]

    static func channel(_ body: JSON) throws(Problem) -> JSON {
        try durations(["cooldown"], of: body, at: "")
    }

    /// A system, with its checks inside.
    static func system(_ body: JSON, _ forms: [ProbeForm]) throws(Problem) -> JSON {
        var system: JSON
        do throws(DefaultCheckError) {
            system = try DefaultCheck.put(into: body, forms)
        } catch {
            throw invalid("connection", error.message)
        }
        guard case .array(let checks) = system["checks"] else { return system }
        var shaped: [JSON] = []
        for (index, check) in checks.enumerated() {
            shaped.append(try durations(checkDurations, of: check, at: "checks[\(index)]."))
        }
        system["checks"] = .array(shaped)
        return system
    }

    /// A system or a check that does not tell this channel any more, nor do a system's checks.
    static func bound(_ body: JSON, without channel: String) -> JSON {
        var unbound = body
        if let notify = body["notify"] { unbound["notify"] = bindings(notify, without: channel) }
        guard case .array(let checks) = body["checks"] else { return unbound }
        unbound["checks"] = .array(
            checks.map { check in
                guard let notify = check["notify"] else { return check }
                return check.with("notify", bindings(notify, without: channel))
            })
        return unbound
    }

    private static func bindings(_ notify: JSON, without channel: String) -> JSON {
        guard case .array(let items) = notify else { return notify.with(channel, nil) }
        return .array(items.filter { $0 != .string(channel) })
    }

    /// Part of a check, as it is patched.
    static func check(_ body: JSON) throws(Problem) -> JSON {
        try durations(checkDurations, of: body, at: "")
    }

    /// The id that the body has, or one made of the name.
    static func id(of body: JSON, orLike name: String?) throws(Problem) -> String {
        let id = body["id"] == nil ? name.map(slug) : body["id"]?.asText
        guard let id, isSlug(id) else {
            throw invalid(
                "id", "is needed: lower case letters, digits and dashes, at most 63, no dash first")
        }
        return id
    }

    /// Of a path from the root of the configuration, the part inside of the item.
    static func pathInside(_ path: String, _ kind: ResourceKey.Kind) -> String {
        var path = Substring(path)
        if path.hasPrefix("\(kind.rawValue)s["), let end = path.firstIndex(of: "]") {
            path = path[path.index(after: end)...]
            if path.hasPrefix(".") { path = path.dropFirst() }
        }
        let last = path.split(separator: ".").last.map(String.init) ?? ""
        return (checkDurations + ["cooldown"]).contains(last) ? "\(path)_seconds" : String(path)
    }

    static func invalid(_ path: String, _ message: String) -> Problem {
        Problem(invalid: [Problem.Fault(path: path, message: message)])
    }

    private static func durations(
        _ names: [String], of body: JSON, at path: String
    ) throws(Problem) -> JSON {
        var shaped = body
        for name in names {
            guard body[name] == nil else {
                throw invalid(path + name, "is written as `\(name)_seconds` here")
            }
            guard let value = body["\(name)_seconds"] else { continue }
            shaped["\(name)_seconds"] = nil
            shaped[name] = .string(try duration(value, at: "\(path)\(name)_seconds"))
        }
        return shaped
    }

    /// What is out of range is told by whoever reads it.
    private static func duration(_ value: JSON, at path: String) throws(Problem) -> String {
        switch value {
        case .string("off"): return "off"
        case .integer(let seconds): return "\(seconds)s"
        case .number, .decimal:
            guard let seconds = Double(value.text), seconds.magnitude < 1e9 else { break }
            return "\(Int64((seconds * 1_000).rounded()))ms"
        default: break
        }
        throw invalid(path, "is no number of seconds")
    }

    static func isSlug(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
    }

    private static func slug(_ name: String) -> String {
        let words = name.lowercased().utf8.split { !isPlain($0) }.map { String(decoding: $0, as: UTF8.self) }
        let cut = words.joined(separator: "-").prefix(63)
        return String(cut.hasSuffix("-") ? cut.dropLast() : cut)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension JSON {
    func with(_ name: String, _ value: JSON?) -> JSON {
        var changed = self
        changed[name] = value
        return changed
    }
}
