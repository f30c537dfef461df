/// Puts environment variables into a text: `${NAME}`; `$$` is a dollar, and so is one that neither follows.
/// In a check it puts in labels of the check's system as well: `{{system.NAME}}`.
///
/// It works on what YAML has already read, so that no value can change the structure of the file, and never
/// reads its own output, so that a value may hold `${`. In a URL a value is percent-encoded for its place,
/// so that it cannot end the part in which it stands; at the very beginning of a text it is taken as it is.
struct Substitution {
    private static let maximumVariables = 100
    private static let longestName = 128
    /// Of those that are missing.
    private static let mostNamed = 5

    private var output = ""
    private var variables: [String] = []
    private var places: [Range<Int>] = []
    private var uses = 0

    /// - Parameters:
    ///   - environment: nothing: a dollar is a dollar.
    ///   - labels: likewise of `{{system.NAME}}`.
    static func apply(
        to raw: String, environment: [String: String]?, labels: SystemLabels? = nil
    ) throws(Complaint) -> Given {
        let mayHoldVariables = environment != nil && raw.utf8.contains(UInt8(ascii: "$"))
        guard mayHoldVariables || labels != nil && SystemLabels.areUsed(in: raw) else { return Given(raw) }
        var substitution = Substitution()
        return try substitution.run(raw, environment: environment, labels: labels)
    }

    /// The names of the variables that a text uses, as far as it can be read.
    static func names(in raw: String) -> [String] {
        var names: [String] = []
        var rest = raw.unicodeScalars[...]
        while let dollar = rest.firstIndex(of: "$") {
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                var after = rest
                guard let name = try? takeName(from: &after) else { continue }
                names.append(name)
                rest = after
            }
        }
        return names
    }

    private mutating func run(
        _ raw: String, environment: [String: String]?, labels: SystemLabels?
    ) throws(Complaint) -> Given {
        var rest = raw.unicodeScalars[...]
        var missing: [String] = []
        while let next = rest.firstIndex(where: {
            $0 == "$" && environment != nil || $0 == "{" && labels != nil
        }) {
            output += String(rest[..<next])
            rest = rest[next...]
            if rest.first == "$" {
                try putVariable(from: &rest, environment ?? [:], &missing)
            } else if let labels {
                try putLabel(from: &rest, labels)
            }
        }
        guard missing.isEmpty else {
            let others = missing.count - Self.mostNamed
            let names =
                missing.prefix(Self.mostNamed).joined(separator: ", ")
                + (others > 0 ? " and \(others) more" : "")
            throw Complaint("the environment variable \(names); set it, or write $$ where a dollar is meant")
        }
        return Given(text: output + String(rest), raw: raw, variables: variables, places: places)
    }

    /// - Parameter rest: begins with a dollar; afterwards with what follows.
    private mutating func putVariable(
        from rest: inout Substring.UnicodeScalarView, _ environment: [String: String],
        _ missing: inout [String]
    ) throws(Complaint) {
        rest = rest.dropFirst()
        guard rest.first == "{" else {
            output += "$"
            if rest.first == "$" { rest = rest.dropFirst() }
            return
        }
        let name = try Self.takeName(from: &rest)
        let value = environment[name] ?? ""
        if value.isEmpty {
            missing.append(name + (environment[name] == nil ? " is not set" : " is empty"))
        }
        put(value, before: rest, isHidden: true)
        try note([name])
    }

    /// - Parameter rest: begins with a brace; afterwards with what follows.
    private mutating func putLabel(
        from rest: inout Substring.UnicodeScalarView, _ labels: SystemLabels
    ) throws(Complaint) {
        switch try LabelReference.take(from: &rest) {
        case .none(let text):
            output += text
        case .label(let name):
            let value = try labels.value(of: name)
            put(value.text, before: rest, isHidden: !value.isVerbatim)
            try note(value.variables)
        }
    }

    private mutating func put(
        _ value: String, before rest: Substring.UnicodeScalarView, isHidden: Bool
    ) {
        let start = output.utf8.count
        output += encoded(value, before: rest)
        if isHidden { places.append(start..<output.utf8.count) }
    }

    private mutating func note(_ names: [String]) throws(Complaint) {
        uses += 1
        guard uses <= Self.maximumVariables else {
            throw Complaint("holds more than \(Self.maximumVariables) variables")
        }
        for name in names where !variables.contains(name) { variables.append(name) }
    }

    /// - Parameter rest: begins with `{`; afterwards with what follows `}`.
    private static func takeName(from rest: inout Substring.UnicodeScalarView) throws(Complaint) -> String {
        guard let end = rest.firstIndex(of: "}") else {
            throw Complaint("a \"${\" has no \"}\"; write $$ where a dollar is meant")
        }
        let name = String(rest[..<end].dropFirst())
        rest = rest[end...].dropFirst()
        let isName =
            name.utf8.count <= longestName && name.utf8.first.map { !ASCII.isDigit($0) } ?? false
            && name.utf8.allSatisfy { ASCII.isDigit($0) || ASCII.isLetter($0) || $0 == UInt8(ascii: "_") }
        guard isName else {
            let shown = ShownText.quoted("${\(name)}")
            throw Complaint(
                "\(shown) names no variable; write letters, digits and underscores, or $$ for a dollar")
        }
        return name
    }

    private func encoded(_ value: String, before rest: Substring.UnicodeScalarView) -> String {
        guard let scheme = output.firstRange(of: "://"), Self.isScheme(output[..<scheme.lowerBound]) else {
            return value
        }
        let written = output[scheme.upperBound...]
        let isInAuthority = !written.contains { ["/", "?", "#"].contains($0) }
        let restOfAuthority = rest.prefix { !["/", "?", "#"].contains($0) }
        let isUser = !written.contains("@") && restOfAuthority.contains("@")
        // A host brings its port along, and an IPv6 address its colons and brackets.
        let also: [UInt8] = isInAuthority && !isUser ? Array(":[]".utf8) : []
        return Self.percentEncoded(value, except: also)
    }

    /// RFC 3986, section 2.3: everything but unreserved characters is encoded.
    private static func percentEncoded(_ value: String, except also: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            if ASCII.isDigit(byte) || ASCII.isLetter(byte) || "-._~".utf8.contains(byte)
                || also.contains(byte)
            {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, ASCII.isLetter(first) else { return false }
        return text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "+-.".utf8.contains($0) }
    }
}
