/// A notification as it was written down, read back: what people are told, the same by every channel. What
/// is not there, or not what it should be, is left out.
package struct Message: Sendable, Equatable {
    package var id: String
    /// Nothing: of a kind that this version does not know.
    package var type: NoticeKind?
    package var at: String?
    package var episode: String?
    package var reason: String?
    package var systemID: String?
    /// What people call the system; never empty.
    package var name: String
    package var healthCheck: String?
    package var check: String?
    package var kind: String?
    /// The target without its secrets.
    package var address: String?
    package var state: String?
    package var previousState: String?
    package var cause: Cause?
    package var phase: Phase?
    package var code: String?
    /// What the last run said.
    package var text: String?
    package var failures: Int64
    package var since: String?
    package var checkedAt: String?
    package var latency: JSON?
    /// Where more is to be seen.
    package var link: String?

    /// - Parameter body: what `Notice.body` wrote.
    package init(_ body: JSON) {
        let system = body["system"]
        let healthCheck = body["health_check"]
        let run = healthCheck?["last_run"]
        id = body["id"]?.text(upTo: 64) ?? ""
        type = body["type"]?.text(upTo: 32).flatMap { NoticeKind(rawValue: $0) }
        at = body["at"]?.text(upTo: 32)
        episode = body["episode"]?.text(upTo: 64)
        reason = body["reason"]?.text(upTo: 128)
        systemID = system?["id"]?.text(upTo: 128)
        self.healthCheck = healthCheck?["id"]?.text(upTo: 256)
        check = healthCheck?["check"]?["id"]?.text(upTo: 128)
        kind = healthCheck?["check"]?["kind"]?.text(upTo: 32)
        address = healthCheck?["target"]?.text(upTo: 1_024)
        state = body["state"]?.text(upTo: 32)
        previousState = body["previous_state"]?.text(upTo: 32)
        cause = run?["cause"]?.text(upTo: 64).flatMap { Cause(rawValue: $0) }
        phase = run?["phase"]?.text(upTo: 64).flatMap { Phase(rawValue: $0) }
        code = run?["code"]?.text(upTo: 128)
        text = run?["message"]?.text(upTo: 2_048)
        failures = healthCheck?["consecutive_failures"]?.count ?? 0
        since = healthCheck?["since"]?.text(upTo: 32)
        checkedAt = run?["at"]?.text(upTo: 32)
        latency = run?["latency_ms"]?.number
        link = body["link"]?.text(upTo: 2_048)
        // People must be told of what, whatever it is called.
        name =
            [system?["name"]?.text(upTo: 256), systemID, self.healthCheck].compactMap(\.self)
            .first { $0.contains { !$0.isWhitespace } } ?? "Vitals"
    }

    /// Whether a channel is only tried out.
    package var isTest: Bool { type == .self && reason == Notice.test }

    /// - Parameter body: the frozen JSON text of a notification.
    package init(reading body: String) {
        self.init((try? JSON(parsing: Array(body.utf8))) ?? .null)
    }
}

extension JSON {
    /// A text that is not empty, cut after so many bytes.
    fileprivate func text(upTo limit: Int) -> String? {
        guard case .string(let text) = self, !text.isEmpty else { return nil }
        guard text.utf8.count > limit else { return text }
        var cut = ""
        for scalar in text.unicodeScalars {
            guard cut.utf8.count + UTF8.width(scalar) <= limit else { break }
            cut.unicodeScalars.append(scalar)
        }
        return cut
    }

    fileprivate var count: Int64? {
        if case .integer(let number) = self, number > 0 { number } else { nil }
    }

    fileprivate var number: JSON? {
        switch self {
        case .integer, .number, .decimal: self
        default: nil
        }
    }

    fileprivate subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }
}
