import Synchronization
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite struct NetworkTests {
    private func makeNetwork() throws -> Network {
        try Network(version: "1.2.3", clock: MachineClock(wall: { wallClock() }, boot: { 0 }))
    }

    @Test func everyKindOfProbeIsKnownByItsSchemes() async throws {
        let network = try makeNetwork()
        let schemes = Dictionary(
            uniqueKeysWithValues: network.forms.flatMap { form in form.schemes.map { ($0, form.kind.name) } })
        #expect(schemes["http"] == "http")
        #expect(schemes["https"] == "http")
        #expect(schemes["tcp"] == "tcp")
        for form in network.forms where form.kind != .heartbeat {
            #expect(throws: TargetError.self) { try form.make("") }
        }
        try await network.shutdown()
    }

    @Test func aProbeOfARegistryRunsOnTheProbeLoop() async throws {
        let peer = try await ScriptedPeer(.reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let network = try makeNetwork()
        let form = try #require(network.forms.first { $0.kind.name == "http" })
        let probe = try form.make("http://127.0.0.1:\(peer.port)/")
        let loop = network.probeLoop
        let result = await withCheckedContinuation { continuation in
            loop.execute { _ = probe.start(.manual(.seconds(10))) { continuation.resume(returning: $0) } }
        }
        #expect(result.fault == nil)
        #expect(peer.received.contains("User-Agent: vitals/1.2.3\r\n"))
        try await network.shutdown()
    }

    @Test func whatIsScheduledComesInTimeUnlessItIsTakenBack() async throws {
        let network = try makeNetwork()
        let loop = network.probeLoop
        let events = Mutex<[String]>([])
        let takeBack = loop.schedule(after: .milliseconds(30)) { events.withLock { $0.append("never") } }
        takeBack()
        await withCheckedContinuation { continuation in
            _ = loop.schedule(after: .milliseconds(60)) {
                events.withLock { $0.append("second") }
                continuation.resume()
            }
            _ = loop.schedule(after: .milliseconds(20)) { events.withLock { $0.append("first") } }
        }
        #expect(events.withLock { $0 } == ["first", "second"])
        try await network.shutdown()
    }

    @Test func aChannelIsMadeOfItsSettings() async throws {
        let peer = try await ScriptedPeer(.reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        let network = try makeNetwork()
        let form = try #require(network.channelForms.first { $0.kind == "webhook" })
        let settings = Settings([
            "url": .text(TargetText("http://127.0.0.1:\(peer.port)/")), "secret": .text("s3cret"),
        ])
        let channel = try form.make(ChannelID("ops"), settings)
        #expect(channel.kind == "webhook")
        let outcome = await channel.send(
            NotificationID("01JD"), body: "{}", at: wallClock(), timeout: .seconds(10))
        #expect(outcome == .delivered(httpStatus: 200))
        try await network.shutdown()
    }

    @Test func shuttingDownEndsWhatIsUnderWay() async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try makeNetwork()
        let form = try #require(network.forms.first { $0.kind.name == "http" })
        let probe = try form.make("http://127.0.0.1:\(peer.port)/")
        let loop = network.probeLoop
        async let result = withCheckedContinuation { continuation in
            loop.execute { _ = probe.start(.manual(.seconds(60))) { continuation.resume(returning: $0) } }
        }
        try await eventually(that: "the connection") { peer.connections == 1 }
        try await network.shutdown()
        #expect(await result.fault != nil)
    }
}
