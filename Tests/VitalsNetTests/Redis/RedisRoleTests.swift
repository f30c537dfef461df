import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The Redis probe, of servers that belong together,", .serialized)
struct RedisRoleTests {
    private func pair(
        _ settings: [String] = []
    ) async throws -> (primary: RedisInstance, replica: RedisInstance) {
        let primary = try RedisInstance()
        try await primary.start()
        let replica = try RedisInstance(.redis, ["replicaof 127.0.0.1 \(primary.port)"] + settings)
        try await replica.start()
        try await eventually(that: "the replica follows", within: .seconds(60)) {
            try await replica.tell("INFO", "replication").contains("master_link_status:up")
        }
        return (primary, replica)
    }

    @Test("tells which part each has, and writes to a primary only")
    func parts() async throws {
        let (primary, replica) = try await pair()
        let writing = RedisHarness.settings(role: "replica", writes: true)
        let seen = try await RedisHarness.probe(replica.target(), writing)
        #expect(seen.verdict == "pass", "\(seen)")
        #expect(seen.facts[.role] == .text("replica"))
        #expect(seen.facts[.write] == .text("skipped: the server is a replica"))
        let mismatch = try await RedisHarness.probe(replica.target(), RedisHarness.settings(role: "primary"))
        #expect(mismatch.verdict == "role_mismatch in session")
        #expect(
            mismatch.fault?.message == "a primary was expected, and this is a replica: was there a failover?")
        let other = try await RedisHarness.probe(primary.target(), writing)
        #expect(other.verdict == "role_mismatch in session")
        #expect(other.facts[.write] == .text("skipped: the server is not in the role that it should have"))

        let measured = try await RedisHarness.measure(primary.target())
        #expect(measured.vital("replicas")?.value == 1)
        #expect(measured.vital("replication_link_down_seconds") == nil)
        let following = try await RedisHarness.measure(replica.target())
        #expect(following.vital("replication_link_down_seconds")?.value == 0)
        #expect(following.vital("primary_silence_seconds")?.value != nil)
    }

    @Test("tells a replica that lost its primary: what it may still serve, its settings decide")
    func masterDown() async throws {
        let (primary, replica) = try await pair()
        try await primary.stop()
        try await eventually(that: "the link is down") {
            try await replica.tell("INFO", "replication").contains("master_link_status:down")
        }
        let stale = try await RedisHarness.measure(replica.target())
        #expect(stale.verdict == "pass", "\(stale)")
        let link = try #require(stale.vital("replication_link_down_seconds"))
        #expect(link.value != nil && link.detail?.contains("127.0.0.1:\(primary.port) is down") == true)
        try await replica.tell("CONFIG", "SET", "replica-serve-stale-data", "no")
        let refused = try await RedisHarness.probe(replica.target())
        #expect(refused.verdict == "backend_unavailable in read (MASTERDOWN)")
        #expect(refused.fault?.message.contains("Link with MASTER is down") == true)
    }

    @Test("tells the state of a cluster, and writes a key of its own slots")
    func cluster() async throws {
        var nodes: [RedisInstance] = []
        for _ in 0..<2 {
            let node = try RedisInstance(
                .redis,
                ["cluster-enabled yes", "cluster-port \(try freePort())", "cluster-node-timeout 2000"])
            try await node.start()
            nodes.append(node)
        }
        let writing = RedisHarness.settings(writes: true)
        let down = try await RedisHarness.probe(nodes[0].target(), writing)
        #expect(down.verdict == "backend_unavailable in read (CLUSTERDOWN)")
        #expect(down.fault?.message.contains("16384 of 16384 slots belong to no node") == true, "\(down)")
        try await nodes[0].tell("CLUSTER", "ADDSLOTSRANGE", "0", "16000")
        try await nodes[1].tell("CLUSTER", "ADDSLOTSRANGE", "16001", "16383")
        let bus = try await nodes[1].tell("CONFIG", "GET", "cluster-port").split(separator: "\n").last ?? ""
        try await nodes[0].tell("CLUSTER", "MEET", "127.0.0.1", "\(nodes[1].port)", "\(bus)")
        for node in nodes {
            try await eventually(that: "the cluster serves", within: .seconds(60)) {
                try await node.tell("CLUSTER", "INFO").contains("cluster_state:ok")
            }
            let result = try await RedisHarness.probe(node.target(), writing, as: "prober")
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.facts[.write] == .text("done"))
            #expect(try await node.tell("DBSIZE") == "1")
        }
        let measured = try await RedisHarness.measure(nodes[0].target())
        #expect(measured.vital("cluster_nodes")?.value == 2)
        #expect(measured.vital("cluster_slots_missing")?.value == 0)
        let chosen = try await RedisHarness.probe(nodes[0].target("", "/1"))
        #expect(chosen.verdict == "bad_configuration in session")

        try await nodes[1].stop()
        try await eventually(that: "the cluster fails", within: .seconds(60)) {
            try await nodes[0].tell("CLUSTER", "INFO").contains("cluster_state:fail")
        }
        let failed = try await RedisHarness.probe(nodes[0].target())
        #expect(failed.verdict == "backend_unavailable in read (CLUSTERDOWN)")
    }

    @Test("tells what a Sentinel says of the primaries that it watches")
    func sentinel() async throws {
        let primary = try RedisInstance()
        try await primary.start()
        let sentinel = try RedisInstance(
            .sentinel,
            [
                "sentinel monitor orders 127.0.0.1 \(primary.port) 1",
                "sentinel down-after-milliseconds orders 500",
            ])
        try await sentinel.start()
        func probe(_ rest: String, _ settings: Settings = Settings()) async throws -> ProbeResult {
            try await RedisHarness.probe("redis-sentinel://127.0.0.1:\(sentinel.port)\(rest)", settings)
        }
        for rest in ["", "?sentinelMasterId=orders"] {
            let result = try await probe(rest)
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.facts[.role] == nil)
        }
        let measured = try await RedisHarness.measure("redis-sentinel://127.0.0.1:\(sentinel.port)")
        #expect(measured.vital("sentinel_primaries")?.value == 1)
        #expect(measured.vital("sentinel_primaries_down")?.value == 0)
        #expect(measured.vitals.allSatisfy { $0.value != nil }, "\(measured.vitals)")
        let missing = try await probe("?sentinelMasterId=other")
        #expect(missing.verdict == "db_missing in read")
        #expect(missing.fault?.message == "the Sentinel watches no primary of the name other")
        let expected = try await probe("", RedisHarness.settings(role: "primary", writes: true))
        #expect(expected.verdict == "role_mismatch in session")
        let mistaken = try await RedisHarness.probe("redis-sentinel://127.0.0.1:\(primary.port)")
        #expect(mistaken.verdict == "protocol_mismatch in session")

        try await sentinel.tell("SENTINEL", "SET", "orders", "quorum", "2")
        let alone = try await probe("")
        #expect(alone.verdict == "backend_unavailable in read (NOQUORUM)")
        #expect(alone.fault?.message.contains("no failover of orders could be agreed on") == true)
        try await primary.stop()
        try await eventually(that: "it is taken for down", within: .seconds(30)) {
            try await probe("").fault?.code == "SDOWN"
        }
        let down = try await probe("?sentinelMasterId=orders")
        #expect(down.verdict == "backend_unavailable in read (SDOWN)")
        #expect(
            down.fault?.message.contains("the primary orders at 127.0.0.1:\(primary.port) is down") == true)
    }

    @Test("knows Valkey by its name", .enabled(if: RedisInstance.valkeyProgram != nil))
    func valkey() async throws {
        let server = try RedisInstance(.valkey)
        try await server.start()
        let result = try await RedisHarness.probe(
            server.target(scheme: "valkey"), RedisHarness.settings(writes: true))
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.facts[.serverFlavour] == .text("Valkey"))
        #expect(result.facts[.role] == .text("primary"))
        let info = RedisFields(try await server.tell("INFO", "server"))
        #expect(result.facts[.serverVersion] == info["valkey_version"].map { .text($0) })
        #expect(info["valkey_version"] != nil)
        let measured = try await RedisHarness.measure(server.target())
        #expect(measured.vital("memory_used_bytes")?.value != nil)
        #expect(measured.vitals.allSatisfy { $0.value != nil }, "\(measured.vitals)")
    }
}
