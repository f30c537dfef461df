/// The characters of a regular expression, and those of its parts that no group can stand in.
struct PatternScanner {
    /// What a backslash begins.
    enum Escape {
        case character(Unicode.Scalar)
        case set(PatternClass)
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    var count: Int { scalars.count }
    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
    var afterNext: Unicode.Scalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

    func error(_ message: String) -> PatternError {
        PatternError(column: position + 1, message: message)
    }

    mutating func advance() {
        position += 1
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Letters, digits and `_`; maybe none.
    mutating func takeWord() -> String {
        var word = ""
        while let next, PatternClass.word.holds(next.value) {
            word.unicodeScalars.append(next)
            position += 1
        }
        return word
    }

    /// At most six digits.
    mutating func takeNumber() -> Int? {
        var digits = ""
        while let next, ("0"..."9").contains(next), digits.count < 6 {
            digits.unicodeScalars.append(next)
            position += 1
        }
        return Int(digits)
    }

    /// Its backslash is next.
    mutating func escape() throws(PatternError) -> Escape {
        let start = self
        advance()
        guard let letter = next else { throw start.error("nothing after the backslash") }
        advance()
        if let set = PatternClass.named[Character(letter)] { return .set(set) }
        let controls: [Unicode.Scalar: Unicode.Scalar] = [
            "t": "\t", "n": "\n", "r": "\r", "f": "\u{C}", "v": "\u{B}", "a": "\u{7}", "0": "\0",
        ]
        if let control = controls[letter] { return .character(control) }
        if letter == "x" { return .character(try hexadecimal()) }
        guard ("1"..."9").contains(letter) == false else {
            throw start.error("`\\\(letter)`: references to groups are not known")
        }
        guard !Character(letter).isLetter else { throw start.error("`\\\(letter)` is not known") }
        return .character(letter)
    }

    /// `\x41` or `\x{1F642}`, after the `x`.
    private mutating func hexadecimal() throws(PatternError) -> Unicode.Scalar {
        let start = self
        let isBraced = take("{")
        var digits = ""
        while let next, Character(next).isHexDigit, next.isASCII, digits.count < (isBraced ? 6 : 2) {
            digits.unicodeScalars.append(next)
            position += 1
        }
        let isWhole = isBraced ? take("}") : digits.count == 2
        guard isWhole, let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
            throw start.error("`\\x` takes two hexadecimal digits, or a character's number in `{}`")
        }
        return scalar
    }

    /// The rest of `[...]`.
    mutating func set() throws(PatternError) -> PatternClass {
        let start = self
        var set = PatternClass()
        set.isNegated = take("^")
        var isFirst = true
        while let next, isFirst || next != "]" {
            isFirst = false
            if let named = try posix() {
                set.ranges += named.ranges
                continue
            }
            switch try member() {
            case .set(let inner): set.ranges += inner.ranges
            case .character(let lower):
                let upper = try rangeEnd() ?? lower
                guard lower.value <= upper.value else { throw error("a range that ends before it begins") }
                set.ranges.append(lower.value...upper.value)
            }
        }
        guard take("]") else { throw start.error("`[` without a `]` after it") }
        return set
    }

    private mutating func member() throws(PatternError) -> Escape {
        guard let scalar = next, scalar != "\\" else { return try escape() }
        advance()
        return .character(scalar)
    }

    /// The character after a `-` that is not the last of its set.
    private mutating func rangeEnd() throws(PatternError) -> Unicode.Scalar? {
        guard next == "-", let after = afterNext, after != "]" else { return nil }
        advance()
        let start = self
        guard case .character(let upper) = try member() else {
            throw start.error("a range ends in a character")
        }
        return upper
    }

    /// `[:alpha:]`
    private mutating func posix() throws(PatternError) -> PatternClass? {
        guard next == "[", afterNext == ":" else { return nil }
        let start = self
        advance()
        advance()
        let isOpposite = take("^")
        let name = takeWord()
        guard let named = PatternClass.posix[name], take(":"), take("]") else {
            throw start.error(
                "`[[:name:]]` takes one of alpha, digit, alnum, upper, lower, space, punct, ...")
        }
        return isOpposite ? named.opposite : named
    }
}
