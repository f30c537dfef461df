import VitalsCore

/// How long the certificate that the server showed is good for, whatever the engine.
enum CertificateVital {
    static let rule = VitalRule(
        "certificate_days_left", unit: "days", "days until the server's certificate ends",
        every: .seconds(3_600), bad: .low, warn: 21, critical: 7, clear: 22)

    /// - Parameter peer: with whom TLS was agreed on; nothing: with nobody.
    static func vitals(of peer: TLSPeer?) -> [Vital] {
        guard let peer, let certificate = peer.certificate else { return [] }
        return [Vital(rule.name, Double(certificate.daysLeft(at: peer.metAt)), unit: rule.unit)]
    }
}
