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

    /// Takes `sslmode`, `ssl` or `sslrootcert`.
    mutating func read(_ key: String, value: String) throws(PostgresDSNError) {
        switch key {
        case "sslmode": try wish(Self.mode(value), from: key)
        case "ssl": try wish(Self.flag(value), from: key)
        default: roots = value == "system" ? .system : .file(value)
        }
    }

    /// - Returns: what to ask of TLS, and what has to be said of it.
    func resolved(
        for server: PostgresDSN.Server
    ) throws(PostgresDSNError) -> (TLSSettings, remarks: [String]) {
        guard case .network(let host, _) = server else { return (.disabled, socketRemarks) }
        let fallback: TLSMode =
            roots != nil ? .verifyFull : Loopback.contains(host) ? .disable : .require
        switch wish {
        case nil:
            return (settings(fallback), [])
        case .opportunistic(let name):
            return (settings(fallback), [Self.opportunisticRemark(name, fallback)])
        case .exactly(.disable):
            return (.disabled, roots == nil ? [] : ["sslrootcert is not used with sslmode=disable"])
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
        guard case .file(let path) = roots else { return TLSSettings(mode) }
        return TLSSettings(mode, authorities: path)
    }

    private mutating func wish(_ new: Wish, from key: String) throws(PostgresDSNError) {
        guard wish == nil || wish == new else {
            throw .badValue(parameter: key, expected: "what the other of 'ssl' and 'sslmode' says")
        }
        wish = new
    }

    private var socketRemarks: [String] {
        let isEncryptionWished = wish != nil && wish != .exactly(.disable)
        return isEncryptionWished || roots != nil
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
