import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("Of a primary and its standby")
struct PostgresStandbyVitalTests {
    private func measured(
        _ server: PostgresServer, _ name: String, is value: Double
    ) async throws -> ProbeResult {
        try await eventually("\(name) is \(value)") {
            let result = try await PostgresHarness.measure(server.target("postgres"))
            return result.vital(name)?.value == value ? result : nil
        }
    }

    @Test("is measured who follows, how far behind, and by the heartbeat how old what it has is")
    func standby() async throws {
        let primary = try await PostgresServer()
        try await primary.start()
        try await primary.sql(
            """
            CREATE SCHEMA vitals; CREATE TABLE vitals.heartbeat (id text PRIMARY KEY, beat_at timestamptz);
            INSERT INTO vitals.heartbeat VALUES ('a', now() - interval '2 h'), ('b', now() - interval '1 h')
            """)
        let standby = try await primary.standby()
        try await standby.start()
        let followed = try await measured(primary, "replicas", is: 1)
        #expect(followed.vital("sync_replicas_missing")?.value == 0)
        #expect(followed.vital("replication_lag_seconds") == nil, "nothing is replicated to it")

        let result = try await measured(standby, "wal_receiver_missing", is: 0)
        #expect(result.facts[.role] == .text("replica"))
        let lag = try #require(result.vital("replication_lag_seconds"))
        #expect((3_500..<7_000).contains(lag.value ?? 0), "by the newest row")
        #expect(lag.state == .unhealthy)
        #expect(result.vital("replay_lag_bytes")?.value != nil)
        #expect(result.vital("replay_paused")?.value == 0)
        #expect(result.vital("wal_receiver_silence_seconds")?.value != nil)
        #expect(result.vital("replicas") == nil, "a question for primaries")
        for vital in result.vitals where vital.value == nil {
            #expect(vital.reason == "it takes two measurements", "\(vital)")
        }

        try await primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        try await primary.reload()
        let waiting = try await measured(primary, "sync_replicas_missing", is: 1)
        #expect(waiting.vital("sync_replicas_missing")?.state == .unhealthy)

        try await primary.stop()
        let alone = try await measured(standby, "wal_receiver_missing", is: 1)
        #expect(alone.vital("wal_receiver_missing")?.state == .degraded)
        #expect((alone.vital("replication_lag_seconds")?.value ?? 0) > 3_500, "a dead link is no lag of 0")
        try await standby.stop()
    }
}
