/// The kinds of record that are asked for (RFC 1035, 3.2.2; RFC 2782, 3596 and 8659).
enum DNSKind: UInt16, Sendable, CaseIterable {
    case a = 1
    case ns = 2
    case cname = 5
    case soa = 6
    case ptr = 12
    case mx = 15
    case txt = 16
    case aaaa = 28
    case srv = 33
    case caa = 257

    /// As people write it: `AAAA`.
    var text: String { "\(self)".uppercased() }

    init?(text: String) {
        guard let kind = Self.allCases.first(where: { $0.text == text.uppercased() }) else { return nil }
        self = kind
    }
}

/// How a name server ended its work on a question (RFC 1035, 4.1.1; RFC 2136, 2.2).
struct DNSCode: RawRepresentable, Sendable, Hashable {
    let rawValue: UInt8

    static let noError = DNSCode(rawValue: 0)
    static let serverFailure = DNSCode(rawValue: 2)
    static let noSuchName = DNSCode(rawValue: 3)

    /// As people write it: `NXDOMAIN`, `CODE12` for one without a name.
    var text: String {
        Int(rawValue) < Self.texts.count ? Self.texts[Int(rawValue)] : "CODE\(rawValue)"
    }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init?(text: String) {
        guard let index = Self.texts.firstIndex(of: text.uppercased()) else { return nil }
        rawValue = UInt8(index)
    }

    static let texts = [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
        "NOTAUTH", "NOTZONE",
    ]
}
