import VitalsCore
import VitalsEngine

/// Where the Realtime server of a project is: `supabase://abcdefghijklmnopqrst`, or of one that somebody
/// hosts themselves `supabase+https://realtime.example.com`, with the path of its socket if it is another.
struct SupabaseAddress: Sendable, Equatable {
    /// The WebSocket, with the key in it.
    let url: HTTPURL
    /// Without the key.
    let shown: String

    /// As Supabase's own gateway has it.
    private static let usualPath = "/realtime/v1"

    /// - Throws: what is wrong with it; never any part of it that could be a secret.
    init(parsing text: String, key: Secret) throws(TargetError) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw TargetError("the address holds a space, a control character or a letter outside ASCII")
        }
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard let isSecure = Self.schemes[scheme], text.dropFirst(scheme.count).hasPrefix("://") else {
            throw TargetError(
                "the address must begin with supabase://, supabase+https://, supabase+http://, https:// or "
                    + "http://")
        }
        let rest = text.dropFirst(scheme.count + 3)
        guard !rest.contains(where: { "?#@".contains($0) }) else {
            throw TargetError("the address holds a user, a query or a fragment: the key goes into api_key")
        }
        let origin: String
        if scheme == "supabase" {
            let project = try Self.project(rest)
            origin = "wss://\(project).supabase.co\(Self.usualPath)"
            shown = "supabase://\(project)"
        } else {
            let authority = rest.prefix { $0 != "/" }
            let path = Self.path(rest.dropFirst(authority.count))
            origin = "\(isSecure ? "wss" : "ws")://\(authority)\(path)"
            let family = isSecure ? "https" : "http"
            shown = "supabase+\(family)://\(authority)\(path == Self.usualPath ? "" : path)"
        }
        let key = PercentEncoding.encode(key.revealed)
        url = try HTTPURL(parsing: "\(origin)/websocket?apikey=\(key)&vsn=1.0.0", as: .webSocket)
    }

    /// Whether TLS is spoken there.
    private static let schemes = [
        "supabase": true, "supabase+https": true, "https": true, "supabase+http": false, "http": false,
    ]

    private static func project(_ rest: Substring) throws(TargetError) -> String {
        let name = (rest.hasSuffix("/") ? rest.dropLast() : rest).lowercased()
        guard !name.isEmpty, name.utf8.count <= 63,
            name.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
        else {
            throw TargetError(
                "a project is known by its reference, letters and digits; the address of your own is "
                    + "supabase+https://host")
        }
        return name
    }

    /// Where a Phoenix socket is mounted; `/websocket` is added to that, if it does not stand there.
    private static func path(_ written: Substring) -> String {
        var path = written
        while path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix("/websocket") { path = path.dropLast("/websocket".count) }
        return path.isEmpty ? usualPath : String(path)
    }
}
