package import VitalsCore

/// Whose an address is that something pings.
package struct HeartbeatDirectory: Sendable {
    /// Whose it is.
    package enum Found: Sendable, Equatable {
        case one(HealthCheckID)
        case several
        case none
    }

    private struct Entry {
        let id: HealthCheckID
        let address: HeartbeatAddress
    }

    private var entries: [HealthCheckID: HeartbeatAddress] = [:]
    /// By hashes that nobody outside can foretell, so that looking one up tells nothing of the others.
    private var byUUID: [Int: [Entry]] = [:]
    private var byToken: [Int: [Entry]] = [:]
    private var byKey: [String: [Entry]] = [:]
    private var bySlug: [String: [HealthCheckID]] = [:]
    private let pingKey: Secret?

    package init(_ configuration: Configuration) {
        pingKey = configuration.pingKey
        for healthCheck in configuration.healthChecks {
            guard let address = healthCheck.heartbeat else { continue }
            let id = healthCheck.healthCheck.id
            entries[id] = address
            add(address, of: id)
            bySlug[id.text, default: []].append(id)
            bySlug[healthCheck.healthCheck.check.text, default: []].append(id)
        }
        // Whoever still calls one as it was called is heard, unless another is called so now.
        for healthCheck in configuration.healthChecks {
            let id = healthCheck.healthCheck.id
            for address in healthCheck.heartbeat?.former ?? [] { add(address, of: id) }
            for name in healthCheck.formerIDs.map(\.text) where healthCheck.heartbeat != nil {
                if bySlug[name] == nil { bySlug[name] = [id] }
            }
        }
    }

    private mutating func add(_ address: HeartbeatAddress, of id: HealthCheckID) {
        let entry = Entry(id: id, address: address)
        byUUID[address.uuid.hashValue, default: []].append(entry)
        byToken[address.token.hashValue, default: []].append(entry)
        byKey[address.key, default: []].append(entry)
    }

    /// - Parameter uuid: in small letters.
    package func find(uuid: String) -> HealthCheckID? {
        byUUID[Secret(uuid).hashValue]?.first { $0.address.uuid.matches(uuid) }?.id
    }

    /// By the token alone, which several may have.
    package func find(token: String) -> Found {
        let found = (byToken[Secret(token).hashValue] ?? []).filter { $0.address.token.matches(token) }
        return Set(found.map(\.id)).count > 1 ? .several : found.first.map { .one($0.id) } ?? .none
    }

    /// Nothing, too, when the token is not that of this key.
    package func find(key: String, token: String) -> HealthCheckID? {
        let known = byKey[key.lowercased()] ?? []
        // Whether there is such a key is not to be learned from how long it takes.
        if known.isEmpty { _ = Secret("-").matches(token) }
        return known.first { $0.address.token.matches(token) }?.id
    }

    /// By the key that all of them share, and the id of the check where no other heartbeat has it, or of the
    /// health check.
    package func find(pingKey given: String, slug: String) -> Found {
        guard let pingKey, pingKey.matches(given) else { return .none }
        let found = bySlug[slug] ?? []
        return found.count > 1 ? .several : found.first.map { .one($0) } ?? .none
    }

    /// Of a heartbeat; nothing when there is none of this id.
    package func address(of id: HealthCheckID) -> HeartbeatAddress? { entries[id] }

    /// A text without what authenticates the pings of a heartbeat.
    func scrubbed(_ text: String, of id: HealthCheckID) -> String {
        let addresses = entries[id].map { [$0] + $0.former } ?? []
        let secrets =
            addresses.flatMap { [$0.uuid.revealed, $0.token.revealed] }
            + [pingKey?.revealed].compactMap(\.self)
        return secrets.reduce(text) { $0.replacing($1, with: "•••") }
    }
}
