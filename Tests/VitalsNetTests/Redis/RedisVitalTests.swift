import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

private final class RedisToMeasure: SuiteTrait, TestScoping {
    @TaskLocal static var server: RedisInstance?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let rights = RedisProvisioning.rights.joined(separator: " ")
        let server = try RedisInstance(
            .redis, ["user vitals on >pw \(rights)", "user poor on >pw +ping", "appendonly yes"])
        try await server.start()
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("Vitals of a Redis server", RedisToMeasure(), .serialized)
struct RedisVitalTests {
    private func server() throws -> RedisInstance { try #require(RedisToMeasure.server) }

    @Test("are all measured with the rights that are asked for")
    func measured() async throws {
        let server = try server()
        try await server.tell("MSET", "a", "1", "b", "2")
        let result = try await RedisHarness.measure(server.target("vitals:pw"))
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.vitals.allSatisfy { $0.value != nil }, "\(result.vitals)")
        let names = Set(result.vitals.map(\.name))
        let expected: Set = [
            "connections", "connections_limit", "connections_used_percent", "blocked_clients",
            "uptime_seconds", "clock_skew_seconds", "connections_refused_total", "memory_used_bytes",
            "memory_limit_bytes", "memory_used_percent", "evicted_keys_total", "snapshot_failing",
            "append_only_failing", "changes_since_snapshot", "delayed_syncs_total", "commands_total",
            "error_replies_total", "keys_hit_total", "keys_missed_total", "keys", "replicas",
            "replicas_syncing", "slow_log_entries",
        ]
        #expect(names.isSuperset(of: expected), "\(expected.subtracting(names))")
        #expect(result.vital("keys")?.value == 2)
        #expect(result.vital("connections_limit")?.value ?? 0 > 0)
        #expect(result.vital("append_only_failing")?.value == 0)
        // It saves nothing, so that nothing can be late.
        #expect(!names.contains("snapshot_age_seconds"))
    }

    @Test("are unknown where the user may not ask, each with what mends it")
    func unknown() async throws {
        let result = try await RedisHarness.measure(server().target("poor:pw"))
        #expect(result.verdict == "pass", "\(result)")
        for (name, rights) in [("connections", "+info"), ("slow_log_entries", "+slowlog|len")] {
            let vital = try #require(result.vital(name))
            #expect(vital.value == nil)
            #expect(vital.reason?.hasSuffix("; run: ACL SETUSER poor \(rights)") == true, "\(vital)")
        }
    }

    @Test("tell memory that runs out, but not of a cache that makes room for itself")
    func memory() async throws {
        let server = try server()
        let used =
            RedisFields(try await server.tell("INFO", "memory"))["used_memory"].flatMap { Int($0) } ?? 0
        try await server.tell("CONFIG", "SET", "maxmemory", "\(used * 11 / 10)")
        let full = try await RedisHarness.measure(server.target())
        try await server.tell("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        let cache = try await RedisHarness.measure(server.target())
        try await server.tell("CONFIG", "SET", "maxmemory-policy", "noeviction")
        try await server.tell("CONFIG", "SET", "maxmemory", "0")
        let percent = try #require(full.vital("memory_used_percent"))
        #expect(percent.value.map { (80...110).contains($0) } == true, "\(percent)")
        #expect(percent.detail == "of maxmemory")
        #expect(cache.vital("memory_used_percent") == nil)
        #expect(cache.vital("memory_limit_bytes")?.value == Double(used * 11 / 10))
    }

    @Test("tell how long changes wait for a snapshot, where there are to be any")
    func snapshots() async throws {
        let server = try server()
        try await server.tell("CONFIG", "SET", "save", "3600 1")
        try await server.tell("SET", "late", "1")
        let result = try await RedisHarness.measure(server.target())
        try await server.tell("CONFIG", "SET", "save", "")
        let age = try #require(result.vital("snapshot_age_seconds")?.value)
        #expect((0...3_600).contains(age))
    }

    @Test("are told of an old server as far as it has them, and of one that links to nobody")
    func fields() throws {
        func read(_ text: String) -> [String: Double?] {
            let table = RedisTable(.text(text), of: ["INFO"])
            let answer = VitalQuestion.Answer(rows: table.rows, columns: table.columns)
            let vitals = RedisVitals.info.read(answer, DatabaseServer(.redis))
            return Dictionary(vitals.map { ($0.name, $0.value) }) { first, _ in first }
        }
        #expect(read("connected_clients:3\r\n") == ["connections": 3, "keys": 0])
        let lost = read(
            """
            # Replication
            role:slave
            master_host:10.0.0.1
            master_port:6379
            master_link_status:down
            master_last_io_seconds_ago:-1
            master_link_down_since_seconds:-1
            uptime_in_seconds:77
            """)
        #expect(lost["replication_link_down_seconds"] == 77)
        #expect(lost["primary_silence_seconds"] == nil)
        let primary = read(
            """
            role:master
            connected_slaves:3
            slave0:ip=a,port=1,state=online,offset=900,lag=1
            slave1:ip=b,port=1,state=online,offset=400,lag=7
            slave2:ip=c,port=1,state=wait_bgsave,offset=0,lag=0
            master_repl_offset:1000
            """)
        #expect(primary["replication_lag_bytes"] == 600)
        #expect(primary["replica_silence_seconds"] == 7)
        #expect(primary["replicas"] == 3 && primary["replicas_syncing"] == 1)
    }
}
