import VitalsEngine

/// What a target says of encryption, in the words of any driver, and what follows from it.
struct MySQLDSNEncryption {
    private enum Wish: Equatable {
        case exactly(TLSMode)
        /// Encrypted if it can be had: not done, because it would fall back in silence.
        case opportunistic(String)
    }

    private var wish: Wish?
    private var authorities: String?
    /// Paths of our own certificate and its key.
    private var certificate: String?
    private var key: String?

    mutating func read(_ name: String, value: String) throws(MySQLDSNError) {
        switch name {
        case "ssl-mode": try wish(Self.mode(value), from: name)
        case "tls": try wish(Self.goMode(value), from: name)
        case "ssl": try wish(Self.flag(value), from: name)
        case "sslaccept": try wish(Self.prismaMode(value), from: name)
        case "ssl-cert": certificate = value
        case "ssl-key": key = value
        default: authorities = value
        }
    }

    /// - Returns: what to ask of TLS, and what has to be said of it.
    func resolved(
        for server: MySQLDSN.Server
    ) throws(MySQLDSNError) -> (TLSSettings, remarks: [String]) {
        guard case .network(let host, _) = server else { return (.disabled, socketRemarks) }
        guard (certificate == nil) == (key == nil) else {
            throw .badValue(parameter: certificate == nil ? "ssl-key" : "ssl-cert", expected: Self.both)
        }
        let isPlain = Loopback.contains(host) && certificate == nil
        let fallback: TLSMode = authorities != nil ? .verifyFull : isPlain ? .disable : .require
        switch wish {
        case nil:
            return (settings(fallback), [])
        case .opportunistic(let text):
            return (
                settings(fallback),
                [
                    "\(text) is treated as ssl-mode=\(fallback.rawValue): "
                        + "a probe does not fall back to an unencrypted connection"
                ]
            )
        case .exactly(.disable):
            let unused = (authorities == nil ? [] : ["ssl-ca"]) + (certificate == nil ? [] : ["ssl-cert"])
            return (.disabled, unused.map { "\($0) is not used with ssl-mode=disable" })
        case .exactly(let mode):
            // Whoever names an authority wants it heeded.
            return (settings(mode == .require && authorities != nil ? .verifyCA : mode), [])
        }
    }

    private func settings(_ mode: TLSMode) -> TLSSettings {
        var settings = TLSSettings(mode)
        if let authorities { settings.authorities = .file(authorities) }
        if let certificate, let key {
            settings.identity = TLSIdentity(certificate: .file(certificate), key: .file(key))
        }
        return settings
    }

    private static let both = "of use alone: ssl-cert and ssl-key belong together"

    private mutating func wish(_ new: Wish, from name: String) throws(MySQLDSNError) {
        guard wish == nil || wish == new else {
            throw .badValue(parameter: name, expected: "what the other parameter says of encryption")
        }
        wish = new
    }

    private var socketRemarks: [String] {
        let isEncryptionWished = wish != nil && wish != .exactly(.disable)
        return isEncryptionWished || authorities != nil || certificate != nil || key != nil
            ? ["a Unix socket is never encrypted: TLS settings are not used"] : []
    }

    /// In our words, and in those of MySQL itself.
    private static func mode(_ text: String) throws(MySQLDSNError) -> Wish {
        switch text.lowercased().replacing("_", with: "-") {
        case "disable", "disabled": return .exactly(.disable)
        case "require", "required": return .exactly(.require)
        case "verify-ca": return .exactly(.verifyCA)
        case "verify-full", "verify-identity": return .exactly(.verifyFull)
        case "prefer", "preferred": return .opportunistic("ssl-mode=preferred")
        default:
            throw .badValue(parameter: "ssl-mode", expected: "disable, require, verify-ca or verify-full")
        }
    }

    /// As the Go driver has it.
    private static func goMode(_ text: String) throws(MySQLDSNError) -> Wish {
        switch text.lowercased() {
        case "true", "1": return .exactly(.verifyFull)
        case "false", "0": return .exactly(.disable)
        case "skip-verify": return .exactly(.require)
        case "preferred": return .opportunistic("tls=preferred")
        default:
            throw .badValue(parameter: "tls", expected: "true, false or skip-verify")
        }
    }

    /// As Prisma has it.
    private static func prismaMode(_ text: String) throws(MySQLDSNError) -> Wish {
        switch text {
        case "strict": return .exactly(.verifyFull)
        case "accept_invalid_certs": return .exactly(.require)
        default: throw .badValue(parameter: "sslaccept", expected: "strict or accept_invalid_certs")
        }
    }

    /// Yes or no; or an object, as drivers of JavaScript take it.
    private static func flag(_ text: String) throws(MySQLDSNError) -> Wish {
        switch text.filter({ !" \"'".contains($0) }) {
        case "true", "1": return .exactly(.require)
        case "false", "0": return .exactly(.disable)
        case "{rejectUnauthorized:true}", "{}": return .exactly(.verifyFull)
        case "{rejectUnauthorized:false}": return .exactly(.require)
        default:
            throw .badValue(parameter: "ssl", expected: #"true, false or {"rejectUnauthorized":true}"#)
        }
    }
}
