import VitalsCore
import VitalsEngine

/// A deployment of Convex: `convex+https://happy-animal-123.convex.cloud`, and what is asked of it.
struct ConvexTarget: Sendable, Equatable {
    /// A query of the application's own.
    struct Query: Sendable, Equatable {
        /// `module:function`.
        let path: String
        /// A JSON object.
        let arguments: String

        /// What is posted to `/api/query` (docs.convex.dev, "HTTP API").
        var body: String {
            #"{"path":\#(JSON.string(path).text),"args":\#(arguments),"format":"json"}"#
        }
    }

    let url: HTTPURL
    let query: Query?
    /// As people may see it.
    let address: String

    static let schemes = ["convex+https", "convex+http", "convex"]

    /// - Throws: what cannot be, and in which field.
    init(_ settings: Settings) throws(TargetError) {
        let text = settings.text("url") ?? ""
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard text.contains("://"), Self.schemes.contains(scheme) else {
            throw TargetError("does not begin with convex+https:// or, on this machine, convex+http://")
        }
        let rest = text.dropFirst(scheme.count + "://".count)
        guard !rest.contains(where: { "?#@".contains($0) }) else {
            throw TargetError("holds a user, a query or a fragment, which a deployment has not")
        }
        var host = String(rest)
        if host.hasSuffix("/") { host.removeLast() }
        guard !host.contains("/") else { throw TargetError("holds a path, which a deployment has not") }
        query = try Self.query(settings)
        let web = scheme == "convex+http" ? "http" : "https"
        let url = try HTTPURL(parsing: "\(web)://\(host)\(query == nil ? "/version" : "/api/query")")
        self.url = url
        address = "convex+\(url.origin)"
    }

    private static func query(_ settings: Settings) throws(TargetError) -> Query? {
        guard let path = settings.text("query") else {
            guard !settings.has("args") else { throw TargetError("are for a `query`", field: "args") }
            return nil
        }
        let arguments = settings.text("args") ?? "{}"
        guard let json = try? JSON(parsing: Array(arguments.utf8), .strict), case .object = json else {
            throw TargetError("are no JSON object", field: "args")
        }
        return Query(path: path, arguments: json.text)
    }
}
