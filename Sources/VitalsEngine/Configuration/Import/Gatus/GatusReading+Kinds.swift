import VitalsCore

extension GatusReading {
    mutating func tcp(_ address: String, tls: Bool, _ draft: inout Draft) {
        let source = draft.source
        _ = text(source["url"], to: draft.place("address"))
        draft.target.append(("address", .string(Self.withoutPath(address))))
        if let body = body(draft) {
            var step: [(String, JSON)] = [("send", .string(Self.escaped(body)))]
            // Gatus reads once. Where nobody asks what came, nothing is waited for.
            if readsBody(source) { step.append(("matches", "(?s).+")) }
            draft.target.append(("steps", [JSON(members: step)]))
        }
        if tls { draft.target.append(("tls", true)) }
        unused(
            ["method", "headers", "graphql"], of: source, "has no meaning for this kind, in Gatus neither")
    }

    mutating func tls(_ address: String, startsTLS: Bool, _ draft: inout Draft) {
        let source = draft.source
        if source["body"]?.text != nil, !startsTLS {
            draft.kind = "tcp"
            return tcp(address, tls: true, &draft)
        }
        _ = text(source["url"], to: draft.place("address"))
        draft.target.append(("address", .string(Self.withoutPath(address))))
        if startsTLS { draft.target.append(("starttls", "smtp")) }
        // Conditions alone judge a certificate's days, as they do in Gatus.
        draft.target += [("warn_days", 0), ("fail_days", 0)]
        unused(
            ["method", "headers", "graphql", "body"], of: source,
            "has no meaning for this kind, in Gatus neither")
    }

    mutating func icmp(_ host: String, _ draft: inout Draft) {
        _ = text(draft.source["url"], to: draft.place("host"))
        draft.target += [("host", .string(host)), ("count", 1)]
        unused(
            ["method", "headers", "graphql", "body"], of: draft.source,
            "has no meaning for this kind, in Gatus neither")
        guard let network = draft.source["client"]?["network"], let family = network.text else { return }
        switch family {
        case "ip": ledger.note(.carried, network, target: draft.place("family"))
        case "ip4", "ip6":
            ledger.note(.carried, network, target: draft.place("family"))
            draft.target.append(("family", .string(family)))
        default: ledger.drop(network, "there are ip, ip4 and ip6; it is ip here")
        }
    }

    mutating func dns(_ draft: inout Draft) {
        let source = draft.source
        if let name = text(source["dns"]?["query-name"], to: draft.place("name")) {
            draft.target.append(("name", .string(name)))
        }
        if let type = text(source["dns"]?["query-type"], to: draft.place("type")) {
            draft.target.append(("type", .string(type.uppercased())))
        }
        if let written = source["url"], let url = text(written, to: draft.place("server")) {
            let words = url.split(separator: "://", maxSplits: 1).map(String.init)
            let server = words.last ?? url
            draft.target.append(("server", .string(server)))
            if words.count == 2 {
                if words[0] == "tcp" { draft.target.append(("transport", "tcp")) }
                ledger.note(.changed, written, "is the server alone here: \(words[0]):// is said elsewhere")
            }
        }
        let judges = (source["conditions"]?.items ?? []).contains { condition in
            let text = condition.text?.uppercased() ?? ""
            return text.contains("[DNS_RCODE]") || text.contains("[BODY]")
        }
        if !judges, let block = source["dns"] {
            ledger.note(
                .changed, block,
                "a name that does not exist, or has no such record, fails here; in Gatus only where a "
                    + "condition asks for [DNS_RCODE] or [BODY]")
        }
        unused(
            ["method", "headers", "graphql", "body"], of: source,
            "has no meaning for this kind, in Gatus neither")
    }

    /// The client's settings: those of the kind, and those that nothing corresponds to.
    mutating func client(_ draft: inout Draft) {
        let client = draft.source["client"]
        if draft.kind == "http" {
            httpClient(client, &draft)
        } else if draft.kind == "websocket" {
            webSocketClient(client, &draft)
        } else {
            let isSecure = draft.kind == "tls" || draft.target.contains { $0.0 == "tls" }
            if isSecure {
                if flag(client?["insecure"], to: draft.place("verify")) == true {
                    draft.target.append(("verify", "none"))
                }
                draft.target += clientCertificate(client, draft)
            }
            unused(
                ["ignore-redirect", "oauth2", "proxy-url"] + (isSecure ? [] : ["insecure", "tls"]),
                of: client,
                "has no meaning for this kind, in Gatus neither")
        }
        unused(
            ["dns-resolver"], of: client,
            "names are looked up as this machine does it: a check has no resolver of its own")
        unused(["store-cookies"], of: client, "cookies are never kept from one run to the next")
        unused(["network"], of: draft.kind == "icmp" ? nil : client, "counts for ICMP only, in Gatus too")
        obstacle(
            "tunnel", in: client, "there are no SSH tunnels: run Vitals where the target can be reached",
            &draft)
        obstacle(
            "identity-aware-proxy", in: client, "there is no login by Google's identity-aware proxy", &draft)
    }

    private mutating func obstacle(
        _ key: String, in client: ImportSource?, _ message: String, _ draft: inout Draft
    ) {
        guard let source = client?[key], !source.isEmpty else { return }
        ledger.drop(source, message)
        draft.obstacles.append(message)
    }

    mutating func unused(_ keys: [String], of source: ImportSource?, _ message: String) {
        for key in keys {
            if let part = source?[key], !part.isEmpty { ledger.drop(part, message) }
        }
    }

    /// Whether some condition asks what came.
    private func readsBody(_ source: ImportSource) -> Bool {
        source["conditions"]?.items.contains { $0.text?.uppercased().contains("[BODY]") ?? false } ?? false
    }

    /// `host:port` of `host:port/path`, as Gatus takes it of `tcp://`.
    private static func withoutPath(_ address: String) -> String { String(address.prefix { $0 != "/" }) }

    /// As `send` wants bytes that mean something in it. (By scalars: CR and LF are one character.)
    private static func escaped(_ text: String) -> String {
        let escapes: [Unicode.Scalar: String] = ["\\": "\\\\", "\r": "\\r", "\n": "\\n", "\t": "\\t"]
        return text.unicodeScalars.reduce(into: "") { $0 += escapes[$1] ?? String($1) }
    }

    // MARK: Those that push

    mutating func externalEndpoint(_ source: ImportSource) {
        guard var draft = draft(source) else { return }
        draft.kind = "heartbeat"
        guard forms.contains(where: { $0.kind.name == draft.kind }) else {
            return ledger.drop(source, "this version has no heartbeats: nothing can be pushed to it")
        }
        let range = Duration.seconds(10) ... .seconds(365 * 86_400)
        let interval = source["heartbeat"]?["interval"]
        if let period = duration(interval, in: range, to: draft.place("period")) {
            draft.target.append(("period", .string(period.text)))
        } else {
            draft.target.append(("period", "8760h"))
            ledger.note(
                .changed, source,
                "has no heartbeat.interval, so that in Gatus no silence is too long; here a year of it is")
        }
        draft.target.append(("grace", "10s"))
        let token = secret(source["token"], to: draft.place("token"), variable: "\(draft.id)_TOKEN")
        if let token { draft.target.append(("token", .string(token))) }
        if ImportVariables.hasVariable((draft.group ?? "") + draft.name) {
            ledger.note(
                .changed, source, "clients call it by a key that holds the variable's name, not its value")
        }
        let key = Self.key(
            group: ImportVariables.named(draft.group ?? ""), name: ImportVariables.named(draft.name))
        draft.target.append(("key", .string(key)))
        finish(&draft)
    }

    /// By which Gatus's clients call it.
    static func key(group: String, name: String) -> String {
        func part(_ text: String) -> String {
            String(text.lowercased().map { " /_,.#+&".contains($0) ? "-" : $0 })
        }
        return "\(part(group))_\(part(name))"
    }
}
