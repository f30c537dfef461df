import VitalsEngine

/// Splits a command that was written as one text into its words. There is no shell: what a shell would do
/// more than split is refused rather than passed on as it stands.
///
/// Blanks part words. `'...'` is taken as it is; in `"..."`, and outside of quotes, a backslash takes the
/// next character as it is. What a variable stands for is never taken apart.
enum CommandText {
    static func words(of command: TargetText) throws(TargetError) -> [TargetText] {
        var splitter = Splitter(command)
        try splitter.split()
        return splitter.words
    }

    /// Words as they would have to be written to be split into these again.
    static func shown(_ words: [String]) -> String {
        words.map { word in
            let isPlain = word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
                    true
                default: "-_./:=,+@%".utf8.contains(byte)
                }
            }
            return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
        }.joined(separator: " ")
    }
}

private struct Splitter {
    private(set) var words: [TargetText] = []
    private let bytes: [UInt8]
    private let isVariable: [Bool]
    private var position = 0
    private var word: [UInt8] = []
    private var variables: [Range<Int>] = []
    private var isInWord = false

    private static let operators = Set("|;&<>`$*?()".utf8)

    init(_ command: TargetText) {
        bytes = Array(command.text.utf8)
        var marks = [Bool](repeating: false, count: bytes.count)
        for range in command.variables {
            for index in range.clamped(to: 0..<bytes.count) { marks[index] = true }
        }
        isVariable = marks
    }

    mutating func split() throws(TargetError) {
        while position < bytes.count {
            let byte = bytes[position]
            if isVariable[position] {
                take()
            } else if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                end()
                position += 1
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                try takeQuoted(byte)
            } else if byte == UInt8(ascii: "\\") {
                position += 1
                guard position < bytes.count else { throw TargetError("ends in a backslash") }
                take()
            } else if Self.operators.contains(byte) {
                let sign = Character(Unicode.Scalar(byte))
                throw TargetError("there is no shell here that would make something of \(sign): quote it")
            } else {
                take()
            }
        }
        end()
    }

    private mutating func takeQuoted(_ quote: UInt8) throws(TargetError) {
        isInWord = true
        position += 1
        while position < bytes.count {
            if !isVariable[position] {
                if bytes[position] == quote {
                    position += 1
                    return
                }
                if quote == UInt8(ascii: "\""), bytes[position] == UInt8(ascii: "\\"),
                    position + 1 < bytes.count
                {
                    position += 1
                }
            }
            take()
        }
        throw TargetError("a quote is not closed")
    }

    private mutating func take() {
        isInWord = true
        if isVariable[position] {
            if let last = variables.last, last.upperBound == word.count {
                variables[variables.count - 1] = last.lowerBound..<(word.count + 1)
            } else {
                variables.append(word.count..<(word.count + 1))
            }
        }
        word.append(bytes[position])
        position += 1
    }

    private mutating func end() {
        guard isInWord else { return }
        words.append(TargetText(String(decoding: word, as: UTF8.self), variables: variables))
        (word, variables, isInWord) = ([], [], false)
    }
}
