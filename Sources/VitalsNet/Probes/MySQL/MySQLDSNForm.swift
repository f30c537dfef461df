/// Where the parts of a MySQL target are: of a URL, of what the Go driver takes, or of the latter behind the
/// scheme of the former. Says nothing of what they mean.
struct MySQLDSNForm: Equatable {
    enum Address: Equatable {
        /// As in a URL: a host, percent-encoded, and a port.
        case url(Substring)
        /// `tcp(...)`, the same as it is.
        case tcp(Substring)
        case unix(Substring)
    }

    /// Empty: nobody.
    var user: Substring = ""
    var password: Substring = ""
    var address: Address
    /// Without the slash before it.
    var database: Substring = ""
    /// Without the question mark before them.
    var parameters: Substring = ""
    /// Whether user and password stand as they are, with nothing percent-encoded.
    var isRaw: Bool
    /// Whether the keys among the parameters are keys for certain, and no pieces of a password.
    var canShowKeys = true

    private static let schemes = ["mysql", "mariadb", "mysql2"]
    private static let drivers = [
        "aiomysql", "asyncmy", "mariadbconnector", "mysqlconnector", "mysqldb", "pymysql",
    ]

    init(_ text: String) throws(MySQLDSNError) {
        let rest = Self.withoutScheme(text)
        if let form = try Self.goForm(rest ?? text[...], isWhole: rest == nil) {
            self = form
        } else {
            self = try Self.url(rest ?? text[...])
        }
    }

    private init(_ address: Address, isRaw: Bool) {
        self.address = address
        self.isRaw = isRaw
    }

    /// - Returns: nothing if there is no scheme of ours, as in the Go driver's form.
    private static func withoutScheme(_ text: String) -> Substring? {
        guard let mark = text.firstRange(of: "://") else { return nil }
        var scheme = text[..<mark.lowerBound].lowercased()
        if scheme.hasPrefix("jdbc:") { scheme.removeFirst("jdbc:".count) }
        let words = scheme.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        guard let dialect = words.first, schemes.contains(dialect) else { return nil }
        guard words.count == 1 || drivers.contains(words[1]) else { return nil }
        return text[mark.upperBound...]
    }

    // MARK: The Go driver's

    /// - Parameter isWhole: whether nothing stands before it: then it can be no URL.
    /// - Returns: nothing if it is no such form and may be a URL.
    private static func goForm(_ text: Substring, isWhole: Bool) throws(MySQLDSNError) -> MySQLDSNForm? {
        if let form = explicit(text) { return form }
        guard isWhole else { return nil }
        // Without an address in parentheses: the last slash, and the last @ before it.
        let named = text.prefix { $0 != "?" }
        guard let slash = named.lastIndex(of: "/") else { throw .notATarget }
        let left = text[..<slash]
        let sign = left.lastIndex(of: "@")
        let network = sign.map { left[left.index(after: $0)...] } ?? left
        guard network.isEmpty || network == "tcp" else { throw .notATarget }
        let rest = text[named.endIndex...].dropFirst()
        guard !named[slash...].contains("@"), !hasStrayAt(rest) else { throw .strayAt }
        return form(.tcp("127.0.0.1"), login: sign.map { left[..<$0] } ?? "", tail: text[slash...])
    }

    /// `...@tcp(...)...`: the last of that kind.
    private static func explicit(_ text: Substring) -> MySQLDSNForm? {
        for (network, isSocket) in [("tcp(", false), ("unix(", true)] {
            let login: Substring
            let inside: Substring.Index
            if let range = text.ranges(of: "@" + network).last {
                login = text[..<range.lowerBound]
                inside = range.upperBound
            } else if text.hasPrefix(network) {
                login = ""
                inside = text.index(text.startIndex, offsetBy: network.count)
            } else {
                continue
            }
            guard let end = text[inside...].firstIndex(of: ")") else { continue }
            let tail = text[text.index(after: end)...]
            guard tail.isEmpty || tail.first == "/" || tail.first == "?" else { continue }
            return form(
                isSocket ? .unix(text[inside..<end]) : .tcp(text[inside..<end]), login: login, tail: tail)
        }
        return nil
    }

    private static func form(_ address: Address, login: Substring, tail: Substring) -> MySQLDSNForm {
        var form = MySQLDSNForm(address, isRaw: true)
        form.user = login.prefix { $0 != ":" }
        form.password = login[form.user.endIndex...].dropFirst()
        let path = tail.prefix { $0 != "?" }
        form.database = path.dropFirst()
        form.parameters = tail[path.endIndex...].dropFirst()
        return form
    }

    // MARK: The URL

    /// A `#` begins no fragment here: it is an ordinary character.
    private static func url(_ rest: Substring) throws(MySQLDSNError) -> MySQLDSNForm {
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...].prefix { $0 != "?" }
        let query = rest[path.endIndex...].dropFirst()

        let signs = authority.count { $0 == "@" }
        guard signs <= 1, !path.contains("@"), !hasStrayAt(query) else { throw .strayAt }
        let sign = authority.firstIndex(of: "@")
        let host = sign.map { authority[authority.index(after: $0)...] } ?? authority
        var form = MySQLDSNForm(.url(host), isRaw: false)
        if let sign {
            form.user = authority[..<sign].prefix { $0 != ":" }
            form.password = authority[form.user.endIndex..<sign].dropFirst()
        }
        form.database = path.dropFirst()
        form.parameters = query
        form.canShowKeys = !query.contains("@") && (signs == 1 || !authority.contains(":"))
        return form
    }

    /// An `@` is taken in the value of a known parameter only; anywhere else it is the end of a password that
    /// held a `?`.
    private static func hasStrayAt(_ query: Substring) -> Bool {
        query.split(separator: "&").contains { piece in
            let key = String(piece.prefix { $0 != "=" })
            return piece.contains("@")
                && !MySQLDSNParameters.known.contains(MySQLDSNParameters.name(key))
        }
    }
}
