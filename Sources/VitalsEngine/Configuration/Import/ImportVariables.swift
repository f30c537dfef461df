/// Variables of another program's configuration, marked by characters that no text of people holds, so that
/// they stay what they are while the text is read as YAML, taken apart and put together.
///
/// Gatus replaces `$NAME` and `${NAME}` in the whole text before it is read, as Go's `os.Expand` does, after
/// `$$` became a dollar.
enum ImportVariables {
    private static let opening: Unicode.Scalar = "\u{E000}"
    private static let closing: Unicode.Scalar = "\u{E001}"
    /// Where something stood that Go takes for a variable, and that can be none.
    private static let nothing: Unicode.Scalar = "\u{E002}"

    /// Nothing: the text holds the marks themselves.
    static func marked(_ text: String) -> String? {
        let marks = [opening, closing, nothing]
        guard !text.unicodeScalars.contains(where: marks.contains) else { return nil }
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var output = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "$", let next = rest.first else {
                output.append(scalar)
                continue
            }
            if next == "$" {
                rest.removeFirst()
                output.append("$")
            } else if let name = name(from: &rest) {
                let isName = isName(name)
                output.append(contentsOf: isName ? [opening] + name + [closing] : [nothing])
            } else {
                output.append("$")
            }
        }
        return String(output)
    }

    /// What follows the dollar, taken away; nothing if it names no variable and the dollar is one.
    private static func name(
        from rest: inout Substring.UnicodeScalarView
    ) -> [Unicode.Scalar]? {
        if rest.first == "{" {
            guard let end = rest.firstIndex(of: "}") else {
                rest.removeFirst()
                return []
            }
            let name = Array(rest[..<end].dropFirst())
            rest = rest[rest.index(after: end)...]
            return name
        }
        if let first = rest.first, "*#@!?-0123456789".unicodeScalars.contains(first) {
            rest.removeFirst()
            return [first]
        }
        let name = Array(rest.prefix(while: isOfName))
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? nil : name
    }

    private static func isName(_ name: [Unicode.Scalar]) -> Bool {
        guard let first = name.first, name.count <= 128 else { return false }
        return name.allSatisfy(isOfName) && !("0"..."9").contains(first)
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }

    static func hasVariable(_ text: String) -> Bool { text.unicodeScalars.contains(opening) }

    /// Whether something stood there that Go takes for a variable, and that can be none.
    static func hasNothing(_ text: String) -> Bool { text.unicodeScalars.contains(nothing) }

    /// As it is written in `vitals.yaml`: `${NAME}`, and a dollar twice.
    static func written(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case opening: output.append(contentsOf: "${".unicodeScalars)
            case closing: output.append("}")
            case nothing: continue
            case "$": output.append(contentsOf: "$$".unicodeScalars)
            default: output.append(scalar)
            }
        }
        return String(output)
    }

    /// The same for people: a dollar once.
    static func shown(_ text: String) -> String {
        written(text).replacing("$$", with: "$")
    }

    /// The names of the variables in the place of their values, for what must be known now.
    static func named(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { ![opening, closing, nothing].contains($0) }))
    }

    /// Without the variable with which it begins; nothing if it does not begin with one.
    static func beginsWithVariable(_ text: String) -> Bool { text.unicodeScalars.first == opening }
}
