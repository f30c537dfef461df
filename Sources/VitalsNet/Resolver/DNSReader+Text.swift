extension DNSReader {
    /// A record as it stands in a zone file, names without their closing dot; nothing if it breaks the rules
    /// of its kind, or is of a kind that is not asked for.
    func text(of record: DNSRecord) -> String? {
        guard let kind = DNSKind(rawValue: record.kind) else { return nil }
        var reader = content(of: record)
        guard let text = reader.text(of: kind), reader.isAtEnd else { return nil }
        return text
    }

    private mutating func text(of kind: DNSKind) -> String? {
        switch kind {
        case .a, .aaaa:
            let bytes = Array(rest())
            return bytes.count == (kind == .a ? 4 : 16) ? IPAddressText.text(bytes) : nil
        case .ns, .cname, .ptr: return shownName()
        case .mx: return fields([integer16().map(String.init), shownName()])
        case .srv:
            let numbers = (0..<3).map { _ in integer16().map(String.init) }
            return fields(numbers + [shownName()])
        case .soa:
            let names = [shownName(), shownName()]
            let numbers = (0..<5).map { _ in integer32().map { String($0) } }
            return fields(names + numbers)
        case .txt: return joinedStrings()
        case .caa: return authorization()
        }
    }

    /// A name, a dot for the root.
    private mutating func shownName() -> String? {
        name().map { $0.isEmpty ? "." : $0 }
    }

    private func fields(_ fields: [String?]) -> String? {
        let there = fields.compactMap(\.self)
        return there.count == fields.count ? there.joined(separator: " ") : nil
    }

    /// The pieces of a text, which had to be parted only for their length.
    private mutating func joinedStrings() -> String? {
        var joined: [UInt8] = []
        while !isAtEnd {
            guard let piece = string() else { return nil }
            joined += piece
        }
        return DNSText.text(joined)
    }

    /// `0 issue "letsencrypt.org"` (RFC 8659, 4.1).
    private mutating func authorization() -> String? {
        let bytes = Array(rest())
        guard bytes.count >= 2, bytes.count >= 2 + Int(bytes[1]) else { return nil }
        let tag = DNSText.text(bytes[2..<2 + Int(bytes[1])]).lowercased()
        return "\(bytes[0]) \(tag) \"\(DNSText.text(bytes[(2 + Int(bytes[1]))...]))\""
    }
}
