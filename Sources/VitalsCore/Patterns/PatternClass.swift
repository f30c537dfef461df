/// A set of characters: `[a-z]`, `\d`, `.`.
struct PatternClass: Sendable, Equatable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false
    /// Whether letters stand for their other case, too.
    var foldsCase = false

    static let word = PatternClass(ranges: [48...57, 65...90, 95...95, 97...122])
    static let digit = PatternClass(ranges: [48...57])
    static let blank = PatternClass(ranges: [9...10, 12...13, 32...32])
    /// By the letter after a backslash.
    static let named: [Character: PatternClass] = [
        "d": digit, "w": word, "s": blank, "D": digit.opposite, "W": word.opposite, "S": blank.opposite,
    ]
    /// By the name in `[[:name:]]`.
    static let posix: [String: PatternClass] = [
        "alnum": PatternClass(ranges: [48...57, 65...90, 97...122]),
        "alpha": PatternClass(ranges: [65...90, 97...122]), "ascii": PatternClass(ranges: [0...127]),
        "blank": PatternClass(ranges: [9...9, 32...32]), "cntrl": PatternClass(ranges: [0...31, 127...127]),
        "digit": digit, "graph": PatternClass(ranges: [33...126]), "lower": PatternClass(ranges: [97...122]),
        "print": PatternClass(ranges: [32...126]),
        "punct": PatternClass(ranges: [33...47, 58...64, 91...96, 123...126]),
        "space": PatternClass(ranges: [9...13, 32...32]), "upper": PatternClass(ranges: [65...90]),
        "word": word, "xdigit": PatternClass(ranges: [48...57, 65...70, 97...102]),
    ]

    static func one(_ scalar: Unicode.Scalar) -> PatternClass {
        PatternClass(ranges: [scalar.value...scalar.value])
    }

    /// Everything, or everything on one line.
    static func any(isAcrossLines: Bool) -> PatternClass {
        isAcrossLines ? PatternClass(isNegated: true) : PatternClass(ranges: [10...10], isNegated: true)
    }

    /// Everything else, without a flag of negation: so that it can stand among others.
    var opposite: PatternClass {
        var opposite = PatternClass()
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { opposite.ranges.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { opposite.ranges.append(next...0x10FFFF) }
        return opposite
    }

    func holds(_ scalar: UInt32) -> Bool {
        isAmongRanges(scalar) != isNegated
    }

    private func isAmongRanges(_ scalar: UInt32) -> Bool {
        if ranges.contains(where: { $0.contains(scalar) }) { return true }
        guard foldsCase else { return false }
        return Self.otherCases(of: scalar).contains { other in ranges.contains { $0.contains(other) } }
    }

    private static func otherCases(of scalar: UInt32) -> [UInt32] {
        switch scalar {
        case 65...90: return [scalar + 32]
        case 97...122: return [scalar - 32]
        case 0..<128: return []
        default: break
        }
        guard let properties = Unicode.Scalar(scalar)?.properties else { return [] }
        return [properties.lowercaseMapping, properties.uppercaseMapping].compactMap { mapping in
            mapping.unicodeScalars.count == 1 ? mapping.unicodeScalars.first?.value : nil
        }
    }
}
