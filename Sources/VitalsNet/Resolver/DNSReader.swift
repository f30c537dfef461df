/// Reads the parts of a DNS message (RFC 1035, 4.1) from bytes that may be anything. Never goes back for
/// more than a name's compression, and never twice to the same place.
struct DNSReader {
    private let bytes: [UInt8]
    private var index = 0

    /// More records than any sensible reply has.
    private static let maximumRecords = 100
    private static let maximumName = 255

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func header() -> DNSHeader? {
        guard let id = integer16(), let flags = integer16(), let questions = integer16(),
            let answers = integer16(),
            let authorities = integer16(), integer16() != nil
        else { return nil }
        return DNSHeader(
            id: id, isReply: flags & 0xF800 == 0x8000, isTruncated: flags & 0x0200 != 0,
            code: UInt8(flags & 15),
            questions: questions, answers: answers, authorities: authorities)
    }

    mutating func integer16() -> UInt16? {
        guard index + 2 <= bytes.count else { return nil }
        defer { index += 2 }
        return UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }

    /// Up to `count` records, of the class of the internet; fewer where the message ends or breaks.
    mutating func records(_ count: UInt16) -> [DNSRecord] {
        var records: [DNSRecord] = []
        for _ in 0..<min(Int(count), Self.maximumRecords) {
            guard let owner = name(), let kind = integer16(), let group = integer16(), let high = integer16(),
                let low = integer16(), let length = integer16(), index + Int(length) <= bytes.count
            else {
                index = bytes.count
                break
            }
            let content = index..<index + Int(length)
            var inner = self
            let target = kind == DNSRecord.alias ? inner.name() : nil
            index = content.upperBound
            guard group == DNSRecord.internetClass else { continue }
            // A TTL with the highest bit set counts as zero (RFC 2181, 8).
            let ttl = UInt32(high) << 16 | UInt32(low)
            records.append(
                DNSRecord(
                    owner: owner, kind: kind, ttl: ttl > UInt32(Int32.max) ? 0 : ttl,
                    bytes: Array(bytes[content]),
                    target: target))
        }
        return records
    }

    /// A name in normal form; the root is the empty text.
    mutating func name() -> String? {
        var labels: [UInt8] = []
        var position = index
        var end: Int?
        while position < bytes.count {
            let length = Int(bytes[position])
            switch length {
            case 0:
                index = end ?? position + 1
                return HostName.normal(String(decoding: labels, as: UTF8.self))
            case 1..<64:
                let label = position + 1..<position + 1 + length
                guard label.upperBound <= bytes.count, labels.count + length < Self.maximumName else {
                    return nil
                }
                if !labels.isEmpty { labels.append(UInt8(ascii: ".")) }
                labels += bytes[label]
                position = label.upperBound
            case 192...:
                guard position + 1 < bytes.count else { return nil }
                let target = (length & 63) << 8 | Int(bytes[position + 1])
                end = end ?? position + 2
                // Strictly backwards: no loop can be written.
                guard target < position else { return nil }
                position = target
            default:
                return nil
            }
        }
        return nil
    }
}
