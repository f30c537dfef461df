import Synchronization
package import VitalsCore

/// What became of a ping.
package enum PingReceipt: Sendable, Equatable {
    /// It is in the store, and so is what follows from it.
    case recorded
    /// It is not in the store so far: it is held, but whoever sent it had better send it again.
    case notRecorded
    /// There is no such heartbeat any more.
    case unknown
}

extension Node {
    /// Whose which address is, at present.
    package var heartbeats: HeartbeatDirectory { directory.withLock(\.self) }

    /// Takes a ping, and waits until it is in the store.
    ///
    /// - Parameters:
    ///   - client: the address from which it came.
    ///   - agent: what sent it, by its own account.
    ///   - body: what it said beyond that.
    package func hear(
        _ ping: Ping, of id: HealthCheckID, _ dialect: HeardPing.Dialect, client: String, agent: String,
        body: String
    ) async -> PingReceipt {
        let heartbeats = heartbeats
        guard heartbeats.address(of: id) != nil else { return .unknown }
        let heard = HeardPing(
            of: id, at: clock.now(), ping, dialect: dialect, client: client,
            agent: heartbeats.scrubbed(agent, of: id).cut(toBytes: HeardPing.mostAgent),
            body: heartbeats.scrubbed(body, of: id).cut(toBytes: HeardPing.mostBody))
        guard recorder.isStoreWell(at: heard.at) else {
            _ = recorder.receive(heard, ticket: waiters.ticket())
            return .notRecorded
        }
        let isRecorded: Bool? = await withCheckedContinuation { continuation in
            let ticket = waiters.ticket()
            waiters.wait(forPing: ticket, continuation)
            if !recorder.receive(heard, ticket: ticket) { waiters.giveUp(ping: ticket) }
        }
        return isRecorded.map { $0 ? .recorded : .unknown } ?? .notRecorded
    }

    /// Pings of one health check, newest first.
    ///
    /// - Parameters:
    ///   - before: only older ones.
    ///   - limit: 1 to 1,000.
    package func pings(of id: HealthCheckID, before: Timestamp?, limit: Int) async throws -> [HeardPing] {
        try await read { try await store.pings(of: id, before: before, limit: limit) }
    }
}

extension String {
    /// Its beginning, cut where a character ends.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var count = limit
        let bytes = Array(utf8.prefix(limit + 1))
        while count > 0, bytes[count] & 0xC0 == 0x80 { count -= 1 }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
