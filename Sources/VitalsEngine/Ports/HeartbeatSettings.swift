package import VitalsCore

/// What is written of a check that is not asked but pings.
package struct HeartbeatSettings: Sendable, Equatable {
    package let schedule: HeartbeatSchedule
    /// In small letters; nothing: one that follows from the health check's id.
    package let uuid: String?
    /// Nothing: likewise.
    package let token: Secret?
    /// In small letters; nothing: `<system>_<check>`.
    package let key: String?

    package init(_ schedule: HeartbeatSchedule, uuid: String? = nil, token: Secret? = nil, key: String? = nil)
    {
        self.schedule = schedule
        self.uuid = uuid
        self.token = token
        self.key = key
    }
}

/// By what a heartbeat's pings are known as its own.
package struct HeartbeatAddress: Sendable, Equatable {
    /// Of `/ping/<uuid>`.
    package let uuid: Secret
    /// Of `/api/push/<token>`, and what authenticates `/api/v1/endpoints/<key>/external`.
    package let token: Secret
    package let key: String
    /// By what they were known while it was called otherwise: clients go on as they did.
    package let former: [HeartbeatAddress]

    package init(uuid: Secret, token: Secret, key: String, former: [HeartbeatAddress] = []) {
        self.uuid = uuid
        self.token = token
        self.key = key
        self.former = former
    }
}
