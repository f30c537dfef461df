import Crypto
import NIOCore
import NIOSSL

/// What a run tells of the peer's certificate, and what its verification needs.
struct CertificateFacts: Sendable {
    /// The whole of it.
    let der: [UInt8]
    /// `CN=db1.example.com,O=Example`.
    let subject: String
    /// Who vouches for it, written likewise.
    let issuer: String
    /// `RSA 2048`, `EC P-256`; nothing for a kind that has no name here.
    let key: String?
    /// What a login is bound to that trusts this certificate: `tls-server-end-point` of RFC 5929, 4.1.
    /// Nothing where that is not defined.
    let endPointHash: [UInt8]?
    /// DNS names, lower case, without a closing dot.
    let dnsNames: [String]
    /// IP addresses, as `SocketAddress.ipAddress` writes them.
    let ipAddresses: [String]
    /// Seconds since the Unix epoch.
    let notBefore: Int
    let notAfter: Int

    init(_ certificate: NIOSSLCertificate, der: [UInt8]) {
        var dnsNames: [String] = []
        var ipAddresses: [String] = []
        for name in certificate._subjectAlternativeNames().prefix(Self.maximumNames) {
            switch name.nameType {
            case .dnsName:
                dnsNames.append(HostName.normal(String(decoding: name.contents, as: UTF8.self)))
            case .ipAddress:
                if let text = IPAddressText.text(Array(name.contents)) { ipAddresses.append(text) }
            default:
                continue
            }
        }
        let hasNames = !certificate._subjectAlternativeNames().isEmpty
        let structure = CertificateStructure(der: der)
        // Certificates of databases made by hand often have no other name; libpq takes it then, too.
        if !hasNames, let commonName = structure.subject.commonName {
            dnsNames.append(HostName.normal(commonName))
        }
        self.der = der
        subject = structure.subject.text
        issuer = structure.issuer.text
        key = structure.key
        endPointHash = structure.signatureHash.map { Self.hash(der, $0) }
        self.dnsNames = dnsNames
        self.ipAddresses = ipAddresses
        notBefore = Int(certificate.notValidBefore)
        notAfter = Int(certificate.notValidAfter)
    }

    /// Too weak ones are not used, whatever the certificate is signed over.
    private static func hash(_ der: [UInt8], _ kind: CertificateStructure.Hash) -> [UInt8] {
        switch kind {
        case .md5, .sha1, .sha256: Array(SHA256.hash(data: der))
        case .sha384: Array(SHA384.hash(data: der))
        case .sha512: Array(SHA512.hash(data: der))
        }
    }

    /// Certificates of hosting companies have a few hundred at most.
    private static let maximumNames = 500

    var names: [String] { dnsNames + ipAddresses }

    /// Whole days from `now` (seconds since the Unix epoch) until it ends; negative when it has ended.
    func daysLeft(at now: Int) -> Int {
        let seconds = notAfter - now
        return seconds >= 0 ? seconds / 86_400 : -((-seconds + 86_399) / 86_400)
    }

    /// Whether it is for this host (RFC 6125): an address among its addresses, a name among its names, where
    /// `*` stands for the whole first label and nothing else. A name is never verified by the address that
    /// it stood for.
    func matches(_ host: String) -> Bool {
        if let address = try? SocketAddress(ipAddress: host, port: 0), let text = address.ipAddress {
            return ipAddresses.contains(text)
        }
        let host = HostName.normal(host)
        return dnsNames.contains { $0 == host || Self.wildcard($0, matches: host) }
    }

    private static func wildcard(_ pattern: String, matches host: String) -> Bool {
        guard pattern.hasPrefix("*."), let dot = host.firstIndex(of: "."), dot != host.startIndex else {
            return false
        }
        let suffix = pattern.dropFirst(1)
        // `*.com` would be every host of a country.
        return suffix.dropFirst().contains(".") && host[dot...] == suffix
    }
}

/// The last certificates seen, by their bytes: a target shows the same one on every run. Confined to its
/// event loop.
struct CertificateCache {
    private var entries: [[UInt8]: CertificateFacts] = [:]
    private static let maximumCount = 2_000

    mutating func facts(of certificate: NIOSSLCertificate) -> CertificateFacts? {
        guard let der = try? certificate.toDERBytes() else { return nil }
        if let facts = entries[der] { return facts }
        if entries.count >= Self.maximumCount { entries.removeAll(keepingCapacity: true) }
        let facts = CertificateFacts(certificate, der: der)
        entries[der] = facts
        return facts
    }
}
