import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsStore

@Suite("A packed run")
struct PackedRunTests {
    @Test("is the run again, whatever the run was", arguments: 1...8 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let run = Run.any(using: &random)
            let packed = try PackedRun(bytes: PackedRun(run).bytes)
            let evidence = try PackedEvidence(bytes: PackedEvidence(run.result).bytes)
            let again = packed.run(
                of: run.healthCheck, at: run.at, message: evidence.message, facts: evidence.facts,
                trace: evidence.trace, conditions: evidence.conditions)
            #expect(again == run)
        }
    }

    @Test("of any bytes at all is a run or an error", arguments: 1...8 as ClosedRange<UInt64>)
    func garbage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if !bytes.isEmpty { bytes[0] = bytes[0] & 0x0F | 0x10 }
            if let run = try? PackedRun(bytes: bytes) {
                #expect(throws: Never.self) { try PackedRun(bytes: run.bytes) }
            }
            if let evidence = try? PackedEvidence(bytes: bytes) {
                #expect(throws: Never.self) { try PackedEvidence(bytes: evidence.bytes) }
            }
        }
    }

    @Test("cut short anywhere is an error")
    func truncated() throws {
        let bytes = PackedRun(Fixture.fail(of: HealthCheckID("a.b"), at: Fixture.at(0))).bytes
        for count in 0..<bytes.count {
            #expect(throws: UnreadableBytes.self) { try PackedRun(bytes: Array(bytes.prefix(count))) }
        }
    }

    @Test("stays as it was first laid out")
    func layout() throws {
        let run = Fixture.fail(of: HealthCheckID("a.b"), at: Fixture.at(0))
        let bytes: [UInt8] = [
            22, 0, 20, 0, 5, 164, 120, 0, 12, 96, 196, 84, 52, 244, 228, 229, 36, 84, 101, 85, 52, 84, 64,
        ]
        #expect(PackedRun(run).bytes == bytes)
        #expect(try PackedRun(bytes: bytes) == PackedRun(run))
    }

    @Test("keeps extremes")
    func extremes() throws {
        let longest = Int64(1) << 50
        let run = Run(
            of: HealthCheckID("a.b"), at: Fixture.at(0),
            startedAt: Fixture.at(0) - .microseconds(longest), trigger: .manual, outcome: .pass,
            result: ProbeResult(
                latency: .microseconds(longest),
                phases: [PhaseTiming(.resolve, .microseconds(longest)), PhaseTiming(.body, .zero)]))
        let packed = try PackedRun(bytes: PackedRun(run).bytes)
        #expect(packed.run(of: run.healthCheck, at: run.at, message: "", facts: Facts(), trace: "") == run)
    }

    @Test("counts a phase that came twice once")
    func repeatedPhase() throws {
        var run = PackedRun(Fixture.pass(of: HealthCheckID("a.b"), at: Fixture.at(0)))
        run.phases = [
            PhaseTiming(.connect, .microseconds(3)), PhaseTiming(.resolve, .microseconds(1)),
            PhaseTiming(.connect, .microseconds(4)),
        ]
        let again = try PackedRun(bytes: run.bytes)
        #expect(
            again.phases == [
                PhaseTiming(.resolve, .microseconds(1)), PhaseTiming(.connect, .microseconds(7)),
            ])
        #expect(again.latency == run.latency)
    }

    @Test("of a later version is an error")
    func laterVersion() {
        var bytes = PackedRun(Fixture.pass(of: HealthCheckID("a.b"), at: Fixture.at(0))).bytes
        bytes[0] = bytes[0] & 0x0F | 0x20
        #expect(throws: UnreadableBytes.self) { try PackedRun(bytes: bytes) }
    }
}

@Suite("Every word that is packed has a place")
struct StoredCodeTests {
    @Test func causes() { expectPlaces(Cause.self) }
    @Test func phases() { expectPlaces(Phase.self) }
    @Test func triggers() { expectPlaces(Trigger.self) }
    @Test func outcomes() { expectPlaces(Outcome.self) }
    @Test func factNames() { expectPlaces(FactName.self) }

    private func expectPlaces<Word: StoredCode>(_ type: Word.Type) {
        #expect(Set(Word.stored) == Set(Word.allCases))
        #expect(Word.stored.count == Word.allCases.count)
        for word in Word.allCases {
            #expect((try? Word(code: word.code)) == word)
        }
    }
}
