import VitalsCore
import VitalsEngine

/// A database of Cloudflare D1: `d1://account/database`, and what knows us there.
struct D1Target: Sendable {
    let account: String
    let database: String
    let key: Secret
    /// Of its `query` call.
    let url: HTTPURL

    static let usualBase = "https://api.cloudflare.com/client/v4"

    /// - Throws: what is missing or cannot be, and in which field; without any secret.
    init(_ settings: Settings) throws(TargetError) {
        let parts = try Self.parts(of: settings.text("url") ?? "")
        account = try Self.id(
            parts.account ?? settings.text("account"), "account", variable: D1Variables.account)
        database = try Self.id(
            parts.database ?? settings.text("database"), "database", variable: D1Variables.database)
        guard let key = settings.secret("api_key") else {
            throw TargetError(
                "has no key: write `api_key`, or set \(D1Variables.key)", field: "api_key")
        }
        guard key.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !key.revealed.isEmpty else {
            throw TargetError("a key holds neither spaces nor letters outside ASCII", field: "api_key")
        }
        self.key = key
        url = try Self.url(settings.text("base_url") ?? Self.usualBase, account, database)
    }

    /// As people may see it.
    var address: String { "d1://\(account)/\(database)" }

    private static func parts(
        of text: String
    ) throws(TargetError) -> (account: String?, database: String?) {
        guard !text.isEmpty else { return (nil, nil) }
        guard text.lowercased().hasPrefix("d1://") else {
            throw TargetError("does not begin with d1://, as in d1://account/database")
        }
        let rest = text.dropFirst("d1://".count)
        guard !rest.contains(where: { "?#@".contains($0) }) else {
            throw TargetError("holds more than d1://account/database: the key stands in `api_key`")
        }
        var parts = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, parts.last == "" { parts.removeLast() }
        guard parts.count <= 2 else { throw TargetError("has more parts than d1://account/database") }
        let given = parts.map { $0.isEmpty ? nil : $0 }
        return (given[0], given.count > 1 ? given[1] : nil)
    }

    private static func id(
        _ text: String?, _ field: String, variable: String
    ) throws(TargetError) -> String {
        guard let text else {
            throw TargetError("names no \(field): write d1://account/database, or set \(variable)")
        }
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        guard (1...64).contains(text.utf8.count), isPlain else {
            throw TargetError("the \(field)'s id is not of letters, digits and dashes")
        }
        return text
    }

    private static func url(
        _ base: String, _ account: String, _ database: String
    ) throws(TargetError) -> HTTPURL {
        guard !base.contains("?"), !base.contains("#") else {
            throw TargetError("has a query or a fragment", field: "base_url")
        }
        var base = base
        while base.hasSuffix("/") { base.removeLast() }
        do {
            return try HTTPURL(parsing: "\(base)/accounts/\(account)/d1/database/\(database)/query")
        } catch {
            throw TargetError(error.message, field: "base_url")
        }
    }
}

/// The environment variables that stand in for settings.
enum D1Variables {
    static let account = "CLOUDFLARE_ACCOUNT_ID"
    static let database = "CLOUDFLARE_DATABASE_ID"
    static let key = "CLOUDFLARE_API_KEY"
    static let base = "D1_API_BASE_URL"
}
