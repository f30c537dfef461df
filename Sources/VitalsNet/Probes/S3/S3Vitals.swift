import VitalsCore

/// What every answer of an object store says beside its body.
enum S3Vitals {
    static let skew = VitalRule(
        "clock_skew_seconds", unit: "s", "how far the store's clock is from ours, of the 900 s it bears",
        every: .seconds(300), warn: 300, critical: 600)

    static let rules = [skew, CertificateVital.rule]
}
