import Foundation

/// As much of JSON Schema 2020-12 as the API's description uses.
struct Schema {
    /// The whole document, in which references are looked up.
    let document: [String: Any]

    private static let known: Set = [
        "type", "enum", "properties", "required", "additionalProperties", "items", "oneOf", "$ref",
        "description", "format", "pattern", "minimum", "maximum", "default", "maxLength", "minItems",
        "propertyNames", "maxProperties",
    ]

    /// What is wrong with `value`, each with its place; empty when it fits.
    func faults(of value: Any, _ schema: [String: Any], at place: String = "$") -> [String] {
        if let reference = schema["$ref"] as? String {
            guard let target = resolve(reference) else { return ["\(place): no \(reference)"] }
            return faults(of: value, target, at: place)
        }
        let unknown = Set(schema.keys).subtracting(Self.known)
        guard unknown.isEmpty else { return ["\(place): keywords that no test understands: \(unknown)"] }
        var faults: [String] = []
        if let type = schema["type"] {
            let types = type as? [String] ?? [type as? String ?? ""]
            if !types.contains(where: { Self.is(value, $0) }) { faults.append("\(place): is not \(types)") }
        }
        if let words = schema["enum"] as? [Any], !words.contains(where: { Self.same($0, value) }) {
            faults.append("\(place): \(value) is none of \(words)")
        }
        if let pattern = schema["pattern"] as? String, let text = value as? String,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            faults.append("\(place): \(text) does not match \(pattern)")
        }
        if let minimum = schema["minimum"] as? Double, let number = value as? Double, number < minimum {
            faults.append("\(place): \(number) is below \(minimum)")
        }
        if let alternatives = schema["oneOf"] as? [[String: Any]] {
            let fitting = alternatives.filter { self.faults(of: value, $0, at: place).isEmpty }
            if fitting.count != 1 { faults.append("\(place): fits \(fitting.count) of the alternatives") }
        }
        if let items = value as? [Any], let item = schema["items"] as? [String: Any] {
            for (index, value) in items.enumerated() {
                faults += self.faults(of: value, item, at: "\(place)[\(index)]")
            }
        }
        if let object = value as? [String: Any] { faults += members(of: object, schema, at: place) }
        return faults
    }

    func resolve(_ reference: String) -> [String: Any]? {
        guard reference.hasPrefix("#/") else { return nil }
        var node: Any? = document
        for part in reference.dropFirst(2).split(separator: "/") {
            node = (node as? [String: Any])?[String(part)]
        }
        return node as? [String: Any]
    }

    private func members(
        of object: [String: Any], _ schema: [String: Any], at place: String
    ) -> [String] {
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        var faults = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }
            .map { "\(place).\($0): is missing" }
        if let most = schema["maxProperties"] as? Int, object.count > most {
            faults.append("\(place): has more than \(most) members")
        }
        for (name, value) in object {
            if let names = schema["propertyNames"] as? [String: Any] {
                faults += self.faults(of: name, names, at: "\(place).\(name) (its name)")
            }
            if let property = properties[name] {
                faults += self.faults(of: value, property, at: "\(place).\(name)")
            } else if let others = schema["additionalProperties"] as? [String: Any] {
                faults += self.faults(of: value, others, at: "\(place).\(name)")
            } else if schema["additionalProperties"] as? Bool == false {
                faults.append("\(place).\(name): is not described")
            }
        }
        return faults
    }

    private static func `is`(_ value: Any, _ type: String) -> Bool {
        switch type {
        case "null": value is NSNull
        case "string": value is String
        case "array": value is [Any]
        case "object": value is [String: Any]
        case "boolean": isBoolean(value)
        case "number": value is NSNumber && !isBoolean(value)
        case "integer": !isBoolean(value) && (value as? Double).map { $0 == $0.rounded() } == true
        default: false
        }
    }

    private static func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? (value is Bool)
    }

    private static func same(_ left: Any, _ right: Any) -> Bool {
        if left is NSNull || right is NSNull { return left is NSNull && right is NSNull }
        return left as? String == right as? String && left is String
    }
}
