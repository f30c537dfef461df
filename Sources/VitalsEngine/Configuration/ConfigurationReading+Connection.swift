package import VitalsCore

extension ConfigurationReading {
    /// The id of the check that a system gets for its `connection`.
    static let defaultCheck = "connection"

    /// The check of a system's `connection`, as if it were written among its checks.
    mutating func defaultCheck(_ connection: Value) -> Section? {
        guard let given = given(connection) else { return nil }
        guard let form = DefaultCheck.form(of: given.text, forms) else {
            let known = DefaultCheck.schemes(of: forms)
            report(connection, "does not begin with one of \(known)")
            return nil
        }
        let entry = YAMLNode.Entry(
            key: form.kind.name, keyPosition: connection.keyPosition, value: connection.node)
        let node = YAMLNode(position: connection.node.position, content: .mapping([entry]))
        let value = Value(node: node, path: connection.path, keyPosition: connection.keyPosition)
        return Section(value: value, entries: [entry], hasUnknownKeys: false)
    }
}

/// The check that a stored system is given for the connection that it was made with.
package enum DefaultCheck {
    /// The system with the check in place of `connection`, so that whoever removes or changes it has it so.
    ///
    /// - Throws: what is wrong with the connection.
    package static func put(into system: JSON, _ forms: [ProbeForm]) throws(DefaultCheckError) -> JSON {
        guard case .object(var members) = system,
            let index = members.firstIndex(where: { $0.name == "connection" })
        else { return system }
        guard !members.contains(where: { $0.name == "checks" }) else {
            throw DefaultCheckError(message: "stands beside `checks`; keep one of them")
        }
        guard case .string(let connection) = members[index].value else {
            throw DefaultCheckError(message: "is no text")
        }
        guard let form = form(of: connection, forms) else {
            throw DefaultCheckError(message: "does not begin with one of \(schemes(of: forms))")
        }
        let check = JSON(members: [
            ("id", .string(ConfigurationReading.defaultCheck)), (form.kind.name, .string(connection)),
        ])
        members[index] = JSON.Member(name: "checks", value: .array([check]))
        return .object(members)
    }

    static func form(of text: String, _ forms: [ProbeForm]) -> ProbeForm? {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        return forms.first { $0.schemes.contains(scheme) }
    }

    static func schemes(of forms: [ProbeForm]) -> String {
        forms.flatMap(\.schemes).map { "\($0)://" }.joined(separator: ", ")
    }
}

/// Why a system gets no check for its connection.
package struct DefaultCheckError: Error, Equatable {
    package let message: String
}
