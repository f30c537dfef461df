import NIOCore
import VitalsCore

extension TDSColumn {
    /// A value as people write it, with a point and without blanks in numbers, in ISO 8601 of times.
    func text(of bytes: ByteBuffer) throws(TDSWireError) -> String {
        var bytes = bytes
        do {
            switch type {
            case 0x26, 0x30, 0x34, 0x38, 0x7F: return try integer(&bytes)
            case 0x32, 0x68: return try bytes.take(UInt8.self) == 0 ? "0" : "1"
            case 0x3B, 0x3E, 0x6D: return try float(&bytes)
            case 0x3C, 0x6E, 0x7A: return try money(&bytes)
            case 0x37, 0x3F, 0x6A, 0x6C: return try decimal(&bytes)
            case 0x24: return try identifier(&bytes)
            case 0x28: return try day(&bytes)
            case 0x29: return try time(&bytes).text
            case 0x2A: return try moment(&bytes)
            case 0x2B: return try momentWithOffset(&bytes)
            case 0x3A, 0x3D, 0x6F: return try formerMoment(&bytes)
            case 0x63, 0xE7, 0xEF, 0xF1: return bytes.utf16Text
            case 0x23, 0x27, 0x2F, 0xA7, 0xAF: return Self.narrowText(bytes)
            default: return "0x" + bytes.readableBytesView.map(Self.hexadecimal).joined()
            }
        } catch {
            // All of a value is there: what it lacks, it will not get.
            throw error == .short ? .malformed("a value that is too short") : error
        }
    }

    /// Of a collation that is not looked at: as UTF-8 where it is that, as all of ASCII is, else as Latin 1.
    private static func narrowText(_ bytes: ByteBuffer) -> String {
        String(validating: bytes.readableBytesView, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.readableBytesView.map { Unicode.Scalar($0) }))
    }

    // MARK: Numbers

    private func integer(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        switch bytes.readableBytes {
        // TINYINT has no sign.
        case 1: "\(try bytes.take(UInt8.self))"
        case 2: "\(try bytes.take(Int16.self))"
        case 4: "\(try bytes.take(Int32.self))"
        case 8: "\(try bytes.take(Int64.self))"
        default: throw .malformed("an integer of \(bytes.readableBytes) bytes")
        }
    }

    private func float(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        switch bytes.readableBytes {
        case 4: "\(Float(bitPattern: try bytes.take(UInt32.self)))"
        case 8: "\(Double(bitPattern: try bytes.take(UInt64.self)))"
        default: throw .malformed("a float of \(bytes.readableBytes) bytes")
        }
    }

    /// The high half first, each with its lowest byte first.
    private func money(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        let units: Int64
        switch bytes.readableBytes {
        case 4: units = Int64(try bytes.take(Int32.self))
        case 8:
            let high = try bytes.take(Int32.self)
            units = Int64(high) << 32 | Int64(try bytes.take(UInt32.self))
        default: throw .malformed("an amount of \(bytes.readableBytes) bytes")
        }
        return (units < 0 ? "-" : "") + Self.placed("\(units.magnitude)", 4)
    }

    private func decimal(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        let isPositive = try bytes.take(UInt8.self) != 0
        guard bytes.readableBytes <= 16 else { throw .malformed("a decimal of too many digits") }
        let number = bytes.readableBytesView.reversed().reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        return (isPositive || number == 0 ? "" : "-") + Self.placed("\(number)", scale)
    }

    /// Digits with a point before the last so many of them.
    private static func placed(_ digits: String, _ places: Int) -> String {
        guard places > 0 else { return digits }
        let whole = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return "\(whole.dropLast(places)).\(whole.suffix(places))"
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    /// The first three parts have their lowest byte first.
    private func identifier(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        guard let all = bytes.readBytes(length: 16) else { throw .short }
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
        let texts = order.map { Self.hexadecimal(all[$0]) }
        return [texts[..<4], texts[4..<6], texts[6..<8], texts[8..<10], texts[10...]]
            .map { $0.joined() }.joined(separator: "-")
    }

    // MARK: Times

    /// Days since the year 1.
    private static let epoch: Int64 = 719_162
    /// Days from 1900 to 1970.
    private static let formerEpoch: Int64 = 25_567

    private func day(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        Self.text(ofDay: try days(&bytes) - Self.epoch)
    }

    private func days(_ bytes: inout ByteBuffer) throws(TDSWireError) -> Int64 {
        let low = try bytes.take(UInt16.self)
        return Int64(low) | Int64(try bytes.take(UInt8.self)) << 16
    }

    private static func text(ofDay number: Int64) -> String {
        let day = CivilDay(number)
        return "\(padded(Int(day.year), 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
    }

    /// Behind it stands what the day takes, if there is one.
    private func time(
        _ bytes: inout ByteBuffer, before rest: Int = 0
    ) throws(TDSWireError) -> (text: String, seconds: Int64, fraction: String) {
        let length = bytes.readableBytes - rest
        guard (3...5).contains(length), scale <= 7, let part = bytes.readBytes(length: length) else {
            throw .malformed("a time of \(length) bytes")
        }
        let units = part.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        let unitsPerSecond = (0..<scale).reduce(Int64(1)) { product, _ in product * 10 }
        let (seconds, left) = units.quotientAndRemainder(dividingBy: unitsPerSecond)
        let fraction = scale == 0 ? "" : "." + Self.padded(Int(left), scale)
        return (Self.text(ofTime: seconds) + fraction, seconds, fraction)
    }

    private func moment(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        let time = try time(&bytes, before: 3).text
        return "\(try day(&bytes)) \(time)"
    }

    /// It lies there in universal time, and is meant in that of its place.
    private func momentWithOffset(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        let time = try time(&bytes, before: 5)
        let days = try days(&bytes)
        let offset = Int64(try bytes.take(Int16.self))
        let seconds = days * 86_400 + time.seconds + offset * 60
        let sign = offset < 0 ? "-" : "+"
        let (hours, minutes) = Int(offset.magnitude).quotientAndRemainder(dividingBy: 60)
        return Self.text(ofDay: Self.floor(seconds, 86_400) - Self.epoch) + " "
            + Self.text(ofTime: seconds - Self.floor(seconds, 86_400) * 86_400) + time.fraction
            + " \(sign)\(Self.padded(hours, 2)):\(Self.padded(minutes, 2))"
    }

    /// DATETIME has three hundredths of a second, SMALLDATETIME minutes.
    private func formerMoment(_ bytes: inout ByteBuffer) throws(TDSWireError) -> String {
        guard bytes.readableBytes == 8 else {
            let day = Int64(try bytes.take(UInt16.self)) - Self.formerEpoch
            let minutes = Int64(try bytes.take(UInt16.self))
            return "\(Self.text(ofDay: day)) \(Self.text(ofTime: minutes * 60))"
        }
        let day = Int64(try bytes.take(Int32.self)) - Self.formerEpoch
        let ticks = Int64(try bytes.take(UInt32.self))
        let milliseconds = (ticks % 300 * 1_000 + 150) / 300
        return "\(Self.text(ofDay: day)) \(Self.text(ofTime: ticks / 300))"
            + ".\(Self.padded(Int(milliseconds), 3))"
    }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private static func text(ofTime seconds: Int64) -> String {
        [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded(Int($0), 2) }.joined(separator: ":")
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
