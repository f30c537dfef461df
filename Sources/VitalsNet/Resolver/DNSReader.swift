/// Reads the parts of a DNS message (RFC 1035, 4.1) from bytes that may be anything. Never goes back for
/// more than a name's compression, and never twice to the same place.
struct DNSReader {
    private let bytes: [UInt8]
    private var index = 0
    /// Where reading ends.
    private var limit: Int
    /// Whether a record that was promised was not there.
    private(set) var isBroken = false

    /// More records of one section than any sensible reply has.
    private static let maximumRecords = 1_000
    private static let maximumName = 255
    /// More jumps than a name of 127 labels takes.
    private static let maximumJumps = 128

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        limit = bytes.count
    }

    mutating func header() -> DNSHeader? {
        guard let id = integer16(), let flags = integer16(), let questions = integer16(),
            let answers = integer16(), let authorities = integer16(), let additionals = integer16()
        else { return nil }
        return DNSHeader(
            id: id, isReply: flags & 0xF800 == 0x8000, isTruncated: flags & 0x0200 != 0,
            code: DNSCode(rawValue: UInt8(flags & 15)), questions: questions, answers: answers,
            authorities: authorities, additionals: additionals)
    }

    mutating func integer16() -> UInt16? {
        guard index + 2 <= limit else { return nil }
        defer { index += 2 }
        return UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }

    mutating func integer32() -> UInt32? {
        guard let high = integer16(), let low = integer16() else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }

    /// Bytes with their count before them, which is one byte.
    mutating func string() -> ArraySlice<UInt8>? {
        guard index < limit, index + 1 + Int(bytes[index]) <= limit else { return nil }
        let range = index + 1..<index + 1 + Int(bytes[index])
        index = range.upperBound
        return bytes[range]
    }

    /// Up to `count` records, of the class of the internet; fewer where the message ends or breaks.
    mutating func records(_ count: UInt16) -> [DNSRecord] {
        var records: [DNSRecord] = []
        for _ in 0..<min(Int(count), Self.maximumRecords) {
            guard let owner = name(), let kind = integer16(), let group = integer16(), let ttl = integer32(),
                let length = integer16(), index + Int(length) <= limit
            else {
                index = limit
                isBroken = true
                break
            }
            let content = index..<index + Int(length)
            index = content.upperBound
            guard group == DNSRecord.internetClass else { continue }
            // A TTL with the highest bit set counts as zero (RFC 2181, 8).
            records.append(
                DNSRecord(
                    owner: owner, kind: kind, ttl: ttl > UInt32(Int32.max) ? 0 : ttl, content: content))
        }
        return records
    }

    func bytes(of record: DNSRecord) -> ArraySlice<UInt8> { bytes[record.content] }

    /// A reader of a record's content, which it does not read beyond; the names in it may still point back.
    func content(of record: DNSRecord) -> DNSReader {
        var reader = self
        reader.index = record.content.lowerBound
        reader.limit = record.content.upperBound
        return reader
    }

    /// The name that an alias stands for.
    func target(of alias: DNSRecord) -> String? {
        var reader = content(of: alias)
        return reader.name()
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { index == limit }

    /// What has not been read.
    mutating func rest() -> ArraySlice<UInt8> {
        defer { index = limit }
        return bytes[index..<limit]
    }

    /// A name in lower case, with a `\` before what is no letter of a host's name, so that no two names are
    /// one text; the root is the empty text.
    mutating func name() -> String? {
        var labels: [UInt8] = []
        var size = 0
        var position = index
        var end: Int?
        var jumps = 0
        while position < limit {
            let length = Int(bytes[position])
            switch length {
            case 0:
                index = end ?? position + 1
                return String(decoding: labels, as: UTF8.self)
            case 1..<64:
                let label = position + 1..<position + 1 + length
                guard label.upperBound <= limit, size + length + 1 < Self.maximumName else {
                    return nil
                }
                size += length + 1
                if !labels.isEmpty { labels.append(UInt8(ascii: ".")) }
                for byte in bytes[label] { DNSText.append(byte, toName: &labels) }
                position = label.upperBound
            case 192...:
                guard position + 1 < limit else { return nil }
                let target = (length & 63) << 8 | Int(bytes[position + 1])
                end = end ?? position + 2
                jumps += 1
                // Strictly backwards: no loop can be written.
                guard target < position, jumps <= Self.maximumJumps else { return nil }
                position = target
            default:
                return nil
            }
        }
        return nil
    }
}
