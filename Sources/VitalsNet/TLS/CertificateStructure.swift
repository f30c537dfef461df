import SwiftASN1

/// What stands in a certificate's own bytes beside its names and dates (RFC 5280, 4.1). What cannot be read
/// is left out.
struct CertificateStructure {
    private(set) var subject = DistinguishedName()
    private(set) var issuer = DistinguishedName()
    /// `RSA 2048`, `EC P-256`, `Ed25519`; nothing for a kind that has no name here.
    private(set) var key: String?
    /// The hash that its signature was made over; nothing where the kind of signature has none of its own.
    private(set) var signatureHash: Hash?

    enum Hash: Equatable {
        case md5, sha1, sha256, sha384, sha512
    }

    /// - Parameter der: the whole certificate.
    init(der: [UInt8]) {
        guard let certificate = try? DER.parse(der).children, let body = certificate.first else { return }
        var fields = body.children[...]
        if fields.first?.identifier.tagClass == .contextSpecific { fields = fields.dropFirst() }
        let parts = Array(fields.prefix(6))
        guard parts.count == 6 else { return }
        issuer = (try? DistinguishedName(parts[2])) ?? issuer
        subject = (try? DistinguishedName(parts[4])) ?? subject
        key = try? Self.key(parts[5])
        signatureHash = try? Self.signatureHash(certificate.dropFirst().first)
    }

    /// SubjectPublicKeyInfo ::= SEQUENCE { algorithm SEQUENCE { OID, parameters }, BIT STRING }
    private static func key(_ node: ASN1Node) throws -> String? {
        let parts = node.children
        guard parts.count == 2, let algorithm = parts[0].children.first else { return nil }
        switch try ASN1ObjectIdentifier(derEncoded: algorithm).description {
        case "1.2.840.113549.1.1.1": return try "RSA \(modulusBits(parts[1]))"
        case "1.2.840.10045.2.1":
            guard let curve = parts[0].children.dropFirst().first else { return nil }
            let name = try ASN1ObjectIdentifier(derEncoded: curve).description
            return curves[name].map { "EC \($0)" }
        case "1.3.101.112": return "Ed25519"
        default: return nil
        }
    }

    /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } within the bit string.
    private static func modulusBits(_ node: ASN1Node) throws -> Int {
        let bits = try ASN1BitString(derEncoded: node)
        guard let modulus = try DER.parse(Array(bits.bytes)).children.first?.bytes else { return 0 }
        let significant = modulus.drop { $0 == 0 }
        return significant.count * 8 - (significant.first?.leadingZeroBitCount ?? 0)
    }

    private static func signatureHash(_ node: ASN1Node?) throws -> Hash? {
        guard let parts = node?.children, let first = parts.first else { return nil }
        let algorithm = try ASN1ObjectIdentifier(derEncoded: first).description
        guard algorithm == "1.2.840.113549.1.1.10" else { return signatures[algorithm] }
        // RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] AlgorithmIdentifier DEFAULT sha1, ... }
        guard let hash = parts.dropFirst().first?.children.first,
            hash.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        else { return .sha1 }
        guard let name = hash.children.first?.children.first else { return nil }
        return hashes[try ASN1ObjectIdentifier(derEncoded: name).description]
    }

    private static let curves = [
        "1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521",
    ]
    /// Of RSA and of ECDSA.
    private static let signatures: [String: Hash] = [
        "1.2.840.113549.1.1.4": .md5, "1.2.840.113549.1.1.5": .sha1, "1.2.840.113549.1.1.11": .sha256,
        "1.2.840.113549.1.1.12": .sha384, "1.2.840.113549.1.1.13": .sha512,
        "1.2.840.10045.4.1": .sha1, "1.2.840.10045.4.3.2": .sha256, "1.2.840.10045.4.3.3": .sha384,
        "1.2.840.10045.4.3.4": .sha512,
    ]
    private static let hashes: [String: Hash] = [
        "1.3.14.3.2.26": .sha1, "2.16.840.1.101.3.4.2.1": .sha256, "2.16.840.1.101.3.4.2.2": .sha384,
        "2.16.840.1.101.3.4.2.3": .sha512,
    ]
}

extension ASN1Node {
    /// The parts that it is made of; none for what has no parts.
    var children: [ASN1Node] {
        guard case .constructed(let nodes) = content else { return [] }
        return Array(nodes)
    }

    /// What it holds itself; nothing for what is made of parts.
    var bytes: ArraySlice<UInt8>? {
        if case .primitive(let bytes) = content { bytes } else { nil }
    }
}
