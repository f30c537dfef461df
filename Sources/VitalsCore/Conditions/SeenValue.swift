/// What a side of a comparison turned out to be.
enum SeenValue: Sendable {
    /// With how it was written.
    case number(ExactNumber, String)
    case duration(Duration)
    case text(String)
    case bool(Bool)
    case null
    /// An array or object.
    case container(JSON)

    init(_ json: JSON) throws(SeenError) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .number(ExactNumber(Int(value)), String(value))
        case .number, .decimal:
            let text = json.text
            guard let number = ExactNumber(text) else {
                throw SeenError("a number that is too long to be compared")
            }
            self = .number(number, text)
        case .string(let text): self = .text(text)
        case .array, .object: self = .container(json)
        }
    }

    /// As `pat` and `matches` see it; an array or object without blanks.
    var text: String {
        switch self {
        case .number(_, let text), .text(let text): text
        case .duration(let duration): duration.written
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        case .container(let json): json.text
        }
    }

    /// What it is, for people.
    var kindName: String {
        switch self {
        case .number: "a number"
        case .duration: "a duration"
        case .text: "a text"
        case .bool: "true or false"
        case .null: "null"
        case .container(.array): "an array"
        case .container: "an object"
        }
    }

    /// In milliseconds where it is a duration; a text counts as what it is written as.
    var measure: ExactNumber? {
        switch self {
        case .number(let number, _): number
        case .duration(let duration): ExactNumber(milliseconds: duration)
        case .text(let text):
            ExactNumber(text) ?? Duration(written: text).map { ExactNumber(milliseconds: $0) }
        case .bool, .null, .container: nil
        }
    }

    /// Whether it is another one that was seen. A text is a number when it is written exactly as that.
    func equals(_ other: SeenValue) throws(SeenError) -> Bool {
        switch (self, other) {
        case (.container, _), (_, .container): throw notALeaf(other)
        case (.number(let one, _), .number(let two, _)): return one == two
        case (.duration, .number), (.number, .duration), (.duration, .duration):
            return measure == other.measure
        case (.bool(let one), .bool(let two)): return one == two
        case (.null, .null): return true
        case (.text(let one), .text(let two)), (.text(let one), .number(_, let two)),
            (.number(_, let one), .text(let two)):
            return one.utf8.elementsEqual(two.utf8)
        default: return false
        }
    }

    /// Whether it is what was written.
    func equals(_ literal: Literal) throws(SeenError) -> Bool {
        switch self {
        case .container: throw notALeaf(self)
        case .number(let number, _): return number == literal.number
        case .duration: return measure == literal.duration
        case .bool(let value): return value == literal.bool
        case .null: return literal.isNull
        case .text(let text):
            if text.utf8.elementsEqual(literal.text.utf8) { return true }
            guard let whole = literal.whole else { return false }
            return ExactNumber(integer: text) == whole
        }
    }

    private func notALeaf(_ other: SeenValue) -> SeenError {
        let container = if case .container = self { self } else { other }
        return SeenError("\(container.kindName) equals nothing; name a value in it, or use len() or pat()")
    }
}

/// Why a condition can neither hold nor fail.
struct SeenError: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
