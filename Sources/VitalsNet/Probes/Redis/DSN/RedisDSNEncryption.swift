import VitalsEngine

/// What a target says of encryption. Whether there is any, its scheme decides.
struct RedisDSNEncryption {
    private var mode: TLSMode?
    private var authorities: String?
    /// Paths of our own certificate and its key.
    private var certificate: String?
    private var key: String?

    mutating func read(_ name: String, value: String) throws(RedisDSNError) {
        switch name {
        case "sslmode": mode = try Self.mode(value)
        case "sslcert": certificate = value
        case "sslkey": key = value
        default: authorities = value
        }
    }

    /// - Returns: what to ask of TLS, and what has to be said of it.
    func resolved(isEncrypted: Bool) throws(RedisDSNError) -> (TLSSettings, remarks: [String]) {
        guard (certificate == nil) == (key == nil) else {
            throw .badValue(
                parameter: certificate == nil ? "sslkey" : "sslcert",
                expected: "of use alone: sslcert and sslkey belong together")
        }
        guard isEncrypted else {
            guard mode == nil || mode == .disable else {
                throw .unsupportedParameter("sslmode", reason: "write rediss:// for TLS")
            }
            let unused = [("sslrootcert", authorities), ("sslcert", certificate)].filter { $0.1 != nil }
            return (.disabled, unused.map { "\($0.0) is not used without TLS: write rediss://" })
        }
        guard mode != .disable else {
            throw .badValue(
                parameter: "sslmode", expected: "require, verify-ca or verify-full with rediss://")
        }
        // Whoever names an authority wants it heeded.
        let usual: TLSMode = authorities == nil ? .require : .verifyFull
        let mode = mode == .require && authorities != nil ? .verifyCA : mode ?? usual
        var settings = TLSSettings(mode)
        if let authorities { settings.authorities = .file(authorities) }
        if let certificate, let key {
            settings.identity = TLSIdentity(certificate: .file(certificate), key: .file(key))
        }
        return (settings, [])
    }

    /// In our words, and in those of the client for Python.
    private static func mode(_ text: String) throws(RedisDSNError) -> TLSMode {
        switch text.lowercased() {
        case "disable": .disable
        case "require", "none": .require
        case "verify-ca": .verifyCA
        case "verify-full", "required": .verifyFull
        default:
            throw .badValue(parameter: "sslmode", expected: "disable, require, verify-ca or verify-full")
        }
    }
}
