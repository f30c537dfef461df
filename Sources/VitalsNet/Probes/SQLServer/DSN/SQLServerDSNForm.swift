/// Where the parts of a SQL Server target are: of a URL, of what JDBC takes, or of a list of settings as
/// ADO.NET and ODBC have it. Says nothing of what they mean.
struct SQLServerDSNForm: Equatable {
    /// Percent-encoded where `isEncoded`.
    var user: Substring?
    var password: Substring?
    /// With its instance and port, if it names them.
    var host: Substring = ""
    /// Behind the host: an instance, or, as many write it, a database.
    var path: Substring = ""
    var settings: [(name: String, value: String)] = []
    var isEncoded = false

    static func == (left: Self, right: Self) -> Bool {
        left.user == right.user && left.password == right.password && left.host == right.host
            && left.path == right.path && left.isEncoded == right.isEncoded
            && left.settings.map(\.name) == right.settings.map(\.name)
            && left.settings.map(\.value) == right.settings.map(\.value)
    }

    private static let schemes = ["sqlserver", "mssql"]
    private static let drivers = ["pymssql", "pyodbc", "aioodbc"]

    init(_ text: String) throws(SQLServerDSNError) {
        if let mark = text.firstRange(of: "://"), !text[..<mark.lowerBound].contains("=") {
            var scheme = text[..<mark.lowerBound].lowercased()
            let isJDBC = scheme.hasPrefix("jdbc:")
            if isJDBC { scheme.removeFirst("jdbc:".count) }
            let words = scheme.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
            guard let first = words.first, Self.schemes.contains(first), words.count <= 2,
                words.count == 1 || Self.drivers.contains(words[1])
            else { throw .notATarget }
            let rest = text[mark.upperBound...]
            if isJDBC { try readJDBC(rest) } else { try readURL(rest) }
            return
        }
        guard text.contains("=") else { throw .notATarget }
        let prefix = ["odbc:", "sqlserver:", "mssql:"].first { text.lowercased().hasPrefix($0) } ?? ""
        try readSettings(text.dropFirst(prefix.count))
    }

    /// A `#` begins no fragment here: it is an ordinary character.
    private mutating func readURL(_ rest: Substring) throws(SQLServerDSNError) {
        isEncoded = true
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let afterHost = rest[authority.endIndex...]
        path = afterHost.prefix { $0 != "?" }.dropFirst()
        let query = afterHost.drop { $0 != "?" }.dropFirst()
        let signs = authority.count { $0 == "@" }
        guard signs <= 1, !path.contains("@") else { throw .strayAt }
        let sign = authority.firstIndex(of: "@")
        host = sign.map { authority[authority.index(after: $0)...] } ?? authority
        if let sign {
            let login = authority[..<sign]
            let name = login.prefix { $0 != ":" }
            user = name
            password = login[name.endIndex...].dropFirst()
        }
        for piece in query.split(separator: "&") {
            let key = piece.prefix { $0 != "=" }
            let name = try Self.decode(key)
            let isKnown = SQLServerDSNParameters.known.contains(SQLServerDSNParameters.name(name))
            guard isKnown || !piece.contains("@") else { throw .strayAt }
            settings.append((name, try Self.decode(piece[key.endIndex...].dropFirst())))
        }
    }

    private static func decode(_ text: Substring) throws(SQLServerDSNError) -> String {
        do {
            return try PercentEncoding.decode(text)
        } catch {
            throw .badEscape(in: .parameter)
        }
    }

    /// `host\instance:port;name=value;...`
    private mutating func readJDBC(_ rest: Substring) throws(SQLServerDSNError) {
        host = rest.prefix { $0 != ";" }
        guard !host.contains("@") else { throw .strayAt }
        try readSettings(rest[host.endIndex...])
    }

    /// `name=value;name={value};...`: a value in braces, or in quotes of either kind, is taken as it is, with
    /// its closing sign doubled.
    private mutating func readSettings(_ text: Substring) throws(SQLServerDSNError) {
        var rest = text
        while true {
            rest = rest.drop { $0 == ";" || $0 == " " }
            guard !rest.isEmpty else { return }
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest[name.endIndex...]
            guard rest.first == "=" else { throw .unknownParameter(nearest: nil) }
            rest = rest.dropFirst().drop { $0 == " " }
            let value: String
            switch rest.first {
            case "{": value = try Self.takeQuoted(&rest, until: "}")
            case "\"": value = try Self.takeQuoted(&rest, until: "\"")
            case "'": value = try Self.takeQuoted(&rest, until: "'")
            default:
                let plain = rest.prefix { $0 != ";" }
                rest = rest[plain.endIndex...]
                value = Self.trimmed(plain)
            }
            settings.append((Self.trimmed(name), value))
        }
    }

    private static func takeQuoted(
        _ rest: inout Substring, until end: Character
    ) throws(SQLServerDSNError) -> String {
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst() {
            if character == end {
                guard rest.first == end else {
                    rest = rest.drop { $0 == " " }
                    guard rest.isEmpty || rest.first == ";" else { throw .openQuote }
                    return value
                }
                rest = rest.dropFirst()
            }
            value.append(character)
        }
        throw .openQuote
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
