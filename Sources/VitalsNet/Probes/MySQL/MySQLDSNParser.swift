import VitalsCore
import VitalsEngine

/// Reads a connection string as the drivers do, but where they would guess, it refuses.
///
/// Nothing but the text decides: no `MYSQL_*` variable, no `my.cnf`.
struct MySQLDSNParser {
    private static let maximumLength = 8_192

    private var user: String?
    private var password: String?
    private var host: String?
    private var port: Int?
    private var socket: String?
    private var database: String?
    private var encryption = MySQLDSNEncryption()
    private var warnings: [String] = []

    private init() {}

    static func parse(_ text: String) throws(MySQLDSNError) -> MySQLDSN {
        guard text.utf8.count <= maximumLength else { throw .tooLong }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .controlCharacter
        }
        let form = try MySQLDSNForm(text)
        var parser = MySQLDSNParser()
        try parser.readLogin(form)
        try parser.readAddress(form.address)
        guard !form.database.contains("/") else { throw .badDatabase }
        parser.database = try decode(form.database, as: .database)
        try parser.readParameters(form.parameters, canShowKeys: form.canShowKeys)
        return try parser.finished()
    }

    private func finished() throws(MySQLDSNError) -> MySQLDSN {
        guard let user, !user.isEmpty else { throw .missingUser }
        let server: MySQLDSN.Server
        if let socket {
            server = .unixSocket(path: socket)
        } else {
            guard let host, !host.isEmpty else { throw .missingHost }
            server = .network(host: host, port: port ?? MySQLDSN.defaultPort)
        }
        let (tls, remarks) = try encryption.resolved(for: server)
        return MySQLDSN(
            server: server, user: user, password: password.map(Secret.init), database: database, tls: tls,
            warnings: warnings + remarks)
    }

    private mutating func readLogin(_ form: MySQLDSNForm) throws(MySQLDSNError) {
        guard form.isRaw else {
            user = try Self.decode(form.user, as: .user)
            password = try Self.decode(form.password, as: .password)
            return
        }
        user = form.user.isEmpty ? nil : String(form.user)
        password = form.password.isEmpty ? nil : String(form.password)
        if form.password.contains("%"), let read = try? PercentEncoding.decode(form.password),
            read != form.password
        {
            warnings.append(
                "the password is taken as it is written: before tcp(...) nothing is percent-encoded")
        }
    }

    /// Nothing for an empty text, which means the same as none.
    private static func decode(
        _ text: Substring, as part: MySQLDSNError.Part
    ) throws(MySQLDSNError) -> String? {
        guard !text.isEmpty else { return nil }
        do {
            return try PercentEncoding.decode(text)
        } catch {
            throw .badEscape(in: part)
        }
    }
}

// MARK: The address

extension MySQLDSNParser {
    private mutating func readAddress(_ address: MySQLDSNForm.Address) throws(MySQLDSNError) {
        switch address {
        case .unix(let path):
            guard path.hasPrefix("/") else { throw .badHost }
            socket = String(path)
        case .tcp(let text):
            try readHostAndPort(text.isEmpty ? "127.0.0.1" : text, isEncoded: false)
        case .url(let text):
            guard !text.isEmpty else { return }
            try readHostAndPort(text, isEncoded: true)
        }
    }

    private mutating func readHostAndPort(_ text: Substring, isEncoded: Bool) throws(MySQLDSNError) {
        guard !text.contains(",") else { throw .manyHosts }
        let hostText: Substring
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw .badHost }
            hostText = text[...bracket]
        } else {
            hostText = text.prefix { $0 != ":" }
        }
        let portText = text[hostText.endIndex...]
        guard portText.isEmpty || portText.hasPrefix(":") else { throw .badHost }
        guard !portText.dropFirst().contains(":") else { throw .bareIPv6 }
        let decoded = isEncoded ? try Self.decode(hostText, as: .host) : String(hostText)
        if let decoded { try readHost(decoded) }
        if portText.count > 1 { try readPort(portText.dropFirst()) }
    }

    private mutating func readHost(_ text: String) throws(MySQLDSNError) {
        guard !text.contains(",") else { throw .manyHosts }
        guard !text.hasPrefix("/") else {
            socket = text
            return
        }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let bare = (isBracketed ? String(text.dropFirst().dropLast()) : text).lowercased()
        let allowed = bare.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "0"..."9", "-", ".", "_": true
            case ":", "%": isBracketed
            default: false
            }
        }
        guard allowed, !isBracketed || bare.contains(":") else { throw .badHost }
        host = bare
    }

    private mutating func readPort(_ text: Substring) throws(MySQLDSNError) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), (1...65_535).contains(number)
        else { throw .badPort }
        port = number
    }
}

// MARK: The parameters

extension MySQLDSNParser {
    private mutating func readParameters(
        _ query: Substring, canShowKeys: Bool
    ) throws(MySQLDSNError) {
        var seen: Set<String> = []
        for piece in query.split(separator: "&") {
            let rawKey = piece.prefix { $0 != "=" }
            let key = try Self.decode(rawKey, as: .parameter) ?? ""
            let name = MySQLDSNParameters.name(key)
            guard MySQLDSNParameters.known.contains(name) else {
                try readOther(key, name, canShow: canShowKeys)
                continue
            }
            guard seen.insert(name).inserted else { throw .repeatedParameter(name) }
            try readKnown(name, value: Self.decode(piece[rawKey.endIndex...].dropFirst(), as: .parameter))
        }
    }

    private mutating func readKnown(_ name: String, value: String?) throws(MySQLDSNError) {
        guard let value else {
            guard name == "password" else { throw .emptyParameter(name) }
            password = nil
            return
        }
        switch name {
        case "user": user = value
        case "password": password = value
        case "socket":
            guard value.hasPrefix("/") else { throw .badValue(parameter: name, expected: "a whole path") }
            socket = value
        default: try encryption.read(name, value: value)
        }
    }

    /// A key that is not known, dropped if it may be.
    private mutating func readOther(
        _ key: String, _ name: String, canShow: Bool
    ) throws(MySQLDSNError) {
        if MySQLDSNParameters.ignored.contains(name) {
            warnings.append("the parameter '\(name)' is not used: it means nothing to a probe")
        } else if let reason = MySQLDSNParameters.unsupported[name] {
            throw .unsupportedParameter(name, reason: reason)
        } else {
            let isPlain =
                key.utf8.count <= 40
                && key.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || $0 == "-" }
            throw .unknownParameter(
                key: canShow && isPlain ? key : nil,
                nearest: NearestName.to(name, among: MySQLDSNParameters.known))
        }
    }
}
