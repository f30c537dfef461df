import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Decides as soon as the way is open, and measures for as long as the peer lets it.
private struct MeasuringDialogue: ProbeDialogue {
    var decision = ProbeStep.decide()

    mutating func opened() -> [ProbeStep] {
        [.enter(.read), decision, .vital(Vital("first", 1)), .finding(Finding(.vital, .warning, "odd"))]
    }

    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] {
        input.moveReaderIndex(to: input.writerIndex)
        return [.vital(Vital("second", 2)), .pass()]
    }

    mutating func cutShort(_ reason: String) -> [Vital] { [Vital("second", nil, reason: reason)] }
}

@Suite("What is measured once the verdict is in")
struct MeasuringTests {
    private func run(
        _ behaviour: ScriptedPeer.Script, _ dialogue: MeasuringDialogue = MeasuringDialogue(),
        vitalsTimeout: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        let peer = try await ScriptedPeer(behaviour)
        let network = try TestNetwork()
        let target = ProbeTarget(.host("127.0.0.1", port: peer.port))
        return await withCheckedContinuation { continuation in
            network.loops.eventLoops[0].execute { [loops = network.loops] in
                _ = ProbeConnection.start(
                    target, dialogue, timeout: .seconds(30), vitalsTimeout: vitalsTimeout,
                    on: loops.current
                ) { (result: ProbeResult) in continuation.resume(returning: result) }
            }
        }
    }

    @Test("stands beside the verdict, whose latency ended before it")
    func measured() async throws {
        let result = try await run(.greet("x"))
        #expect(result.fault == nil)
        #expect(result.vitals.map(\.name) == ["first", "second"])
        #expect(result.vitals.map(\.value) == [1, 2])
        #expect(result.findings.map(\.message) == ["odd"])
        #expect(result.phases.map(\.phase) == [.connect, .read, .vitals])
        let before = result.phases.dropLast().reduce(Duration.zero) { $0 + $1.duration }
        #expect(result.latency >= before)
        #expect(result.latency < before + result.phases[2].duration + .milliseconds(1))
    }

    @Test("has a time of its own, and what is not measured within it is unknown")
    func tooSlow() async throws {
        let result = try await run(.silence, vitalsTimeout: .milliseconds(300))
        #expect(result.fault == nil)
        #expect(result.vitals.map(\.name) == ["first", "second"])
        #expect(result.vitals.last?.value == nil)
        #expect(result.vitals.last?.reason?.contains("within") == true, "\(result)")
    }

    @Test("changes nothing of the verdict, whatever happens to the connection")
    func lost() async throws {
        let result = try await run(.closeAtOnce)
        #expect(result.fault == nil)
        #expect(result.vitals.last?.reason?.contains("closed the connection") == true, "\(result)")
    }

    @Test("may follow a verdict that is no pass")
    func afterAWarning() async throws {
        let decision = ProbeStep.decide(.readOnly, code: "25006", message: "read-only")
        let result = try await run(.greet("x"), MeasuringDialogue(decision: decision))
        #expect(result.fault == Fault(.readOnly, in: .read, code: "25006", message: "read-only"))
        #expect(result.vitals.count == 2)
        #expect(!result.trace.isEmpty)
    }
}
