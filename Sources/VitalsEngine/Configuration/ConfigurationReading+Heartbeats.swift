import VitalsCore

extension ConfigurationReading {
    static let heartbeatFields = [
        Field(
            "ping_key", .text(upTo: 128), isRequired: true, isSecret: true,
            "what stands before the names of heartbeats in /ping/<key>/<name>")
    ]
    private static let shortestPingKey = 16

    /// One key for the addresses of all heartbeats by their names.
    mutating func pingKey(_ value: Value?) -> Secret? {
        guard let section = section(value, keys: Self.heartbeatFields.map(\.name)) else { return nil }
        guard let written = section["ping_key"] else {
            if !section.hasUnknownKeys {
                report(section.value, "has no `ping_key`; write one, or leave it out")
            }
            return nil
        }
        return parsed(written) { given throws(Complaint) in
            let isPlain = given.text.utf8.allSatisfy { byte in
                ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-_".utf8.contains(byte)
            }
            guard isPlain, (Self.shortestPingKey...128).contains(given.text.utf8.count) else {
                throw Complaint(
                    "is no ping key: it has \(Self.shortestPingKey) to 128 letters, digits, - and _")
            }
            guard UUIDText.canonical(given.text) == nil else {
                throw Complaint("is a UUID, for which the addresses of single heartbeats would be taken")
            }
            return Secret(given.text)
        }
    }

    /// By what the pings of a heartbeat are known, which must be its own.
    mutating func address(
        _ settings: HeartbeatSettings, of healthCheck: HealthCheck, _ former: [HealthCheckID],
        _ value: Value
    ) -> HeartbeatAddress {
        let before = former.map { self.address(settings, of: $0) }
        let address = self.address(settings, of: healthCheck.id, before)
        // A key may be shown, the others not.
        take("uuid \(address.uuid.revealed)", "`uuid` is that of a heartbeat", value)
        take("key \(address.key)", "the key \(ShownText.quoted(address.key)) is that of a heartbeat", value)
        if let token = settings.token, let first = heartbeatNames["token \(token.revealed)"] {
            let place = place(of: first, seenFrom: value.node.position)
            warn(
                self.place(of: value),
                "`token` is also that of the heartbeat \(place): /api/push/<token> cannot tell them apart")
        }
        heartbeatNames["token \(address.token.revealed)"] = value.node.position
        return address
    }

    /// What is not written follows from the id.
    private func address(
        _ settings: HeartbeatSettings, of id: HealthCheckID, _ former: [HeartbeatAddress] = []
    ) -> HeartbeatAddress {
        let uuid = settings.uuid ?? UUIDText.custom(digest("heartbeat uuid \(id)").text) ?? id.text
        return HeartbeatAddress(
            uuid: Secret(uuid), token: settings.token ?? Secret(digest("heartbeat token \(id)").text),
            key: settings.key ?? id.text.replacing(".", with: "_"), former: former)
    }

    private mutating func take(_ name: String, _ what: String, _ value: Value) {
        if let first = heartbeatNames[name] {
            let place = place(of: first, seenFrom: value.node.position)
            report(value, "\(what) \(place); they must differ")
        } else {
            heartbeatNames[name] = value.node.position
        }
    }
}

extension ConfigurationReading.Defaults {
    /// The grace is what is borne with: what is missing then, or failed by its own account, is an outage.
    var ofHeartbeats: Self {
        var defaults = self
        defaults.thresholds.isWindow = false
        let rows = thresholds.rows
        defaults.thresholds.rows = Thresholds.Rows(
            failure: 1, success: 1, warn: rows.warn, degraded: rows.degraded)
        return defaults
    }
}
