import VitalsCore
import VitalsEngine

/// Reads a connection string as the clients do, but where they would guess, it refuses.
///
/// Nothing but the text decides: no `REDIS_URL`, no `REDISCLI_AUTH`.
struct RedisDSNParser {
    private static let maximumLength = 8_192
    private static let databases = 0...1_000_000

    private let form: RedisDSNForm
    private var user: String?
    private var password: String?
    private var host: String?
    private var port: Int?
    private var socket: String?
    private var database: Int?
    private var master: String?
    private var encryption = RedisDSNEncryption()
    private var warnings: [String] = []

    private init(_ form: RedisDSNForm) {
        self.form = form
    }

    static func parse(_ text: String) throws(RedisDSNError) -> RedisDSN {
        guard text.utf8.count <= maximumLength else { throw .tooLong }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .controlCharacter
        }
        var parser = RedisDSNParser(try RedisDSNForm(text))
        try parser.readLogin()
        try parser.readPlace()
        try parser.readParameters()
        return try parser.finished()
    }

    private func finished() throws(RedisDSNError) -> RedisDSN {
        let server: RedisDSN.Server
        if let socket {
            server = .unixSocket(path: socket)
        } else {
            guard let host, !host.isEmpty else { throw .missingHost }
            let usual = form.isSentinel ? RedisDSN.defaultSentinelPort : RedisDSN.defaultPort
            server = .network(host: host, port: port ?? usual)
        }
        let (tls, remarks) = try encryption.resolved(isEncrypted: form.isEncrypted)
        let misplaced =
            form.isSentinel && (database ?? 0) != 0 ? ["a Sentinel has no databases: none is chosen"] : []
        return RedisDSN(
            server: server, user: user, password: password.map(Secret.init),
            database: form.isSentinel ? 0 : database ?? 0,
            sentinel: form.isSentinel ? RedisDSN.Sentinel(master: master) : nil, tls: tls,
            warnings: warnings + remarks + misplaced)
    }

    /// What stands alone before the `@` is a password to some clients and a user to others.
    private mutating func readLogin() throws(RedisDSNError) {
        user = try form.user.flatMap { name throws(RedisDSNError) in try Self.decode(name, as: .user) }
        password = try Self.decode(form.password, as: .password)
        if form.user == nil, password != nil {
            warnings.append(
                "what stands alone before the '@' is taken for the password of the user default: "
                    + "write :password@host, or user:password@host")
        }
    }

    /// Nothing for an empty text, which means the same as none.
    private static func decode(
        _ text: Substring, as part: RedisDSNError.Part
    ) throws(RedisDSNError) -> String? {
        guard !text.isEmpty else { return nil }
        do {
            return try PercentEncoding.decode(text)
        } catch {
            throw .badEscape(in: part)
        }
    }
}

// MARK: The place

extension RedisDSNParser {
    private mutating func readPlace() throws(RedisDSNError) {
        guard !form.isSocket else {
            guard form.address.isEmpty, let path = try Self.decode(form.path, as: .path), path.count > 1
            else { throw .badSocket }
            socket = path
            return
        }
        try readHostAndPort(form.address)
        guard form.path.count > 1 else { return }
        database = try Self.database(form.path.dropFirst())
    }

    private static func database(_ text: some StringProtocol) throws(RedisDSNError) -> Int {
        guard text.utf8.count <= 7, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), databases.contains(number)
        else { throw .badDatabase }
        return number
    }

    private mutating func readHostAndPort(_ text: Substring) throws(RedisDSNError) {
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
        if let decoded = try Self.decode(hostText, as: .host) { try readHost(decoded) }
        guard portText.count > 1 else { return }
        guard portText.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(portText.dropFirst()), (1...65_535).contains(number)
        else { throw .badPort }
        port = number
    }

    private mutating func readHost(_ text: String) throws(RedisDSNError) {
        guard !text.contains(",") else { throw .manyHosts }
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
}

// MARK: The parameters

extension RedisDSNParser {
    private mutating func readParameters() throws(RedisDSNError) {
        var seen: Set<String> = []
        for piece in form.parameters.split(separator: "&") {
            let rawKey = piece.prefix { $0 != "=" }
            let key = try Self.decode(rawKey, as: .parameter) ?? ""
            let name = RedisDSNParameters.name(key)
            guard RedisDSNParameters.known.contains(name) else {
                try readOther(key, name)
                continue
            }
            guard seen.insert(name).inserted else { throw .repeatedParameter(name) }
            let value = try Self.decode(piece[rawKey.endIndex...].dropFirst(), as: .parameter)
            guard let value else {
                guard name == "password" else { throw .emptyParameter(name) }
                password = nil
                continue
            }
            try readKnown(name, value)
        }
    }

    private mutating func readKnown(_ name: String, _ value: String) throws(RedisDSNError) {
        switch name {
        case "user": user = value
        case "password": password = value
        case "db":
            let number = try Self.database(value)
            guard database == nil || database == number else {
                throw .badValue(parameter: name, expected: "the database that the path names")
            }
            database = number
        case "sentinelmasterid":
            guard form.isSentinel else {
                throw .unsupportedParameter(name, reason: "write redis-sentinel:// to ask a Sentinel")
            }
            master = value
        default: try encryption.read(name, value: value)
        }
    }

    /// A key that is not known, dropped if it may be.
    private mutating func readOther(_ key: String, _ name: String) throws(RedisDSNError) {
        if RedisDSNParameters.ignored.contains(name) {
            warnings.append("the parameter '\(name)' is not used: it means nothing to a probe")
        } else if let reason = RedisDSNParameters.unsupported[name] {
            throw .unsupportedParameter(name, reason: reason)
        } else {
            let isPlain =
                key.utf8.count <= 40
                && key.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || $0 == "-" }
            throw .unknownParameter(
                key: form.canShowKeys && isPlain ? key : nil,
                nearest: NearestName.to(name, among: RedisDSNParameters.known))
        }
    }
}
