import VitalsCore

extension JSON {
    /// A member of an object; nothing of anything else. Setting nothing removes it.
    subscript(name: String) -> JSON? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index] = Member(name: name, value: value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): return
            }
            self = .object(members)
        }
    }

    var names: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.name)
    }

    var asText: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The items of an array; none of anything else.
    var asItems: [JSON] {
        guard case .array(let items) = self else { return [] }
        return items
    }
}
