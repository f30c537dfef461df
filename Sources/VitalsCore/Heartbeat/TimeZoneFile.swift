/// The rules of a place as the time zone database has them in its files (TZif, RFC 8536, version 2 or later).
package struct TimeZoneFile: Sendable, Equatable {
    /// Instants in seconds since the Unix epoch, ascending, and the offsets that hold from each of them on.
    private let changes: [Int64]
    private let offsets: [Int64]
    /// Before the first of them.
    private let first: Int64
    /// After the last of them.
    private let last: PosixTimeZone?

    package static let mostBytes = 1 << 18
    /// No place on Earth is further from UTC.
    private static let offsets: ClosedRange<Int64> = -89_999...93_599

    /// - Throws: what is wrong with it.
    package init(parsing bytes: [UInt8]) throws(TimeZoneError) {
        guard bytes.count <= Self.mostBytes else { throw TimeZoneError("it is too large") }
        var reader = TimeZoneReader(bytes)
        let old = try TimeZoneCounts(&reader)
        guard old.version >= 2 else { throw TimeZoneError("its version is too old") }
        // What those read who know no instants of 64 bits.
        try reader.skip(old.bytes(perInstant: 4))
        let counts = try TimeZoneCounts(&reader)
        guard counts.types > 0 else { throw TimeZoneError("it has no offset") }
        // As those under `right/` do: their seconds are not those of anybody else here.
        guard counts.leaps == 0 else { throw TimeZoneError("it counts leap seconds") }
        changes = try reader.numbers(counts.changes, bytes: 8)
        let kinds = try reader.take(counts.changes)
        var types: [Int64] = []
        for _ in 0..<counts.types {
            guard let offset = try reader.numbers(1, bytes: 4).first, Self.offsets.contains(offset) else {
                throw TimeZoneError("an offset is none")
            }
            types.append(offset)
            try reader.skip(2)
        }
        guard zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 }),
            changes.allSatisfy({ $0.magnitude < 1 << 60 })
        else { throw TimeZoneError("its instants do not follow each other") }
        guard kinds.allSatisfy({ Int($0) < types.count }) else { throw TimeZoneError("an offset is missing") }
        offsets = kinds.map { types[Int($0)] }
        first = types[0]
        try reader.skip(counts.restBytes)
        let rule = try reader.footer()
        last = rule.isEmpty ? nil : try PosixTimeZone(rule)
    }

    /// Seconds east of UTC at an instant, in seconds since the Unix epoch.
    package func offset(at instant: Int64) -> Int64 {
        guard let newest = changes.last, instant < newest else {
            return last?.offset(at: instant) ?? offsets.last ?? first
        }
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }
}

extension TimeZoneRules {
    /// - Parameter name: as in the database.
    package init(_ name: String, _ file: TimeZoneFile) {
        self.init(name) { file.offset(at: $0) }
    }
}

/// Why a time zone cannot be had.
package struct TimeZoneError: Error, Equatable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}

/// How much there is of everything.
private struct TimeZoneCounts {
    let version: Int
    let utc: Int
    let standard: Int
    let leaps: Int
    let changes: Int
    let types: Int
    let letters: Int

    private static let most = 1 << 16

    init(_ reader: inout TimeZoneReader) throws(TimeZoneError) {
        guard try reader.take(4).elementsEqual("TZif".utf8) else {
            throw TimeZoneError("it does not begin as one")
        }
        let digit = Int(try reader.take(1).first ?? 0)
        version = digit == 0 ? 1 : digit - 0x30
        try reader.skip(15)
        let counts = try reader.numbers(6, bytes: 4)
        guard counts.allSatisfy({ (0...Int64(Self.most)).contains($0) }) else {
            throw TimeZoneError("it has more than there can be")
        }
        utc = Int(counts[0])
        standard = Int(counts[1])
        leaps = Int(counts[2])
        changes = Int(counts[3])
        types = Int(counts[4])
        letters = Int(counts[5])
    }

    func bytes(perInstant size: Int) -> Int {
        changes * (size + 1) + types * 6 + letters + leaps * (size + 4) + standard + utc
    }

    /// Of version 2 or later, after the offsets.
    var restBytes: Int { letters + leaps * 12 + standard + utc }
}

private struct TimeZoneReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func take(_ count: Int) throws(TimeZoneError) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw TimeZoneError("it is cut off") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) throws(TimeZoneError) { _ = try take(count) }

    /// With a sign, the highest byte first.
    mutating func numbers(_ count: Int, bytes size: Int) throws(TimeZoneError) -> [Int64] {
        let bytes = try take(count * size)
        return (0..<count).map { index in
            let start = bytes.startIndex + index * size
            let number = bytes[start..<start + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let unused = UInt64(64 - size * 8)
            return Int64(bitPattern: number << unused) >> Int64(unused)
        }
    }

    /// A line by itself.
    mutating func footer() throws(TimeZoneError) -> String {
        guard try take(1).first == 0x0A, let end = rest.firstIndex(of: 0x0A) else {
            throw TimeZoneError("it is cut off")
        }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
