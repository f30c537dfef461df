import VitalsCore

extension GatusReading {
    /// As far as redirects are followed here; Gatus follows all of them.
    private static let redirects: JSON = 20
    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    mutating func http(_ draft: inout Draft) {
        let source = draft.source
        guard let written = source["url"], let url = text(written, to: draft.place("url")) else { return }
        let (address, found) = Self.split(url)
        draft.target.append(("url", .string(address)))
        if ImportVariables.beginsWithVariable(url) {
            ledger.note(
                .changed, written, "is taken for an http or https URL, as nothing but a variable says it")
        } else if ImportVariables.hasVariable(url) {
            ledger.note(
                .changed, written,
                "what a variable puts into a URL is percent-encoded for its place; Gatus puts it in as it is")
        }
        let method = method(draft)
        let isQuery = flag(source["graphql"], to: draft.place("body")) ?? false
        if let body = body(draft, isQuery: isQuery) {
            draft.target.append(("method", .string(method ?? "GET")))
            draft.target.append(("body", .string(body)))
        } else if let method {
            draft.target.append(("method", .string(method)))
        }
        headers(&draft, isQuery: isQuery)
        if let found, let login = login(found, written, draft) { draft.target.append(("basic", login)) }
        // A condition that names the status takes the place of this; without one Gatus takes any.
        draft.target.append(("status", "any"))
    }

    private static func logsIn(_ headers: JSON) -> Bool {
        guard case .object(let members) = headers else { return false }
        return members.contains { $0.name.lowercased() == "authorization" }
    }

    /// The URL without the login that stands in it, and that, as it was written.
    static func split(_ url: String) -> (url: String, login: (user: String, password: String)?) {
        guard let colon = url.firstRange(of: "://") else { return (url, nil) }
        let rest = url[colon.upperBound...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return (url, nil) }
        let words = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let stripped = String(url[..<colon.upperBound] + rest[rest.index(after: at)...])
        return (stripped, (String(words[0]), words.count > 1 ? String(words[1]) : ""))
    }

    /// What stood as login in the URL; nothing if it cannot be kept, which is told.
    mutating func login(
        _ login: (user: String, password: String), _ source: ImportSource, _ draft: Draft
    ) -> JSON? {
        guard !login.user.isEmpty, !login.password.isEmpty else {
            ledger.note(.changed, source, "a user without a password is left out")
            return nil
        }
        guard !draft.target.contains(where: { $0.0 == "headers" && Self.logsIn($0.1) }) else {
            ledger.note(.changed, source, "its login is left out: the header Authorization goes before it")
            return nil
        }
        if !ImportVariables.hasVariable(login.password) {
            tell(plainSecret: Self.decoded(login.password), in: source, "\(draft.id)_PASSWORD")
        }
        ledger.note(.changed, source, "user and password stand under `basic` here")
        return [
            "username": .string(Self.decoded(login.user)), "password": .string(Self.decoded(login.password)),
        ]
    }

    /// What was percent-encoded.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func method(_ draft: Draft) -> String? {
        guard let source = draft.source["method"], let text = source.text else { return nil }
        let method = text.uppercased()
        guard Self.methods.contains(method) || ImportVariables.hasVariable(text) else {
            ledger.drop(source, "there are \(Self.methods.joined(separator: ", ")); it is a GET here")
            return nil
        }
        _ = self.text(source, to: draft.place("method"))
        return ImportVariables.hasVariable(text) ? text : method
    }

    // MARK: What is sent

    /// What is sent as body, with what Gatus puts into it.
    ///
    /// - Parameter isQuery: whether it is a query of GraphQL, to be wrapped as such.
    mutating func body(_ draft: Draft, isQuery: Bool = false) -> String? {
        guard let source = draft.source["body"], var body = text(source, to: draft.place("body")) else {
            return nil
        }
        let known = [
            ("[ENDPOINT_NAME]", draft.name), ("[ENDPOINT_GROUP]", draft.group ?? ""),
            ("[ENDPOINT_URL]", draft.source["url"]?.text ?? ""),
        ]
        for (placeholder, value) in known where body.contains(placeholder) {
            body = body.replacing(placeholder, with: value)
            ledger.note(.changed, source, "\(placeholder) was put in once and for all")
        }
        if body.contains("[LOCAL_ADDRESS]") || body.contains("[RANDOM_STRING_") {
            ledger.note(
                .changed, source, "[LOCAL_ADDRESS] and [RANDOM_STRING_N] are sent as they stand there")
        }
        guard isQuery else { return body }
        if ImportVariables.hasVariable(body) {
            ledger.note(
                .changed, source, "what a variable puts into a GraphQL query must be written as JSON has it")
        }
        return (["query": .string(body)] as JSON).text
    }

    /// - Parameters:
    ///   - isQuery: whether a query of GraphQL is sent.
    ///   - usual: what Gatus sends where it is not written.
    mutating func headers(
        _ draft: inout Draft, isQuery: Bool, usual: (name: String, value: String)? = nil
    ) {
        var headers: [(String, JSON)] = []
        for (name, source) in draft.source["headers"]?.entries ?? [] {
            if let why = Self.refusal(ofHeader: name) {
                ledger.drop(source, why)
                continue
            }
            let place = draft.place("headers.\(name)")
            let isSecret = Self.isSecret(name)
            let value =
                isSecret
                ? secret(source, to: place, variable: "\(draft.id)_\(name)") : text(source, to: place)
            if let value { headers.append((name, .string(value))) }
        }
        let isTyped = headers.contains { $0.0.lowercased() == "content-type" }
        if !isTyped, isQuery {
            headers.append(("Content-Type", "application/json"))
        }
        if let usual, !headers.contains(where: { $0.0.lowercased() == usual.name.lowercased() }) {
            headers.append((usual.name, .string(usual.value)))
        }
        if !headers.isEmpty { draft.target.append(("headers", JSON(members: headers))) }
    }

    private static func refusal(ofHeader name: String) -> String? {
        if ImportVariables.hasVariable(name) { return "a variable cannot be the name of a header here" }
        let ours: Set = [
            "connection", "content-length", "expect", "http2-settings", "keep-alive", "proxy-authorization",
            "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
        ]
        return ours.contains(name.lowercased()) ? "follows from the request here and cannot be set" : nil
    }

    /// Whether a header's name says that its value is a secret.
    static func isSecret(_ name: String) -> Bool {
        let words = ["auth", "token", "key", "secret", "cookie", "password", "session"]
        return words.contains { name.lowercased().contains($0) }
    }

    // MARK: The way there

    /// What is said of an HTTP client, the timeout excepted.
    mutating func httpClient(_ client: ImportSource?, _ draft: inout Draft) {
        if flag(client?["ignore-redirect"], to: draft.place("redirects")) != true {
            draft.target += [("redirects", Self.redirects), ("insecure_redirects", true)]
        }
        var tls: [(String, JSON)] = []
        if flag(client?["insecure"], to: draft.place("tls.verify")) == true { tls.append(("verify", "none")) }
        tls += clientCertificate(client, draft)
        if !tls.isEmpty { draft.target.append(("tls", JSON(members: tls))) }
        if let proxy = client?["proxy-url"], let url = proxy.text {
            let isKnown = url.hasPrefix("http://") || ImportVariables.beginsWithVariable(url)
            if isKnown {
                let value = text(proxy, to: draft.place("proxy")) ?? url
                if value.contains("@"), !ImportVariables.hasVariable(value) {
                    tell(plainSecret: value, in: proxy, "\(draft.id)_PROXY")
                }
                draft.target.append(("proxy", .string(value)))
            } else {
                ledger.drop(proxy, "only proxies that are spoken to over http:// are known here")
                draft.obstacles.append("its proxy is of no kind that is known here")
            }
        }
        if let oauth2 = client?["oauth2"], !oauth2.isEmpty { self.oauth2(oauth2, &draft) }
    }

    mutating func clientCertificate(_ client: ImportSource?, _ draft: Draft) -> [(String, JSON)] {
        var tls: [(String, JSON)] = []
        let files = client?["tls"]
        let place = ["http", "websocket"].contains(draft.kind) ? "tls." : ""
        for (theirs, ours) in [("certificate-file", "certificate"), ("private-key-file", "key")] {
            if let path = text(files?[theirs], to: draft.place(place + ours)) {
                tls.append((ours, .string(path)))
            }
        }
        if let renegotiation = files?["renegotiation"], let text = renegotiation.text {
            if text == "never" {
                ledger.note(.carried, renegotiation, target: draft.place("tls"))
            } else {
                ledger.drop(renegotiation, "TLS is never renegotiated here")
            }
        }
        return tls
    }

    private mutating func oauth2(_ source: ImportSource, _ draft: inout Draft) {
        var oauth2: [(String, JSON)] = []
        for (theirs, ours) in [("token-url", "token_url"), ("client-id", "client_id")] {
            if let value = text(source[theirs], to: draft.place("oauth2.\(ours)")) {
                oauth2.append((ours, .string(value)))
            }
        }
        let place = draft.place("oauth2.client_secret")
        if let secret = secret(source["client-secret"], to: place, variable: "\(draft.id)_CLIENT_SECRET") {
            oauth2.append(("client_secret", .string(secret)))
        }
        let scopes = (source["scopes"]?.items ?? []).compactMap { text($0, to: draft.place("oauth2.scopes")) }
        if !scopes.isEmpty { oauth2.append(("scopes", .array(scopes.map { .string($0) }))) }
        draft.target.append(("oauth2", JSON(members: oauth2)))
    }
}
