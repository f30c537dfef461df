extension JSON {
    /// What is done about texts that two readers may understand differently.
    package enum Leniency: Sendable {
        /// The last of several members of one name wins, and half of a surrogate pair is U+FFFD.
        case lenient
        /// Both are refused.
        case strict
    }

    /// Arrays and objects inside each other.
    package static let maximumDepth = 128

    /// Reads a JSON text (RFC 8259), in time proportional to its length; a byte order mark before it is
    /// skipped.
    package init(parsing bytes: [UInt8], _ leniency: Leniency = .lenient) throws(JSONError) {
        var parser = JSONParser(bytes, leniency)
        self = try parser.document()
    }
}

/// Reads one text. What is open stands in an array, so that no nesting can overflow the stack.
private struct JSONParser {
    private struct Frame {
        let isObject: Bool
        var items: [JSON] = []
        var members: [JSON.Member] = []
        var name = ""
        /// Where each name began, for the one that comes again.
        var names: [Int] = []

        mutating func add(_ value: JSON) {
            if isObject {
                members.append(JSON.Member(name: name, value: value))
            } else {
                items.append(value)
            }
        }
    }

    private var scanner: JSONScanner
    private let leniency: JSON.Leniency
    private var open: [Frame] = []

    init(_ bytes: [UInt8], _ leniency: JSON.Leniency) {
        scanner = JSONScanner(bytes, isStrict: leniency == .strict)
        self.leniency = leniency
    }

    mutating func document() throws(JSONError) -> JSON {
        while true {
            scanner.skipBlanks()
            guard let value = try opened() else { continue }
            if let document = try closed(after: value) { return document }
        }
    }

    /// The value that begins here; nothing if an array or object begins that holds something.
    private mutating func opened() throws(JSONError) -> JSON? {
        let isObject = scanner.next == UInt8(ascii: "{")
        guard isObject || scanner.next == UInt8(ascii: "[") else { return try scanner.scalar() }
        guard open.count < JSON.maximumDepth else {
            throw scanner.error(expected: "at most \(JSON.maximumDepth) arrays and objects inside each other")
        }
        scanner.advance()
        scanner.skipBlanks()
        if scanner.take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            return isObject ? .object([]) : .array([])
        }
        open.append(Frame(isObject: isObject))
        if isObject { try readName() }
        return nil
    }

    /// Puts the value where it belongs, and closes what ends after it.
    ///
    /// - Returns: the document, once that is whole; nothing if another value must follow.
    private mutating func closed(after value: JSON) throws(JSONError) -> JSON? {
        var value = value
        while !open.isEmpty {
            // In its place: a copy of the frame would copy all that it holds, for every item.
            open[open.count - 1].add(value)
            let isObject = open[open.count - 1].isObject
            scanner.skipBlanks()
            if scanner.take(UInt8(ascii: ",")) {
                scanner.skipBlanks()
                if isObject { try readName() }
                return nil
            }
            guard scanner.take(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw scanner.error(expected: isObject ? "`,` or `}`" : "`,` or `]`")
            }
            let whole = open.removeLast()
            value = whole.isObject ? .object(try distinct(whole)) : .array(whole.items)
        }
        scanner.skipBlanks()
        guard scanner.next == nil else { throw scanner.error(expected: "nothing more") }
        return value
    }

    private mutating func readName() throws(JSONError) {
        guard scanner.next == UInt8(ascii: "\"") else { throw scanner.error(expected: "a name in quotes") }
        open[open.count - 1].names.append(scanner.position)
        open[open.count - 1].name = try scanner.string()
        scanner.skipBlanks()
        guard scanner.take(UInt8(ascii: ":")) else { throw scanner.error(expected: "`:`") }
    }

    /// Whether no two of a few names are the same; of many it is not tried.
    private func areDistinct(_ members: [JSON.Member]) -> Bool {
        guard members.count <= 8 else { return false }
        return members.indices.allSatisfy { index in
            members[..<index].allSatisfy { $0.name != members[index].name }
        }
    }

    /// The members with each name once, in the place where it first stood, with the value given last. Names
    /// are the same if their bytes are.
    private func distinct(_ frame: Frame) throws(JSONError) -> [JSON.Member] {
        guard !areDistinct(frame.members) else { return frame.members }
        var places: [[UInt8]: Int] = [:]
        var members: [JSON.Member] = []
        for (index, member) in frame.members.enumerated() {
            guard let place = places.updateValue(members.count, forKey: Array(member.name.utf8)) else {
                members.append(member)
                continue
            }
            guard leniency == .lenient else {
                throw JSONError(
                    at: frame.names[index], of: scanner.bytes, found: "a name for the second time",
                    expected: "each name once")
            }
            places[Array(member.name.utf8)] = place
            members[place] = member
        }
        return members
    }
}
