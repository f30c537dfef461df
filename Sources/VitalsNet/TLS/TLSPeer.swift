/// Whom a TLS handshake was done with.
struct TLSPeer: Sendable {
    /// The peer's own certificate; nothing if it could not be read.
    let certificate: CertificateFacts?
    /// Those that stand behind it, up to the authority that is trusted, as far as they were looked at.
    let authorities: [CertificateFacts]
    /// Seconds since the Unix epoch.
    let metAt: Int

    /// The peer's own and those behind it.
    var chain: [CertificateFacts] { (certificate.map { [$0] } ?? []) + authorities }
}
