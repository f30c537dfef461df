import Glibc
import Logging
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine
@testable import VitalsNet

@Suite("A dead man's switch, called for real")
struct DeadmanTests {
    private static let clock = MachineClock(wall: { wallClock() }) {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    private func configuration(_ network: Network, _ port: Int, _ url: String) throws -> Configuration {
        let form = try #require(network.forms.first { $0.kind.name == "tcp" })
        let healthCheck = HealthCheck(
            system: SystemID("db"), check: CheckID("port"), kind: form.kind,
            policy: Policy(
                interval: .seconds(1), timeout: .seconds(1), thresholds: Thresholds(), confirmEvery: nil),
            revision: Revision("0a"))
        var server = ServerSettings()
        server.maxConcurrentHealthChecks = 4
        var deadman = DeadmanSettings(url: Secret(url))
        deadman.every = .milliseconds(200)
        return Configuration(
            server: server, channels: [],
            systems: [System(id: healthCheck.system, healthChecks: [healthCheck.id])],
            healthChecks: [
                ConfiguredHealthCheck(healthCheck, probe: try form.make(TargetText("127.0.0.1:\(port)")))
            ], health: HealthSettings(), storage: StorageSettings(), deadman: deadman)
    }

    @Test("it is called only while the store can be written, and again after it")
    func store() async throws {
        let outside = try await ScriptedPeer(.reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let target = try await ScriptedPeer(.silence)
        let network = try Network(version: "0", clock: Self.clock)
        let configuration = try configuration(
            network, target.port, "http://127.0.0.1:\(outside.port)/ping/T0KEN")
        let store = FaultyStore(MemoryStore())
        let node = try await Node(
            configuration, store: store, deadman: try configuration.deadman.map(network.deadman),
            on: network.probeLoop, clock: Self.clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, version: "0")
        let (stopped, stop) = AsyncStream.makeStream(of: Never.self)
        let work = Task { await node.work(until: stopped) }

        try await eventually("three calls") { outside.connections >= 3 ? () : nil }
        #expect(outside.received.hasPrefix("GET /ping/T0KEN HTTP/1.1\r\n"))
        store.fail([.record])
        try await eventually("trouble is known") { node.isWell ? nil : () }
        let (calls, runs) = (outside.connections, target.connections)
        try await eventually("probing goes on") { target.connections >= runs + 3 ? () : nil }
        // One may have been on its way.
        #expect(outside.connections <= calls + 1)
        store.recover()
        try await eventually("calls go on") { outside.connections >= calls + 3 ? () : nil }
        stop.finish()
        await work.value
        try await network.shutdown()
    }
}
