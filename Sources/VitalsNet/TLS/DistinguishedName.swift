import SwiftASN1

/// Whom a certificate names, written after RFC 4514 but in the order of the certificate's own tools: the
/// most specific part first.
struct DistinguishedName {
    /// `CN=db1.example.com,O=Example`; empty when nobody is named, or it cannot be read.
    let text: String
    let commonName: String?

    /// One that is empty.
    init() {
        text = ""
        commonName = nil
    }

    /// Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value } (RFC 5280, 4.1.2.4).
    init(_ name: ASN1Node) throws {
        let attributes = try name.children.flatMap { try $0.children.compactMap(Self.attribute) }
        text = attributes.reversed().map { "\($0.type)=\(Self.escaped($0.value))" }.joined(separator: ",")
        commonName = attributes.last { $0.type == "CN" }?.value
    }

    private typealias Attribute = (type: String, value: String)

    private static func attribute(_ node: ASN1Node) throws -> Attribute? {
        let parts = node.children
        guard parts.count == 2, let bytes = parts[1].bytes else { return nil }
        let type = try ASN1ObjectIdentifier(derEncoded: parts[0]).description
        return (names[type] ?? type, text(bytes, of: parts[1].identifier))
    }

    private static func text(_ bytes: ArraySlice<UInt8>, of identifier: ASN1Identifier) -> String {
        guard identifier == .bmpString else { return String(decoding: bytes, as: UTF8.self) }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
            UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value {
            if ",+\"\\<>;=".contains(character) { result.append("\\") }
            result.append(character.isNewline || character == "\0" ? " " : character)
        }
        return result
    }

    private static let names = [
        "2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L",
        "2.5.4.8": "ST",
        "2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title",
        "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
        "1.2.840.113549.1.9.1": "emailAddress",
    ]
}
