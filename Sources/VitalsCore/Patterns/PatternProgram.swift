/// A regular expression as instructions, each with the places where it goes on.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        case byte(UInt8)
        case characters(PatternClass)
        case assertion(PatternAssertion)
        /// Both, the first with priority.
        case split(Int, Int)
        case jump(Int)
        case match
    }

    private(set) var instructions: [Instruction] = []
    /// Whether a match may hang on what follows it.
    private(set) var looksAhead = false
    /// Bytes with which a match can begin; nothing if any can, or none is needed.
    private(set) var firstBytes: [Bool]?
    /// Of the parts gone through to make it; each is counted as often as it is repeated.
    private var parts = 0

    static let mostInstructions = 5_000
    private static let mostParts = 20_000

    init(_ node: PatternNode) throws(PatternError) {
        try emit(node)
        try append(.match)
        firstBytes = beginnings()
    }

    private mutating func append(_ instruction: Instruction) throws(PatternError) {
        guard instructions.count < Self.mostInstructions else { throw tooLarge }
        instructions.append(instruction)
    }

    private var tooLarge: PatternError {
        PatternError(column: 1, message: "too large a pattern; repeat less")
    }

    private mutating func emit(_ node: PatternNode) throws(PatternError) {
        parts += 1
        guard parts <= Self.mostParts else { throw tooLarge }
        switch node {
        case .characters(let set): try emit(set)
        case .assertion(let assertion):
            if ![.textStart, .lineStart].contains(assertion) { looksAhead = true }
            try append(.assertion(assertion))
        case .sequence(let nodes):
            for node in nodes { try emit(node) }
        case .choice(let nodes): try emit(choice: nodes)
        case .repeated(let node, let least, let most, let isLazy):
            for _ in 0..<least { try emit(node) }
            guard let most else { return try emit(loop: node, isLazy: isLazy) }
            try emit(node, optionally: most - least, isLazy: isLazy)
        }
    }

    private mutating func emit(_ set: PatternClass) throws(PatternError) {
        let range = set.ranges.first
        guard !set.isNegated, set.ranges.count == 1, let range, range.count == 1, range.lowerBound < 128,
            !set.foldsCase
        else { return try append(.characters(set)) }
        try append(.byte(UInt8(range.lowerBound)))
    }

    private mutating func emit(choice nodes: [PatternNode]) throws(PatternError) {
        var ends: [Int] = []
        for (index, node) in nodes.enumerated() {
            let split = instructions.count
            if index < nodes.count - 1 { try append(.split(split + 1, 0)) }
            try emit(node)
            guard index < nodes.count - 1 else { break }
            ends.append(instructions.count)
            try append(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func emit(loop node: PatternNode, isLazy: Bool) throws(PatternError) {
        let split = instructions.count
        try append(.split(0, 0))
        try emit(node)
        try append(.jump(split))
        instructions[split] = Self.split(into: split + 1, past: instructions.count, isLazy: isLazy)
    }

    private mutating func emit(
        _ node: PatternNode, optionally count: Int, isLazy: Bool
    ) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            try append(.split(0, 0))
            try emit(node)
        }
        for split in splits {
            instructions[split] = Self.split(into: split + 1, past: instructions.count, isLazy: isLazy)
        }
    }

    private static func split(into: Int, past: Int, isLazy: Bool) -> Instruction {
        isLazy ? .split(past, into) : .split(into, past)
    }

    /// Follows every way to the first character that it needs.
    private func beginnings() -> [Bool]? {
        var bytes = [Bool](repeating: false, count: 256)
        var isSeen = [Bool](repeating: false, count: instructions.count)
        var left = [0]
        while let place = left.popLast() {
            guard !isSeen[place] else { continue }
            isSeen[place] = true
            switch instructions[place] {
            case .byte(let byte): bytes[Int(byte)] = true
            case .characters(let set):
                for byte in 0..<128 where set.holds(UInt32(byte)) { bytes[byte] = true }
                for byte in 128..<256 { bytes[byte] = true }
            case .split(let one, let other): left += [one, other]
            case .jump(let target): left.append(target)
            // What needs no character, and what looks at those around it, may be anywhere.
            case .assertion, .match: return nil
            }
        }
        return bytes
    }
}
