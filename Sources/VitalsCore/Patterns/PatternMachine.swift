/// Follows all ways of a program through a text at once (Thompson's simulation, with the priorities of Pike).
struct PatternMachine {
    private let program: PatternProgram
    private let isAnyMatchEnough: Bool
    private var current: PatternWays
    private var following: PatternWays
    private var steps = 0

    init(_ program: PatternProgram, isAnyMatchEnough: Bool) {
        self.program = program
        self.isAnyMatchEnough = isAnyMatchEnough
        current = PatternWays(program)
        following = PatternWays(program)
    }

    mutating func run(on bytes: [UInt8]) throws(PatternOverrun) -> Range<Int>? {
        var found: Range<Int>?
        var position = 0
        while position <= bytes.count {
            if current.isEmpty {
                guard found == nil else { return found }
                position = nextBeginning(in: bytes, from: position)
            }
            // A match that began earlier goes before one that begins here.
            if found == nil, canBegin(with: position < bytes.count ? bytes[position] : nil) {
                try current.add(0, start: position, at: position, in: bytes, &steps)
            }
            let (scalar, width) = Self.scalar(of: bytes, at: position)
            if let match = try step(scalar, from: position, to: position + width, in: bytes) {
                found = match
                if isAnyMatchEnough { return found }
            }
            swap(&current, &following)
            following.removeAll()
            position += width
        }
        return found
    }

    /// Skips what no match can begin with.
    private func nextBeginning(in bytes: [UInt8], from position: Int) -> Int {
        var next = position
        while next < bytes.count, !canBegin(with: bytes[next]) { next += 1 }
        return next
    }

    private func canBegin(with byte: UInt8?) -> Bool {
        guard let firstBytes = program.firstBytes else { return true }
        return byte.map { firstBytes[Int($0)] } ?? false
    }

    /// Takes every way over one character; there is none at the end.
    ///
    /// - Returns: a match that ends before it; ways that come after it are given up.
    private mutating func step(
        _ scalar: UInt32?, from position: Int, to next: Int, in bytes: [UInt8]
    ) throws(PatternOverrun) -> Range<Int>? {
        for index in 0..<current.count {
            let (place, start) = current[index]
            let passes: Bool
            switch program.instructions[place] {
            case .match: return start..<position
            case .byte(let byte): passes = scalar == UInt32(byte)
            case .characters(let set): passes = scalar.map(set.holds) ?? false
            case .assertion, .split, .jump: passes = false
            }
            if passes { try following.add(place + 1, start: start, at: next, in: bytes, &steps) }
        }
        return nil
    }

    /// The character here and its bytes; at the end there is none. What is no UTF-8 is U+FFFD of one byte.
    private static func scalar(of bytes: [UInt8], at position: Int) -> (UInt32?, Int) {
        guard position < bytes.count else { return (nil, 1) }
        let first = bytes[position]
        guard first >= 0x80 else { return (UInt32(first), 1) }
        let width =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard width > 1, position + width <= bytes.count else { return (0xFFFD, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for byte in bytes[position + 1..<position + width] {
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = width == 2 ? 0x80 : width == 3 ? 0x800 : 0x10000
        guard value >= least, Unicode.Scalar(value) != nil else { return (0xFFFD, 1) }
        return (value, width)
    }
}
