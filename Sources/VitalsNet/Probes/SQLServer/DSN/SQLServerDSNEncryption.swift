import VitalsEngine

/// What a target says of encryption, in the words of any driver, and what follows from it.
struct SQLServerDSNEncryption {
    private var wish: SQLServerDSN.Encryption?
    private var trustsAny: Bool?
    private var authorities: String?
    private var name: String?

    mutating func read(_ parameter: String, value: String) throws(SQLServerDSNError) {
        switch parameter {
        case "encrypt": wish = try Self.wish(value)
        case "trustservercertificate": trustsAny = try Self.flag(value, of: parameter)
        case "certificate": authorities = value
        default: name = value
        }
    }

    /// - Returns: what to ask of the server and of TLS, and what has to be said of it.
    func resolved(
        for host: String
    ) throws(SQLServerDSNError) -> (SQLServerDSN.Encryption, TLSSettings, remarks: [String]) {
        // Whoever names an authority or a name wants it heeded.
        let wantsProof = authorities != nil || name != nil || trustsAny == false
        let usual: SQLServerDSN.Encryption = Loopback.contains(host) && !wantsProof ? .disable : .whole
        let encryption = wish ?? usual
        switch encryption {
        case .disable: return (.disable, .disabled, unused(with: "disable"))
        // Who listens is kept out, who stands between is not: with the login all the rest goes in the clear.
        case .login: return (.login, TLSSettings(.require), unused(with: "false"))
        case .whole where trustsAny == true || (wish == nil && !wantsProof):
            guard authorities == nil, name == nil else {
                throw .badValue(
                    parameter: "trustservercertificate",
                    expected: "of use with certificate or hostnameincertificate: any certificate is taken")
            }
            return (.whole, TLSSettings(.require), [])
        case .whole: return (.whole, proven, [])
        case .strict:
            var settings = proven
            settings.protocols = ["tds/8.0"]
            let remark = "trustservercertificate is not used with encrypt=strict: the certificate is verified"
            return (.strict, settings, trustsAny == true ? [remark] : [])
        }
    }

    private var proven: TLSSettings {
        var settings = TLSSettings(.verifyFull, serverName: name)
        if let authorities { settings.authorities = .file(authorities) }
        return settings
    }

    private func unused(with mode: String) -> [String] {
        let names = [
            authorities == nil ? nil : "certificate", name == nil ? nil : "hostnameincertificate",
            trustsAny == nil ? nil : "trustservercertificate",
        ]
        return names.compactMap(\.self).map { "\($0) is not used with encrypt=\(mode)" }
    }

    private static func wish(_ text: String) throws(SQLServerDSNError) -> SQLServerDSN.Encryption {
        switch text.lowercased() {
        case "disable": .disable
        case "false", "no", "0", "f", "optional": .login
        case "true", "yes", "1", "t", "mandatory", "require", "required": .whole
        case "strict": .strict
        default: throw .badValue(parameter: "encrypt", expected: "disable, false, true or strict")
        }
    }

    private static func flag(_ text: String, of parameter: String) throws(SQLServerDSNError) -> Bool {
        switch text.lowercased() {
        case "true", "yes", "1", "t": true
        case "false", "no", "0", "f": false
        default: throw .badValue(parameter: parameter, expected: "true or false")
        }
    }
}
