import NIOCore

/// What is asked of a name server.
struct DNSQuestion: Hashable {
    enum Kind: UInt16 {
        case ipv4 = 1
        case ipv6 = 28

        var addressBytes: Int { self == .ipv4 ? 4 : 16 }
    }

    /// Normal form (`HostName.normal`).
    let name: String
    let kind: Kind

    /// The question as a message (RFC 1035, 4.1), recursion desired.
    func encoded(id: UInt16) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeMultipleIntegers(id, UInt16(0x0100), UInt16(1), UInt16(0), UInt16(0), UInt16(0))
        for label in name.utf8.split(separator: UInt8(ascii: ".")) {
            buffer.writeInteger(UInt8(truncatingIfNeeded: label.count))
            buffer.writeBytes(label)
        }
        buffer.writeInteger(UInt8(0))
        buffer.writeMultipleIntegers(kind.rawValue, DNSRecord.internetClass)
        return buffer
    }
}

/// What a name server says to one question.
enum DNSAnswer: Equatable {
    /// With the seconds for which it may be kept.
    case addresses([SocketAddress], ttl: UInt32)
    /// The name exists but has no such address.
    case noAddress(ttl: UInt32)
    case noSuchName(ttl: UInt32)
    /// The server could not or would not: its response code.
    case failure(code: UInt8)

    /// Reads a reply, whoever may have sent it.
    ///
    /// - Returns: nothing if it is no well-formed reply to this very question; then it is to be passed over,
    ///   for a forged one must not spoil the run that the true one would have answered.
    init?(_ message: ByteBuffer, to question: DNSQuestion, id: UInt16) {
        var reader = DNSReader(Array(message.readableBytesView))
        guard let header = reader.header(), header.id == id, header.isReply, header.questions == 1,
            reader.name() == question.name, reader.integer16() == question.kind.rawValue,
            reader.integer16() == DNSRecord.internetClass
        else { return nil }
        let answers = reader.records(header.answers)
        switch header.code {
        case 0:
            self = Self.addresses(of: question, in: answers, header, &reader)
        case 3:
            self = .noSuchName(ttl: Self.negativeTTL(reader.records(header.authorities)))
        default:
            self = .failure(code: header.code)
        }
    }

    private static func addresses(
        of question: DNSQuestion, in records: [DNSRecord], _ header: DNSHeader, _ reader: inout DNSReader
    ) -> DNSAnswer {
        var owner = question.name
        var ttl = UInt32.max
        for _ in 0..<maximumAliases {
            let found = records.filter {
                $0.owner == owner && $0.kind == question.kind.rawValue
                    && $0.bytes.count == question.kind.addressBytes
            }
            let addresses = found.compactMap { IPAddressText.address($0.bytes) }
            if !addresses.isEmpty {
                return .addresses(addresses, ttl: found.reduce(ttl) { min($0, $1.ttl) })
            }
            guard let alias = records.first(where: { $0.owner == owner && $0.kind == DNSRecord.alias }),
                let target = alias.target
            else { break }
            owner = target
            ttl = min(ttl, alias.ttl)
        }
        // What did not fit into the reply may have been the addresses.
        if header.isTruncated { return .failure(code: 0) }
        return .noAddress(ttl: negativeTTL(reader.records(header.authorities)))
    }

    /// How long the absence may be believed (RFC 2308, 5); zero if the reply does not say.
    private static func negativeTTL(_ authorities: [DNSRecord]) -> UInt32 {
        guard let start = authorities.first(where: { $0.kind == DNSRecord.startOfAuthority }) else {
            return 0
        }
        let minimum = start.bytes.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return min(start.ttl, minimum)
    }

    private static let maximumAliases = 12
}

struct DNSHeader {
    let id: UInt16
    let isReply: Bool
    let isTruncated: Bool
    let code: UInt8
    let questions: UInt16
    let answers: UInt16
    let authorities: UInt16
}

struct DNSRecord {
    static let internetClass: UInt16 = 1
    static let alias: UInt16 = 5
    static let startOfAuthority: UInt16 = 6

    let owner: String
    let kind: UInt16
    let ttl: UInt32
    let bytes: [UInt8]
    /// The name that an alias stands for.
    let target: String?
}
