import VitalsEngine

/// Which file a SQLite target names: a path, a `file:` URI as SQLite takes it, or a `sqlite:` URL as
/// SQLAlchemy takes it (`sqlite:///relative.db`, `sqlite:////absolute.db`).
struct SQLiteDSN: Sendable, Equatable {
    /// As it was written: a relative one is relative to the folder that this process runs in.
    let path: String
    /// The author vouches that nobody writes to it: no locks are taken and a write-ahead log is not read.
    let isImmutable: Bool
    /// What was read but will not be done, one sentence each.
    let warnings: [String]

    private static let longestPath = 4_095

    static func parse(_ text: String) throws(TargetError) -> SQLiteDSN {
        var reader = Reader()
        let path = try reader.read(text)
        guard !path.isEmpty else { throw TargetError("no path of a database file") }
        guard path != ":memory:", !reader.isInMemory else {
            throw TargetError("a database in memory is gone with the program that made it: name a file")
        }
        guard path.utf8.count <= longestPath else {
            throw TargetError("the path is longer than \(longestPath) bytes")
        }
        guard !path.utf8.contains(0) else { throw TargetError("a path cannot hold a zero byte") }
        return SQLiteDSN(path: path, isImmutable: reader.isImmutable, warnings: reader.warnings)
    }

    /// Reads back as the same file.
    var shown: String {
        let query = isImmutable ? "?immutable=1" : ""
        return "file:" + PercentEncoding.encode(path, keeping: "/").escapingLeadingSlashes + query
    }

    /// What sets the file apart from others, one unambiguous text.
    var identity: String { shown }

    /// What SQLite is given; its mode is what the probe wants, whatever was written.
    func uri(mode: String, isImmutable: Bool) -> String {
        let path = PercentEncoding.encode(path, keeping: "/").escapingLeadingSlashes
        return "file:\(path)?mode=\(mode)" + (isImmutable ? "&immutable=1" : "")
    }
}

extension String {
    /// A path that begins with two slashes would be read as a host.
    fileprivate var escapingLeadingSlashes: String {
        hasPrefix("//") ? "//" + self : self
    }
}

/// Takes a target apart.
private struct Reader {
    var isImmutable = false
    var isInMemory = false
    var warnings: [String] = []

    mutating func read(_ text: String) throws(TargetError) -> String {
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard scheme.utf8.count < text.utf8.count else { return text }
        let rest = text.dropFirst(scheme.count + 1)
        switch scheme {
        case "file": return try fileURI(rest)
        case "sqlite", "sqlite3": return try sqliteURL(rest)
        default: return text
        }
    }

    private mutating func fileURI(_ text: Substring) throws(TargetError) -> String {
        let (rest, query) = Self.split(text.prefix { $0 != "#" })
        try parameters(query)
        let path = try Self.withoutAuthority(rest)
        do {
            return try PercentEncoding.decode(path)
        } catch {
            throw TargetError("the path has a % that is no escape of a letter; a % itself is written %25")
        }
    }

    private mutating func sqliteURL(_ text: Substring) throws(TargetError) -> String {
        let (rest, query) = Self.split(text)
        try parameters(query)
        guard rest.hasPrefix("//") else { return String(rest) }
        let path = try Self.withoutAuthority(rest)
        guard path.first == "/" else { return String(path) }
        let inner = path.dropFirst()
        if inner.first != "/", !inner.isEmpty, inner != ":memory:" {
            warnings.append(
                "sqlite:/// names a path relative to the folder that Vitals runs in; "
                    + "an absolute one has four slashes")
        }
        return String(inner)
    }

    /// Without `//localhost` or `//`; any other host is somebody's mistake.
    private static func withoutAuthority(_ text: Substring) throws(TargetError) -> Substring {
        guard text.hasPrefix("//") else { return text }
        let rest = text.dropFirst(2)
        let authority = rest.prefix { $0 != "/" }
        guard authority.isEmpty || authority.lowercased() == "localhost" else {
            throw TargetError("a file has no host: write file:///path or sqlite:////path")
        }
        return rest.dropFirst(authority.count)
    }

    private static func split(_ text: Substring) -> (Substring, query: Substring) {
        let path = text.prefix { $0 != "?" }
        return (path, text.dropFirst(path.count + 1))
    }

    private mutating func parameters(_ query: Substring) throws(TargetError) {
        for parameter in query.split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? parts[1].lowercased() : ""
            try take(parts[0].lowercased(), value)
        }
    }

    private mutating func take(_ name: String, _ value: String) throws(TargetError) {
        switch (name, value) {
        case ("mode", "ro"), ("mode", "rw"): break
        case ("mode", "memory"): isInMemory = true
        case ("mode", "rwc"): warnings.append("mode=rwc is taken as mode=rw: a probe never makes a database")
        case ("immutable", "1"), ("immutable", "yes"), ("immutable", "true"), ("immutable", "on"):
            isImmutable = true
        case ("immutable", _): break
        case ("cache", _), ("vfs", _), ("nolock", _), ("psow", _), ("mode", _):
            warnings.append("\(name) is left out: a probe opens the file in its own way")
        default:
            guard warnings.count < 8 else { return }
            warnings.append("a parameter that is not known here is left out; those known are mode, immutable")
        }
    }
}
