import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

/// Pings of the loopback. Whether the kernel lets us is looked up where the probe runs; as root a test makes
/// it so, in a network of its own.
@Suite struct EchoProbeTests {
    @Test(
        "a ping passes where the kernel lets us, and else says what would mend it",
        arguments: [nil, "0 2147483647", "1 0"], ["127.0.0.1", "::1"])
    func leave(_ groups: String?, _ host: String) async throws {
        let network = try TestNetwork()
        let mayPing = await network.enterNetwork(pinging: groups)
        let settings = try EchoProbeSettings(parsing: host)
        let result = await network.run(EchoProbe(settings, loops: network.loops))
        guard mayPing else {
            #expect(result.fault?.cause == .badConfiguration)
            #expect(result.fault?.code == "EACCES")
            #expect(result.fault?.message.contains("net.ipv4.ping_group_range") == true)
            return
        }
        #expect(result.fault == nil)
        #expect(result.facts[.packetsSent] == .number(3))
        #expect(result.facts[.packetsReceived] == .number(3))
        #expect(result.facts[.lossPercent] == .number(0))
        #expect(result.facts[.addresses] == .list([host]))
        let times = [FactName.roundTripMinimum, .roundTripAverage, .roundTripMaximum].map { name in
            if case .number(let number)? = result.facts[name] { number } else { -1 }
        }
        #expect(times == times.sorted())
        #expect(times[0] >= 0)
        #expect(result.phases.map(\.phase) == [.connect, .request])
        #expect(result.latency >= .milliseconds(390))
    }

    @Test("messages of each size come back", arguments: [16, 56, 1_400, 65_000])
    func sizes(_ payload: Int) async throws {
        let network = try TestNetwork()
        guard await network.enterNetwork(pinging: "0 2147483647") else {
            return try await refusal(network)
        }
        var settings = try EchoProbeSettings(parsing: "icmp://localhost")
        settings.payload = payload
        settings.count = 1
        let result = await network.run(EchoProbe(settings, loops: network.loops))
        #expect(result.fault == nil)
    }

    @Test("an address that nobody answers from is a timeout or unreachable, and its loss is told")
    func silence() async throws {
        let network = try TestNetwork()
        guard await network.enterNetwork(pinging: "0 2147483647") else {
            return try await refusal(network)
        }
        // Nothing but the loopback is there, and no way to this.
        let settings = try EchoProbeSettings(parsing: "192.0.2.1")
        let result = await network.run(EchoProbe(settings, loops: network.loops), timeout: .seconds(1))
        #expect(result.fault?.cause == .unreachable)
    }

    /// Where no ping can be made, that is what a test must see.
    private func refusal(_ network: TestNetwork) async throws {
        let settings = try EchoProbeSettings(parsing: "127.0.0.1")
        let result = await network.run(EchoProbe(settings, loops: network.loops))
        #expect(result.fault?.cause == .badConfiguration)
    }
}
