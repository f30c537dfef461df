import VitalsCore

/// What every answer of D1 says beside the rows.
enum D1Vitals {
    static let query = VitalRule(
        "query_ms", unit: "ms", "time of the query inside the database, without the way there",
        every: .seconds(60))
    static let attempts = VitalRule(
        "attempts", "how often Cloudflare tried the query until it went through", every: .seconds(60),
        warn: 1.5)
    static let size = VitalRule("size_bytes", unit: "B", "size of the database", every: .seconds(300))
    static let sizeUsed = VitalRule(
        "size_used_percent", unit: "%", "size of the database, of what its plan allows",
        every: .seconds(300), warn: 80, critical: 95)

    static let rules = [query, attempts, size, sizeUsed, CertificateVital.rule]
}
