import VitalsCore
import VitalsEngine

/// Reads a connection string as the drivers do, but where they would guess, it refuses.
///
/// Nothing but the text decides: no variable of the environment, no `odbc.ini`, no `freetds.conf`.
struct SQLServerDSNParser {
    private static let maximumLength = 8_192
    private static let longestName = 128

    private var user: String?
    private var password: String?
    private var host: String?
    private var port: Int?
    private var instance: String?
    private var database: String?
    private var isReadOnly = false
    private var encryption = SQLServerDSNEncryption()
    private var warnings: [String] = []

    private init() {}

    static func parse(_ text: String) throws(SQLServerDSNError) -> SQLServerDSN {
        guard text.utf8.count <= maximumLength else { throw .tooLong }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .controlCharacter
        }
        let form = try SQLServerDSNForm(text)
        var parser = SQLServerDSNParser()
        parser.user = try form.user.map { (text) throws(SQLServerDSNError) in try decode(text, as: .user) }
        parser.password = try form.password.map { (text) throws(SQLServerDSNError) in
            try decode(text, as: .password)
        }
        if !form.host.isEmpty {
            try parser.readHost(form.isEncoded ? decode(form.host, as: .host) : String(form.host), mark: ":")
        }
        try parser.readSettings(form.settings)
        try parser.readPath(decode(form.path, as: .database))
        return try parser.finished()
    }

    private func finished() throws(SQLServerDSNError) -> SQLServerDSN {
        guard let host, !host.isEmpty else { throw .missingHost }
        guard instance == nil || port != nil else { throw .instanceWithoutPort }
        guard let user, !user.isEmpty else { throw .missingUser }
        guard !user.contains("\\") else { throw .windowsUser }
        for (text, part) in [
            (user, SQLServerDSNError.Part.user), (password ?? "", .password), (database ?? "", .database),
            (host, .host),
        ] {
            guard text.utf16.count <= Self.longestName else { throw .tooLongName(part) }
        }
        let (encryption, tls, remarks) = try encryption.resolved(for: host)
        let ignored =
            instance == nil ? [] : ["the name of the instance is not used: the port says which is meant"]
        return SQLServerDSN(
            host: host, port: port ?? SQLServerDSN.defaultPort, user: user,
            password: password.flatMap { $0.isEmpty ? nil : Secret($0) },
            database: database.flatMap { $0.isEmpty ? nil : $0 }, encryption: encryption, tls: tls,
            isReadOnly: isReadOnly, warnings: warnings + ignored + remarks)
    }

    private static func decode(
        _ text: Substring, as part: SQLServerDSNError.Part
    ) throws(SQLServerDSNError) -> String {
        do {
            return try PercentEncoding.decode(text)
        } catch {
            throw .badEscape(in: part)
        }
    }

    /// What Microsoft's Go driver takes for an instance, and most people mean as a database.
    private mutating func readPath(_ path: String) throws(SQLServerDSNError) {
        guard !path.isEmpty else { return }
        guard !path.contains("/") else { throw .badHost }
        guard port != nil, database == nil else {
            instance = path
            return
        }
        database = path
        warnings.append(
            "what stands behind the '/' is taken for the database; drivers take it for an instance, so "
                + "write ?database= instead")
    }
}

// MARK: The address

extension SQLServerDSNParser {
    /// - Parameter mark: between host and port: `:`, or `,` as ADO.NET and ODBC have it.
    private mutating func readHost(_ text: String, mark: Character) throws(SQLServerDSNError) {
        let address: Substring
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { throw .badHost }
            address = text[...bracket]
        } else {
            address = text.prefix { $0 != mark && $0 != "\\" }
        }
        var rest = text[address.endIndex...]
        if rest.hasPrefix("\\") {
            let name = rest.dropFirst().prefix { $0 != mark }
            rest = rest[name.endIndex...]
            instance = name.isEmpty ? nil : String(name)
        }
        guard rest.isEmpty || rest.first == mark else { throw .badHost }
        let portText = rest.dropFirst()
        guard mark != ":" || !portText.contains(":") else { throw .bareIPv6 }
        guard mark != ":" || !text.contains(",") else { throw .manyHosts }
        try readName(String(address))
        if !portText.isEmpty { try readPort(String(portText)) }
    }

    private mutating func readName(_ text: String) throws(SQLServerDSNError) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let bare = (isBracketed ? String(text.dropFirst().dropLast()) : text).lowercased()
        // As ADO.NET and ODBC call this machine.
        if bare == "." || bare == "(local)" {
            host = "localhost"
            return
        }
        let isAddress = isBracketed || bare.count { $0 == ":" } > 1
        let allowed = bare.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "0"..."9", "-", ".", "_": true
            case ":", "%": isAddress
            default: false
            }
        }
        guard allowed, !isBracketed || bare.contains(":") else { throw .badHost }
        host = bare
    }

    private mutating func readPort(_ text: String) throws(SQLServerDSNError) {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            (1...65_535).contains(number), port == nil || port == number
        else { throw .badPort }
        port = number
    }

    /// `tcp:host\instance,port`
    private mutating func readServer(_ value: String) throws(SQLServerDSNError) {
        var text = value[...]
        if let mark = text.firstIndex(of: ":"),
            ["tcp", "np", "lpc", "admin"].contains(text[..<mark].lowercased())
        {
            guard text[..<mark].lowercased() == "tcp" else {
                throw .badValue(parameter: "server", expected: "reached by TCP (tcp:host,port)")
            }
            text = text[text.index(after: mark)...]
        }
        guard !text.lowercased().hasPrefix("(localdb)"), !text.hasPrefix("\\\\") else {
            throw .badValue(parameter: "server", expected: "reached by TCP (tcp:host,port)")
        }
        guard host == nil else { throw .repeatedParameter("server") }
        try readHost(String(text), mark: ",")
    }
}

// MARK: The settings

extension SQLServerDSNParser {
    private mutating func readSettings(
        _ settings: [(name: String, value: String)]
    ) throws(SQLServerDSNError) {
        var seen: Set<String> = []
        for (key, value) in settings {
            let name = SQLServerDSNParameters.name(key)
            if SQLServerDSNParameters.known.contains(name) {
                guard seen.insert(name).inserted else { throw .repeatedParameter(name) }
                try readKnown(name, value)
            } else {
                try readOther(name, value)
            }
        }
    }

    private mutating func readKnown(_ name: String, _ value: String) throws(SQLServerDSNError) {
        guard !value.isEmpty || name == "password" || name == "database" else { throw .emptyParameter(name) }
        switch name {
        case "server": try readServer(value)
        case "port": try readPort(value)
        case "user": user = value
        case "password": password = value
        case "database": database = value
        case "applicationintent":
            switch value.lowercased() {
            case "readonly": isReadOnly = true
            case "readwrite": isReadOnly = false
            default: throw .badValue(parameter: name, expected: "ReadOnly or ReadWrite")
            }
        default: try encryption.read(name, value: value)
        }
    }

    /// A key that is not known, dropped if it may be.
    private mutating func readOther(_ name: String, _ value: String) throws(SQLServerDSNError) {
        switch name {
        case "instancename":
            instance = value
        case "integrated":
            guard ["false", "no", "0"].contains(value.lowercased()) else {
                throw .unsupportedParameter("integrated security", reason: "name a user and a password")
            }
        case "authentication":
            guard ["sqlpassword", "sql password", "notspecified"].contains(value.lowercased()) else {
                throw .unsupportedParameter("authentication", reason: "name a user and a password")
            }
        case _ where SQLServerDSNParameters.ignored.contains(name):
            warnings.append("the parameter '\(name)' is not used: it means nothing to a probe")
        default:
            if let reason = SQLServerDSNParameters.unsupported[name] {
                throw .unsupportedParameter(name, reason: reason)
            }
            throw .unknownParameter(nearest: NearestName.to(name, among: SQLServerDSNParameters.known))
        }
    }
}
