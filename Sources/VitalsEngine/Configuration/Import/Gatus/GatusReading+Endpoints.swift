import VitalsCore

extension GatusReading {
    /// What is gathered about one endpoint, which becomes a system with one check.
    struct Draft {
        let source: ImportSource
        let name: String
        let group: String?
        let id: String
        var kind = ""
        var target: [(String, JSON)] = []
        var conditions: [JSON] = []
        /// Reasons why it cannot do here what it did.
        var obstacles: [String] = []

        /// Where a value stands now, for the report.
        func place(_ key: String) -> String { "\(id).\(kind): \(key)" }
    }

    static let intervals = Duration.milliseconds(100) ... .seconds(168 * 3_600)
    static let timeouts = Duration.milliseconds(10) ... .seconds(600)
    private static let usualInterval = Duration.seconds(60)
    private static let usualTimeout = Duration.seconds(10)

    mutating func endpoint(_ source: ImportSource) {
        guard var draft = draft(source) else { return }
        guard let kind = GatusKind(source) else {
            return ledger.drop(source, "has no `url`, so that Gatus refuses it")
        }
        if case .unknown(let scheme) = kind {
            return ledger.drop(source, Self.unsupported(scheme))
        }
        draft.kind = kind.name
        switch kind {
        case .http: http(&draft)
        case .tcp(let address): tcp(address, tls: false, &draft)
        case .tls(let address, let startsTLS): tls(address, startsTLS: startsTLS, &draft)
        case .icmp(let host): icmp(host, &draft)
        case .dns: dns(&draft)
        case .webSocket: webSocket(&draft)
        case .unknown: break
        }
        client(&draft)
        conditions(&draft)
        finish(&draft)
    }

    /// The name is said here and no more; nothing: Gatus refuses it, and it is dropped.
    mutating func draft(_ source: ImportSource) -> Draft? {
        begin()
        guard !source.entries.isEmpty else {
            if !source.isEmpty { ledger.drop(source, "needs keys and values, so that Gatus refuses it") }
            return nil
        }
        guard let name = source["name"]?.text else {
            ledger.drop(source, "has no `name`, so that Gatus refuses it")
            return nil
        }
        let group = source["group"]?.text
        let id = ids.take(name, or: group.map { "\($0)-\(name)" }, in: "system")
        _ = text(source["name"], to: "\(id): name")
        return Draft(source: source, name: name, group: group, id: id)
    }

    static let untried =
        "could not be tried out, for it holds variables: `vitals config validate` does with them set"

    private static func unsupported(_ scheme: String) -> String {
        switch scheme {
        case "udp", "sctp": "there is no \(scheme) check; what answers over TCP can be asked by `tcp`"
        case "grpc", "grpcs": "there is no gRPC check; a `tcp` or `tls` check sees whether its port answers"
        case "ssh": "there is no SSH check; `tcp` with `expect: 'SSH-'` sees whether its server answers"
        default: "the scheme of its `url` is none that Gatus or Vitals knows"
        }
    }

    /// What every kind has in common: when it runs, whom it tells, and where it stands.
    mutating func finish(_ draft: inout Draft) {
        let source = draft.source
        var check: [(String, JSON)] = [
            ("id", .string(draft.kind)), (draft.kind, JSON(members: draft.target)),
        ]
        check += times(draft)
        let isEnabled = flag(source["enabled"], to: draft.place("enabled")) ?? true
        if !isEnabled || !draft.obstacles.isEmpty { check.append(("enabled", false)) }
        let telling = telling(draft)
        if let thresholds = telling.thresholds { check.append(("thresholds", thresholds)) }
        if !draft.conditions.isEmpty { check.append(("conditions", .array(draft.conditions))) }
        withoutCounterpart(in: source)

        var system: [(String, JSON)] = [("id", .string(draft.id)), ("name", .string(draft.name))]
        if let description = telling.description { system.append(("description", .string(description))) }
        if let group = group(draft) { system.append(("groups", [.string(group)])) }
        if let labels = labels(draft) { system.append(("labels", labels)) }
        let checks: JSON = .array([JSON(members: check)])
        if let refusal = refusal(of: ["systems": [JSON(members: system + [("checks", checks)])]]) {
            guard refusal.hasVariables else {
                return ledger.drop(source, "cannot be said here: \(refusal.message)")
            }
            ledger.note(.changed, source, Self.untried)
        }
        for obstacle in draft.obstacles {
            ledger.note(.changed, source, "is switched off (`enabled: false`): \(obstacle)")
        }
        system += [("notify", telling.notify), ("checks", checks)]
        add(system: JSON(members: system))
    }

    private mutating func times(_ draft: Draft) -> [(String, JSON)] {
        let source = draft.source
        var times: [(String, JSON)] = []
        let interval = duration(source["interval"], in: Self.intervals, to: draft.place("interval"))
        if let interval { times.append(("interval", .string(interval.text))) }
        guard draft.kind != "heartbeat" else { return [] }
        let written = source["client"]?["timeout"]
        if let timeout = duration(written, in: Self.timeouts, to: draft.place("timeout")), let written {
            // A longer one would be refused; the usual one is cut by the reader itself.
            let longest = interval == nil ? Self.usualInterval : interval?.duration
            if let longest, let own = timeout.duration, own > longest {
                times.append(("timeout", .string(DurationText.shown(longest))))
                ledger.note(.changed, written, "is cut to the interval: one run at a time")
            } else {
                times.append(("timeout", .string(timeout.text)))
            }
        }
        return times
    }

    private mutating func group(_ draft: Draft) -> String? {
        guard let source = draft.source["group"], let name = text(source, to: "\(draft.id): groups") else {
            return nil
        }
        let id = groups[name] ?? ids.take(name, in: "group")
        groups[name] = id
        if id != name { ledger.note(.changed, source, "a group is known by its id here: \(id)") }
        return id
    }

    /// Labels are the system's here, and no part of its metrics.
    private mutating func labels(_ draft: Draft) -> JSON? {
        guard let source = draft.source["extra-labels"], !source.isEmpty else { return nil }
        var labels: [(String, JSON)] = []
        for (name, part) in source.entries {
            guard SystemLabels.isName(name), !SystemLabels.reserved.contains(name) else {
                ledger.drop(part, "no label of a system can be called so")
                continue
            }
            guard !part.isEmpty, let value = text(part, to: "\(draft.id): labels.\(name)") else {
                ledger.drop(part, "a label of a system has a value")
                continue
            }
            ledger.note(.changed, part, "labels are the system's, and no part of its metrics")
            labels.append((name, .string(value)))
        }
        return labels.isEmpty ? nil : JSON(members: labels)
    }

    private mutating func withoutCounterpart(in source: ImportSource) {
        for (key, message) in Self.withoutCounterpart {
            if let part = source[key], !part.isEmpty { ledger.drop(part, message) }
        }
    }

    private static let withoutCounterpart = [
        (
            "maintenance-windows",
            "maintenance windows are not there yet: it is told of at any time; pause it by the API meanwhile"
        ),
        ("ui", "there are no pages yet; of a target nobody is shown a password or what variables put in"),
        ("store", "there are no suites"), ("always-run", "there are no suites"),
        ("ssh", "there is no SSH check"),
    ]
}

/// What an endpoint of Gatus is, by its URL.
enum GatusKind {
    case http
    case tcp(address: String)
    case tls(address: String, startsTLS: Bool)
    case icmp(host: String)
    case dns
    case webSocket
    case unknown(scheme: String)

    /// Nothing: it has no URL.
    init?(_ source: ImportSource) {
        guard let url = source["url"]?.text else { return nil }
        if let dns = source["dns"], !dns.isEmpty {
            self = .dns
            return
        }
        guard let colon = url.firstRange(of: "://"), !ImportVariables.beginsWithVariable(url) else {
            self = ImportVariables.beginsWithVariable(url) ? .http : .unknown(scheme: "")
            return
        }
        let scheme = String(url[..<colon.lowerBound])
        let rest = String(url[colon.upperBound...])
        switch scheme {
        case "http", "https": self = .http
        case "tcp": self = .tcp(address: rest)
        case "tls": self = .tls(address: rest, startsTLS: false)
        case "starttls": self = .tls(address: rest, startsTLS: true)
        case "icmp": self = .icmp(host: rest)
        case "ws", "wss": self = .webSocket
        default: self = .unknown(scheme: scheme)
        }
    }

    /// As the check's key.
    var name: String {
        switch self {
        case .http: "http"
        case .tcp: "tcp"
        case .tls: "tls"
        case .icmp: "icmp"
        case .dns: "dns"
        case .webSocket: "websocket"
        case .unknown: ""
        }
    }
}
