/// The places of a program that are reached before one character of the text, the one with the highest
/// priority first, each with where its match began.
struct PatternWays {
    private let program: PatternProgram
    private var places: [Int] = []
    private var starts: [Int] = []
    /// At which byte of the text each place was reached last.
    private var reached: [Int]
    private var pending: [Int] = []

    init(_ program: PatternProgram) {
        self.program = program
        reached = [Int](repeating: -1, count: program.instructions.count)
    }

    var isEmpty: Bool { places.isEmpty }
    var count: Int { places.count }

    subscript(index: Int) -> (place: Int, start: Int) { (places[index], starts[index]) }

    mutating func removeAll() {
        places.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
    }

    /// Adds a place and all that can be reached from it without a character.
    mutating func add(
        _ place: Int, start: Int, at position: Int, in bytes: [UInt8], _ steps: inout Int
    ) throws(PatternOverrun) {
        pending.append(place)
        while let place = pending.popLast() {
            steps += 1
            guard steps <= Pattern.mostSteps else { throw PatternOverrun() }
            guard reached[place] != position else { continue }
            reached[place] = position
            switch program.instructions[place] {
            case .jump(let target): pending.append(target)
            case .split(let one, let other):
                pending.append(other)
                pending.append(one)
            case .assertion(let assertion):
                if Self.holds(assertion, at: position, in: bytes) { pending.append(place + 1) }
            case .byte, .characters, .match:
                places.append(place)
                starts.append(start)
            }
        }
    }

    private static func holds(_ assertion: PatternAssertion, at position: Int, in bytes: [UInt8]) -> Bool {
        let before = position > 0 ? bytes[position - 1] : nil
        let after = position < bytes.count ? bytes[position] : nil
        switch assertion {
        case .textStart: return before == nil
        case .textEnd: return after == nil
        case .lineStart: return before == nil || before == UInt8(ascii: "\n")
        case .lineEnd: return after == nil || after == UInt8(ascii: "\n")
        case .wordEdge: return isWord(before) != isWord(after)
        case .noWordEdge: return isWord(before) == isWord(after)
        }
    }

    private static func isWord(_ byte: UInt8?) -> Bool {
        byte.map { PatternClass.word.holds(UInt32($0)) } ?? false
    }
}
