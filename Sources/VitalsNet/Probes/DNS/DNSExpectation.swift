import VitalsEngine

/// What a name server is to answer.
struct DNSExpectation: Sendable, Equatable {
    /// How the records that are expected and those that came have to agree, whatever their order.
    enum Match: String, Sendable, CaseIterable {
        /// Each that is expected is there; there may be others.
        case all
        /// At least one of them is there.
        case any
        /// Each is there, and no other.
        case exact
    }

    var code = DNSCode.noError
    /// As a reply's records are written; none: any will do.
    private(set) var records: [String] = []
    var match = Match.all

    init() {}

    /// - Parameter records: as in a zone file; names with or without the dot at their end, texts with or
    ///   without quotation marks.
    init(
        _ records: [String], of kind: DNSKind, match: Match = .all, code: DNSCode = .noError
    ) throws(TargetError) {
        self.match = match
        self.code = code
        for record in records {
            self.records.append(try Self.normal(record, kind))
        }
    }

    /// Whether these records are what was expected.
    func agrees(with found: [String]) -> Bool {
        guard !records.isEmpty else { return true }
        let (wanted, found) = (Set(records), Set(found))
        return switch match {
        case .all: wanted.isSubset(of: found)
        case .any: !wanted.isDisjoint(with: found)
        case .exact: wanted == found
        }
    }

    /// A record in the form in which those of replies are written.
    static func normal(_ text: String, _ kind: DNSKind) throws(TargetError) -> String {
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        let normal: String? =
            switch kind {
            case .a, .aaaa: IPAddressText.normal(text).flatMap { isAddress($0, kind) ? $0 : nil }
            case .ns, .cname, .ptr: fields.count == 1 ? name(fields[0]) : nil
            case .mx: Self.fields(fields, names: [1], of: 2)
            case .srv: Self.fields(fields, names: [3], of: 4)
            case .soa: Self.fields(fields, names: [0, 1], of: 7)
            case .txt: unquoted(text)
            case .caa: authorization(text)
            }
        guard let normal else {
            throw TargetError(
                "“\(Printable.text(text))” is no \(kind.text) record: expected \(example(kind))")
        }
        return normal
    }

    private static func isAddress(_ text: String, _ kind: DNSKind) -> Bool {
        text.utf8.contains(UInt8(ascii: ":")) == (kind == .aaaa)
    }

    private static func name(_ text: String) -> String? {
        guard text != "." else { return "." }
        return try? DNSName.parse(text, for: .a)
    }

    /// Numbers, but for the names at these places.
    private static func fields(_ fields: [String], names: Set<Int>, of count: Int) -> String? {
        guard fields.count == count else { return nil }
        let normal = fields.enumerated().compactMap { index, field in
            names.contains(index) ? name(field) : UInt32(field).map { String($0) }
        }
        return normal.count == count ? normal.joined(separator: " ") : nil
    }

    private static func unquoted(_ text: String) -> String {
        guard text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return text }
        return String(text.dropFirst().dropLast())
    }

    private static func authorization(_ text: String) -> String? {
        let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard parts.count == 3, let flags = UInt8(parts[0]) else { return nil }
        return "\(flags) \(parts[1].lowercased()) \"\(unquoted(String(parts[2])))\""
    }

    private static func example(_ kind: DNSKind) -> String {
        switch kind {
        case .a: "192.0.2.1"
        case .aaaa: "2001:db8::1"
        case .ns, .cname, .ptr: "db1.example.com"
        case .mx: "10 mail.example.com"
        case .srv: "10 60 5060 sip.example.com"
        case .soa: "ns1.example.com hostmaster.example.com 2024010101 7200 3600 1209600 60"
        case .txt: "any text"
        case .caa: "0 issue \"letsencrypt.org\""
        }
    }
}
