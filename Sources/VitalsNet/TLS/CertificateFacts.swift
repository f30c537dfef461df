import NIOCore
import NIOSSL

/// What a run tells of the peer's certificate, and what its verification needs.
struct CertificateFacts: Sendable {
    /// `CN=db1.example.com,O=Example`.
    let subject: String
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
        let subject = DistinguishedName(ofCertificate: der)
        // Certificates of databases made by hand often have no other name; libpq takes it then, too.
        if !hasNames, let commonName = subject.commonName { dnsNames.append(HostName.normal(commonName)) }
        self.subject = subject.text
        self.dnsNames = dnsNames
        self.ipAddresses = ipAddresses
        notBefore = Int(certificate.notValidBefore)
        notAfter = Int(certificate.notValidAfter)
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
