/// A value written into a condition. In quotes it is a text and nothing else; without them it is also the
/// number, duration, `true`, `false` or `null` that it is written as.
struct Literal: Sendable, Equatable {
    let text: String
    let isQuoted: Bool
    /// What orders and equals numbers.
    let number: ExactNumber?
    /// Set for whole numbers, which a text may be written as, too.
    let whole: ExactNumber?
    /// In milliseconds; a bare number is one, too.
    let duration: ExactNumber?

    init(_ text: String, isQuoted: Bool = false) {
        self.text = text
        self.isQuoted = isQuoted
        guard !isQuoted else {
            number = nil
            whole = nil
            duration = nil
            return
        }
        whole = ExactNumber(integer: text)
        number = whole ?? ExactNumber(text)
        duration = number ?? Duration(written: text).map { ExactNumber(milliseconds: $0) }
    }

    var bool: Bool? {
        guard !isQuoted else { return nil }
        return text == "true" ? true : text == "false" ? false : nil
    }

    var isNull: Bool { !isQuoted && text == "null" }
    /// Whether anything can be above or below it.
    var isOrdered: Bool { duration != nil }
}
