/// What we show to a server that wants to know who we are.
struct TLSIdentity: Sendable, Hashable {
    /// Our certificate, followed by those between it and the authority, if any.
    let certificate: PEMSource
    /// Its key, without a passphrase; may be in the same file.
    let key: PEMSource

    init(certificate: PEMSource, key: PEMSource) {
        self.certificate = certificate
        self.key = key
    }

    /// For `Probe.identity`; holds the key where that was written out.
    var written: String { "\(certificate.written) \(key.written)" }
}
