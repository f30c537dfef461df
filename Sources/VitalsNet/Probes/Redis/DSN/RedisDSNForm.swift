/// Where the parts of a Redis target are. Says nothing of what they mean.
struct RedisDSNForm: Equatable {
    /// Still percent-encoded, as everything here. Nothing: no colon stood before the `@`, or no `@` at all.
    var user: Substring?
    /// What stands before the `@`, behind the colon or alone.
    var password: Substring = ""
    /// Host and port; of a socket nothing.
    var address: Substring = ""
    /// With the slash at its beginning, if there is anything.
    var path: Substring = ""
    /// Without the question mark before them.
    var parameters: Substring = ""
    let isEncrypted: Bool
    let isSocket: Bool
    let isSentinel: Bool
    /// Whether the keys among the parameters are keys for certain, and no pieces of a password.
    private(set) var canShowKeys = true

    private static let plain = ["redis", "valkey", "redis+tcp"]
    private static let encrypted = ["rediss", "valkeys", "redis+ssl", "redis+tls"]
    private static let sockets = ["redis+unix", "redis-socket", "valkey+unix", "valkey-socket", "unix"]
    private static let sentinels = ["redis-sentinel", "valkey-sentinel"]
    private static let encryptedSentinels = ["rediss-sentinel", "valkeys-sentinel"]

    /// By which the command line knows the kind; `unix` alone says too little there.
    static let schemes =
        (plain + encrypted + sockets + sentinels + encryptedSentinels).filter { $0 != "unix" }

    init(_ text: String) throws(RedisDSNError) {
        guard let mark = text.firstRange(of: "://") else { throw .notATarget }
        let scheme = text[..<mark.lowerBound].lowercased()
        isSocket = Self.sockets.contains(scheme)
        isSentinel = (Self.sentinels + Self.encryptedSentinels).contains(scheme)
        isEncrypted = (Self.encrypted + Self.encryptedSentinels).contains(scheme)
        guard isSocket || isSentinel || isEncrypted || Self.plain.contains(scheme) else { throw .notATarget }
        try read(text[mark.upperBound...])
    }

    /// A `#` begins no fragment here: it is an ordinary character.
    private mutating func read(_ rest: Substring) throws(RedisDSNError) {
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        path = rest[authority.endIndex...].prefix { $0 != "?" }
        parameters = rest[authority.endIndex...].dropFirst(path.count + 1)
        let signs = authority.count { $0 == "@" }
        guard signs <= 1, !path.contains("@"), !Self.hasStrayAt(parameters) else { throw .strayAt }
        address = authority
        canShowKeys = !parameters.contains("@") && (signs == 1 || !authority.contains(":"))
        guard let sign = authority.firstIndex(of: "@") else { return }
        address = authority[authority.index(after: sign)...]
        let login = authority[..<sign]
        let name = login.prefix { $0 != ":" }
        if name.endIndex == login.endIndex {
            password = login
        } else {
            user = name
            password = login[name.endIndex...].dropFirst()
        }
    }

    /// An `@` is taken in the value of a known parameter only; anywhere else it is the end of a password that
    /// held a `?`.
    private static func hasStrayAt(_ query: Substring) -> Bool {
        query.split(separator: "&").contains { piece in
            let key = String(piece.prefix { $0 != "=" })
            return piece.contains("@")
                && !RedisDSNParameters.known.contains(RedisDSNParameters.name(key))
        }
    }
}
