import VitalsEngine

/// What a URI says of encryption, and what follows from it.
struct PostgresDSNEncryption {
    private enum Wish: Equatable {
        case exactly(TLSMode)
        /// Encrypted if it can be had: not done, because it would fall back in silence.
        case opportunistic(String)
    }

    /// The certificates that may vouch for the server.
    private enum Roots: Equatable {
        case system
        case file(String)
    }

    private var wish: Wish?
    private var roots: Roots?
    /// Paths of our own certificate and its key.
    private var certificate: String?
    private var key: String?

    /// Takes `sslmode`, `ssl`, `sslcert`, `sslkey` or `sslrootcert`.
    mutating func read(_ key: String, value: String) throws(PostgresDSNError) {
        switch key {
        case "sslmode": try wish(Self.mode(value), from: key)
        case "ssl": try wish(Self.flag(value), from: key)
        case "sslcert": certificate = value
        case "sslkey": self.key = value
        default: roots = value == "system" ? .system : .file(value)
        }
    }

    /// - Returns: what to ask of TLS, and what has to be said of it.
    func resolved(
        for server: PostgresDSN.Server
    ) throws(PostgresDSNError) -> (TLSSettings, remarks: [String]) {
        guard case .network(let host, _) = server else { return (.disabled, socketRemarks) }
        guard (certificate == nil) == (key == nil) else {
            throw .badValue(parameter: certificate == nil ? "sslkey" : "sslcert", expected: Self.both)
        }
        let isPlain = Loopback.contains(host) && certificate == nil
        let fallback: TLSMode = roots != nil ? .verifyFull : isPlain ? .disable : .require
        switch wish {
        case nil:
            return (settings(fallback), [])
        case .opportunistic(let name):
            return (settings(fallback), [Self.opportunisticRemark(name, fallback)])
        case .exactly(.disable):
            let unused = (roots == nil ? [] : ["sslrootcert"]) + (certificate == nil ? [] : ["sslcert"])
            return (.disabled, unused.map { "\($0) is not used with sslmode=disable" })
        case .exactly(let mode):
            return (settings(try strengthened(mode)), [])
        }
    }

    /// As libpq: a file of roots makes `require` verify the chain, and the public roots, which vouch for
    /// anybody, are of use only with the name checked.
    private func strengthened(_ mode: TLSMode) throws(PostgresDSNError) -> TLSMode {
        switch (mode, roots) {
        case (.require, .file): return .verifyCA
        case (.require, .system), (.verifyCA, .system):
            throw .badValue(parameter: "sslmode", expected: "verify-full, which sslrootcert=system needs")
        default: return mode
        }
    }

    private func settings(_ mode: TLSMode) -> TLSSettings {
        var settings = TLSSettings(mode)
        if case .file(let path) = roots { settings.authorities = .file(path) }
        if let certificate, let key {
            settings.identity = TLSIdentity(certificate: .file(certificate), key: .file(key))
        }
        return settings
    }

    private static let both = "of use alone: sslcert and sslkey belong together"

    private mutating func wish(_ new: Wish, from key: String) throws(PostgresDSNError) {
        guard wish == nil || wish == new else {
            throw .badValue(parameter: key, expected: "what the other of 'ssl' and 'sslmode' says")
        }
        wish = new
    }

    private var socketRemarks: [String] {
        let isEncryptionWished = wish != nil && wish != .exactly(.disable)
        return isEncryptionWished || roots != nil || certificate != nil || key != nil
            ? ["a Unix socket is never encrypted: TLS settings are not used"] : []
    }

    private static func opportunisticRemark(_ name: String, _ mode: TLSMode) -> String {
        "sslmode=\(name) is treated as \(mode.rawValue): "
            + "a probe does not fall back to an unencrypted connection"
    }

    private static func mode(_ text: String) throws(PostgresDSNError) -> Wish {
        if let mode = TLSMode(rawValue: text) { return .exactly(mode) }
        switch text {
        case "no-verify": return .exactly(.require)
        case "prefer", "allow": return .opportunistic(text)
        default:
            throw .badValue(parameter: "sslmode", expected: "disable, require, verify-ca or verify-full")
        }
    }

    private static func flag(_ text: String) throws(PostgresDSNError) -> Wish {
        switch text {
        case "true", "1", "require", "no-verify": return .exactly(.require)
        case "false", "0": return .exactly(.disable)
        default: throw .badValue(parameter: "ssl", expected: "true or false")
        }
    }
}
