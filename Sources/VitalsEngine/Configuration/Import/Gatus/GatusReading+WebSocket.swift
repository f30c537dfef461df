import VitalsCore

extension GatusReading {
    /// Gatus sends its body, even where there is none, takes the first message that comes, and neither pings
    /// nor looks at subprotocols.
    mutating func webSocket(_ draft: inout Draft) {
        let source = draft.source
        guard let written = source["url"], let url = text(written, to: draft.place("url")) else { return }
        let (address, found) = Self.split(url)
        draft.target.append(("url", .string(address)))
        if ImportVariables.hasVariable(url) {
            ledger.note(
                .changed, written,
                "what a variable puts into a URL is percent-encoded for its place; Gatus puts it in as it is")
        }
        let body = body(draft) ?? ""
        draft.target += [("steps", [["send": .string(body), "any": true]]), ("ping", false)]
        headers(&draft, isQuery: false, usual: ("Origin", "http://localhost/"))
        if let found, let login = login(found, written, draft) { draft.target.append(("basic", login)) }
        unused(["method", "graphql"], of: source, "has no meaning for this kind, in Gatus neither")
    }

    /// What is said of its client, the timeout excepted.
    mutating func webSocketClient(_ client: ImportSource?, _ draft: inout Draft) {
        var tls: [(String, JSON)] = []
        if flag(client?["insecure"], to: draft.place("tls.verify")) == true { tls.append(("verify", "none")) }
        tls += clientCertificate(client, draft)
        if !tls.isEmpty { draft.target.append(("tls", JSON(members: tls))) }
        unused(
            ["ignore-redirect", "oauth2", "proxy-url"], of: client,
            "has no meaning for this kind, in Gatus neither")
    }
}
