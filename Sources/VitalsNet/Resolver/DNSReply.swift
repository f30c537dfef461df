import NIOCore

/// What a name server says to one question, read as far as it is well-formed.
struct DNSReply {
    let code: DNSCode
    /// More would have been said if there had been room for it.
    let isTruncated: Bool
    /// Whether every record that was promised is there.
    let isWhole: Bool
    let answers: [DNSRecord]
    let authorities: [DNSRecord]
    let additionals: [DNSRecord]
    private let reader: DNSReader

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
        code = header.code
        isTruncated = header.isTruncated
        answers = reader.records(header.answers)
        authorities = reader.records(header.authorities)
        additionals = reader.records(header.additionals)
        isWhole = !reader.isBroken
        self.reader = reader
    }

    /// The records that answer the question, aliases followed, and the seconds for which all that led to them
    /// may be kept; nothing if there are none.
    func found(for question: DNSQuestion) -> (records: [DNSRecord], ttl: UInt32)? {
        var owner = question.name
        var ttl = UInt32.max
        for _ in 0..<Self.maximumAliases {
            let found = answers.filter { $0.owner == owner && $0.kind == question.kind.rawValue }
            if !found.isEmpty { return (found, found.reduce(ttl) { min($0, $1.ttl) }) }
            guard
                let alias = answers.first(where: { $0.owner == owner && $0.kind == DNSKind.cname.rawValue }),
                let target = reader.target(of: alias)
            else { return nil }
            owner = target
            ttl = min(ttl, alias.ttl)
        }
        return nil
    }

    /// How long the absence may be believed (RFC 2308, 5); zero if the reply does not say.
    var negativeTTL: UInt32 {
        guard let start = authorities.first(where: { $0.kind == DNSKind.soa.rawValue }) else { return 0 }
        let minimum = bytes(of: start).suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return min(start.ttl, minimum)
    }

    func bytes(of record: DNSRecord) -> ArraySlice<UInt8> { reader.bytes(of: record) }

    /// The record as it stands in a zone file; nothing if it breaks the rules of its kind.
    func text(of record: DNSRecord) -> String? { reader.text(of: record) }

    private static let maximumAliases = 12
}

struct DNSHeader {
    let id: UInt16
    let isReply: Bool
    let isTruncated: Bool
    let code: DNSCode
    let questions: UInt16
    let answers: UInt16
    let authorities: UInt16
    let additionals: UInt16
}

/// A record of the class of the internet, its content still in the message that it came in.
struct DNSRecord: Equatable {
    static let internetClass: UInt16 = 1

    let owner: String
    let kind: UInt16
    /// In seconds.
    let ttl: UInt32
    let content: Range<Int>
}
