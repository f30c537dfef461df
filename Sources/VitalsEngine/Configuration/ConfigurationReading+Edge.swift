import VitalsCore

/// How the server meets those who ask.
extension ConfigurationReading {
    static let serverKeys = [
        "listen", "public_url", "base_path", "trusted_proxies", "tls", "metrics_listen", "metrics_legacy",
        "access_log",
    ]

    static let serverSchema = WrittenSchema.object(
        [
            ("listen", WrittenSchema.text), ("public_url", WrittenSchema.text),
            ("base_path", WrittenSchema.text),
            ("trusted_proxies", WrittenSchema.list(WrittenSchema.text, upTo: mostProxies)),
            ("tls", tlsFields.jsonSchema), ("metrics_listen", WrittenSchema.text),
            ("metrics_legacy", WrittenSchema.flag), ("access_log", WrittenSchema.flag),
        ], orNothing: true)

    private static let mostProxies = 64

    private static let tlsFields = [
        Field("certificate", .text(upTo: 4_096), isRequired: true, "the file of the certificate, as PEM"),
        Field("key", .text(upTo: 4_096), isRequired: true, "the file of its key, as PEM"),
    ]

    mutating func edge(_ section: Section?, _ settings: inout ServerSettings) {
        settings.publicURL = parsed(section?["public_url"]) { given throws(Complaint) in
            try WebAddress.own(given)
        }
        settings.basePath = parsed(section?["base_path"], Self.basePath) ?? ""
        settings.trustedProxies = proxies(section?["trusted_proxies"])
        if let value = section?["tls"], let tls = self.settings(value, Self.tlsFields),
            let certificate = tls.text("certificate"), let key = tls.text("key")
        {
            settings.tls = TLSFiles(certificate: certificate, key: key)
        }
        settings.metricsAddress = metricsAddress(section?["metrics_listen"], beside: settings)
        settings.hasLegacyMetrics = flag(section?["metrics_legacy"]) ?? true
        settings.isAccessLogged = flag(section?["access_log"]) ?? true
    }

    private mutating func metricsAddress(
        _ value: Value?, beside settings: ServerSettings
    ) -> ListenAddress? {
        let parse = { (given: Given) throws(Complaint) in
            let address = try ListenAddress(given)
            guard address.port == 0 || address != ListenAddress(host: settings.host, port: settings.port)
            else { throw Complaint("is where everything else is answered; write another port") }
            return address
        }
        let inFile = parsed(value, parse)
        return parsed(variable: "METRICS_ADDR", parse) ?? inFile
    }

    /// One alone may stand without brackets.
    private mutating func proxies(_ value: Value?) -> [IPNetwork] {
        guard let value else { return [] }
        let isOne = if case .scalar = value.node.content, !value.node.isEmpty { true } else { false }
        let written = isOne ? [value] : items(value)
        if written.count > Self.mostProxies {
            report(value, "has \(written.count) addresses; at most \(Self.mostProxies)")
        }
        return written.compactMap { item in
            parsed(item) { given throws(Complaint) in
                guard let network = IPNetwork(given.text) else {
                    throw Complaint(
                        "\(given.quoted) is neither an address nor a network; write 10.0.0.0/8 or ::1")
                }
                return network
            }
        }
    }

    /// Without a slash at its end; empty for `/` alone.
    private static func basePath(_ given: Given) throws(Complaint) -> String {
        var text = given.text
        while text.last == "/" { text.removeLast() }
        guard !text.isEmpty else { return "" }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let isPath =
            text.hasPrefix("/") && text.utf8.count <= 200
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".."
                    && part.utf8.allSatisfy {
                        ASCII.isLetter($0) || ASCII.isDigit($0) || "-._~".utf8.contains($0)
                    }
            }
        guard isPath else {
            throw Complaint("\(given.quoted) is not the beginning of a path; write one, as in /vitals")
        }
        guard !["health", "healthz", "livez", "readyz"].contains(parts.first ?? "") else {
            throw Complaint("\(given.quoted) is answered already; write another, as in /vitals")
        }
        return text
    }
}
