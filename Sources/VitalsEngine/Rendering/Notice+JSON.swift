import VitalsCore

extension Notice {
    /// The words of a notification: what a webhook gets.
    ///
    /// - Parameter view: the health check as it is with this event; nothing when it is not configured any
    ///   more, or when the server speaks of itself.
    func body(_ view: HealthCheckView?, under publicURL: String? = nil, at now: Timestamp) -> JSON {
        [
            "id": .string(id.text),
            "type": .string(kind.rawValue),
            "at": JSON(at),
            "episode": JSON(episode?.text),
            "reason": JSON(reason),
            "system": system(view),
            "health_check": view?.json(at: now) ?? event.map { ["id": .string($0.healthCheck.text)] }
                ?? .null,
            "previous_state": JSON(event?.from.rawValue),
            "state": JSON(event?.to.rawValue),
            "link": JSON(link(under: publicURL)),
        ]
    }

    /// The notification, its words frozen as of `now`.
    ///
    /// - Parameter publicURL: where people reach the server; nothing: no link.
    func written(
        _ view: HealthCheckView?, under publicURL: String? = nil, at now: Timestamp
    ) -> Notification {
        Notification(
            id: id, channel: channel, kind: kind, at: at, createdAt: now, episode: episode,
            healthCheck: event?.healthCheck, body: body(view, under: publicURL, at: now).text)
    }

    /// A path that stays, whatever answers there.
    private func link(under publicURL: String?) -> String? {
        guard let publicURL, let event else { return nil }
        return "\(publicURL)/health-checks/\(event.healthCheck.text)"
    }

    /// A name falls back to the id, and the id to the part of the health check's before the dot.
    private func system(_ view: HealthCheckView?) -> JSON {
        if let view {
            return ["id": .string(view.healthCheck.system.text), "name": .string(view.systemName)]
        }
        guard let event else { return .null }
        let id = String(event.healthCheck.text.prefix { $0 != "." })
        return ["id": .string(id), "name": .string(id)]
    }
}
