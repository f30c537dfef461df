import VitalsCore
import VitalsEngine

/// Reads a connection string, of either form, as libpq does, but where libpq would guess, it refuses.
///
/// Nothing but the text decides: no `PG*` variable, no `~/.pgpass`, no service file.
struct PostgresDSNParser {
    private static let schemes = ["postgres", "postgresql"]
    private static let drivers = ["asyncpg", "psycopg", "psycopg2", "pg8000"]
    private static let maximumLength = 8_192

    private var user: String?
    private var password: String?
    private var host: String?
    private var port: Int?
    private var database: String?
    private var encryption = PostgresDSNEncryption()
    private var channelBinding = ScramBinding.Wish.prefer
    private var applicationName = PostgresDSN.defaultApplicationName
    private var warnings: [String] = []

    private init() {}

    /// - Parameter defaultUser: who logs in when the URI names nobody; nothing: it must name somebody.
    static func parse(_ text: String, defaultUser: String?) throws(PostgresDSNError) -> PostgresDSN {
        guard text.utf8.count <= maximumLength else { throw .tooLong }
        var parser = PostgresDSNParser()
        guard !PostgresDSNKeywords.isMeant(by: text) else {
            try parser.readKeywords(text)
            return try parser.finished(defaultUser: defaultUser)
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .controlCharacter
        }
        let parts = try split(withoutScheme(text))
        try parser.readAuthority(parts.authority)
        try parser.readPath(parts.path)
        try parser.readParameters(parts.query, canShowKeys: parts.canShowKeys)
        return try parser.finished(defaultUser: defaultUser)
    }

    private func finished(defaultUser: String?) throws(PostgresDSNError) -> PostgresDSN {
        guard let host, !host.isEmpty else { throw .missingHost }
        guard let user = user ?? defaultUser, !user.isEmpty else { throw .missingUser }
        let port = port ?? PostgresDSN.defaultPort
        let server: PostgresDSN.Server =
            host.hasPrefix("/")
            ? .unixSocket(folder: host, port: port) : .network(host: host, port: port)
        let (tls, remarks) = try encryption.resolved(for: server)
        guard channelBinding != .require || tls.mode != .disable else {
            throw .badValue(
                parameter: "channel_binding", expected: "of use without TLS: write sslmode=require")
        }
        return PostgresDSN(
            server: server, user: user, password: password.map(Secret.init), database: database ?? user,
            tls: tls, channelBinding: channelBinding, applicationName: applicationName,
            warnings: warnings + remarks)
    }
}

// MARK: The parts

extension PostgresDSNParser {
    private struct Parts {
        var authority: Substring
        /// Without the leading `/`.
        var path: Substring
        var query: Substring
        /// Whether the keys in the query are keys for certain, and no pieces of a password.
        var canShowKeys: Bool
    }

    private static func withoutScheme(_ text: String) throws(PostgresDSNError) -> Substring {
        guard let mark = text.firstRange(of: "://") else { throw .notAURI }
        var scheme = text[..<mark.lowerBound].lowercased()
        if scheme.hasPrefix("jdbc:") { scheme.removeFirst("jdbc:".count) }
        let words = scheme.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard let dialect = words.first, schemes.contains(dialect) else { throw .notAURI }
        guard words.count == 1 || drivers.contains(words[1]) else { throw .notAURI }
        return text[mark.upperBound...]
    }

    /// A `#` begins no fragment here: it is an ordinary character, as libpq has it.
    private static func split(_ rest: Substring) throws(PostgresDSNError) -> Parts {
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        var path = rest[authority.endIndex...].prefix { $0 != "?" }
        let query = rest[path.endIndex...].dropFirst()
        path = path.dropFirst()

        let signs = authority.count { $0 == "@" }
        guard signs <= 1, !path.contains("@"), !hasStrayAt(query) else { throw .strayAt }
        guard !path.contains("/") else { throw .badDatabase }
        let canShowKeys = !query.contains("@") && (signs == 1 || !authority.contains(":"))
        return Parts(authority: authority, path: path, query: query, canShowKeys: canShowKeys)
    }

    /// An `@` is taken in the value of a known parameter only; anywhere else it is the end of a password that
    /// held a `?`.
    private static func hasStrayAt(_ query: Substring) -> Bool {
        query.split(separator: "&").contains { piece in
            let key = piece.prefix { $0 != "=" }
            return piece.contains("@") && !PostgresDSNParameters.known.contains(String(key))
        }
    }

    private mutating func readAuthority(_ authority: Substring) throws(PostgresDSNError) {
        var hostAndPort = authority
        if let sign = authority.firstIndex(of: "@") {
            let login = authority[..<sign]
            let name = login.prefix { $0 != ":" }
            user = try decode(name, as: .user)
            password = try decode(login[name.endIndex...].dropFirst(), as: .password)
            hostAndPort = authority[authority.index(after: sign)...]
        }
        guard !hostAndPort.isEmpty else { return }
        guard !hostAndPort.contains(",") else { throw .manyHosts }
        let hostText: Substring
        if hostAndPort.hasPrefix("[") {
            guard let bracket = hostAndPort.firstIndex(of: "]") else { throw .badHost }
            hostText = hostAndPort[...bracket]
        } else {
            hostText = hostAndPort.prefix { $0 != ":" }
        }
        let portText = hostAndPort[hostText.endIndex...]
        guard portText.isEmpty || portText.hasPrefix(":") else { throw .badHost }
        guard !portText.dropFirst().contains(":") else { throw .bareIPv6 }
        if let decoded = try decode(hostText, as: .host) { try readHost(decoded) }
        if portText.count > 1 { try readPort(String(portText.dropFirst())) }
    }

    private mutating func readPath(_ path: Substring) throws(PostgresDSNError) {
        database = try decode(path, as: .database)
    }

    /// Nothing for an empty text, which means the same as none.
    private func decode(
        _ text: Substring, as part: PostgresDSNError.Part
    ) throws(PostgresDSNError) -> String? {
        guard !text.isEmpty else { return nil }
        do {
            return try PercentEncoding.decode(text)
        } catch {
            throw .badEscape(in: part)
        }
    }
}

// MARK: The values

extension PostgresDSNParser {
    private mutating func readHost(_ text: String) throws(PostgresDSNError) {
        guard !text.contains(",") else { throw .manyHosts }
        if text.hasPrefix("/") {
            host = text
            return
        }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let bare = (isBracketed ? String(text.dropFirst().dropLast()) : text).lowercased()
        let isAddress = isBracketed || bare.contains(":")
        let allowed = bare.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "0"..."9", "-", ".", "_": true
            case ":", "%": isAddress
            default: false
            }
        }
        guard allowed, !bare.isEmpty, !isBracketed || bare.contains(":") else { throw .badHost }
        host = bare
    }

    private mutating func readPort(_ text: String) throws(PostgresDSNError) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(text), (1...65_535).contains(number)
        else { throw .badPort }
        port = number
    }

    private mutating func readParameters(
        _ query: Substring, canShowKeys: Bool
    ) throws(PostgresDSNError) {
        var seen: Set<String> = []
        for piece in query.split(separator: "&") {
            let rawKey = piece.prefix { $0 != "=" }
            let key = try decode(rawKey, as: .parameter) ?? ""
            guard PostgresDSNParameters.known.contains(key) else {
                try readOther(key, value: piece[rawKey.endIndex...].dropFirst(), canShow: canShowKeys)
                continue
            }
            guard seen.insert(key).inserted else { throw .repeatedParameter(key) }
            let value = try decode(piece[rawKey.endIndex...].dropFirst(), as: .parameter)
            try readKnown(key, value: value)
        }
    }

    private mutating func readKeywords(_ text: String) throws(PostgresDSNError) {
        var seen: Set<String> = []
        for pair in try PostgresDSNKeywords.pairs(in: text) {
            guard PostgresDSNParameters.known.contains(pair.key) else {
                // Behind a password without its quotes, what seems to be a key may be a piece of it.
                try readOther(pair.key, value: pair.value[...], canShow: !seen.contains("password"))
                continue
            }
            guard seen.insert(pair.key).inserted else { throw .repeatedParameter(pair.key) }
            try readKnown(pair.key, value: pair.value.isEmpty ? nil : pair.value)
        }
    }

    private mutating func readKnown(_ key: String, value: String?) throws(PostgresDSNError) {
        guard let value else {
            guard key == "password" else { throw .emptyParameter(key) }
            password = nil
            return
        }
        switch key {
        case "user": user = value
        case "password": password = value
        case "host": try readHost(value)
        case "port": try readPort(value)
        case "dbname": database = value
        case "application_name": applicationName = value
        case "channel_binding":
            guard let wish = ScramBinding.Wish(rawValue: value) else {
                throw .badValue(parameter: key, expected: "disable, prefer or require")
            }
            channelBinding = wish
        case "connect_timeout":
            guard Int(value) != nil else { throw .badValue(parameter: key, expected: "a number of seconds") }
            warnings.append("connect_timeout is not used: the timeout of the check covers the whole run")
        default: try encryption.read(key, value: value)
        }
    }

    /// A key that is not known, dropped if it may be.
    private mutating func readOther(
        _ key: String, value: Substring, canShow: Bool
    ) throws(PostgresDSNError) {
        let name = key.lowercased()
        if PostgresDSNParameters.ignored.contains(name) || Self.changesNothing(name, value) {
            warnings.append("the parameter '\(name)' is not used: it means nothing to a probe")
        } else if let reason = PostgresDSNParameters.unsupported[name] {
            throw .unsupportedParameter(name, reason: reason)
        } else {
            let isPlain =
                key.utf8.count <= 40 && key.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
            throw .unknownParameter(
                key: canShow && isPlain ? key : nil,
                nearest: NearestName.to(key, among: PostgresDSNParameters.known))
        }
    }

    /// Values of otherwise unsupported parameters that only say what is done anyway.
    private static func changesNothing(_ name: String, _ value: Substring) -> Bool {
        switch name {
        case "gssencmode": value == "disable" || value == "prefer"
        case "target_session_attrs": value == "any"
        default: false
        }
    }
}
