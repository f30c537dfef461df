import Testing
import VitalsCore
import VitalsEngine
import VitalsStore
import VitalsTesting

@Suite("What a run takes on the disk")
struct SizeTests {
    /// Phases of a pass and their usual durations in µs, from the nearest target to one across an ocean.
    enum Target: CaseIterable {
        case httpHere, postgresHere, httpsAfar, postgresAfar

        var phases: [(Phase, ClosedRange<Int64>)] {
            switch self {
            case .httpHere:
                [(.connect, 50...500), (.request, 10...100), (.firstByte, 300...3_000), (.body, 0...200)]
            case .postgresHere:
                [
                    (.connect, 50...500), (.authenticate, 500...5_000), (.session, 100...1_000),
                    (.read, 100...1_000),
                ]
            case .httpsAfar:
                [
                    (.resolve, 5...30_000), (.connect, 10_000...60_000), (.tls, 20_000...120_000),
                    (.request, 10...200), (.firstByte, 10_000...100_000), (.body, 0...1_000),
                ]
            case .postgresAfar:
                [
                    (.resolve, 5...30_000), (.connect, 10_000...60_000), (.tls, 20_000...120_000),
                    (.authenticate, 20_000...120_000), (.session, 10_000...60_000), (.read, 10_000...60_000),
                ]
            }
        }
    }

    /// Written as it comes in: ten seconds' health checks one after the other, four batches a second, each
    /// row at the end of its own health check's, and each time in the same order.
    @Test("is at most 40 bytes when it passes, all in", arguments: Target.allCases)
    func bytesOfAPass(target: Target) async throws {
        let healthChecks = (0..<200).map { Fixture.healthCheck("system-\($0)", "check") }
        let rounds = 120
        let folder = try TemporaryDirectory()
        let store = try SQLiteStore(folder: folder.path)
        defer { #expect(throws: Never.self) { try store.close() } }
        var batch = Batch()
        let before = (0..<200).map { Fixture.healthCheck("before-\($0)", "check") }
        batch.registered = (before + healthChecks).map { Registration(of: $0, at: Fixture.at(0)) }
        try await store.record(batch)
        let empty = try await store.extent().bytes
        var random = SeededGenerator(seed: 7)
        let inOrder = healthChecks.shuffled(using: &random)
        for round in 0..<rounds {
            for part in 0..<4 {
                var batch = Batch()
                for place in (part * 50)..<(part * 50 + 50) {
                    let at = Fixture.at(Int64(round * 10)) + .microseconds(place * 50_000 + 137)
                    batch.runs.append(pass(of: inOrder[place].id, target, at: at, using: &random))
                }
                try await store.record(batch)
            }
        }
        let bytes = try await store.extent().bytes - empty
        let each = Double(bytes) / Double(rounds * healthChecks.count)
        #expect(each <= 40, "\(target): \(each) bytes a run")
    }

    private func pass(
        of id: HealthCheckID, _ target: Target, at: Timestamp, using random: inout SeededGenerator
    ) -> Run {
        let phases = target.phases.map {
            PhaseTiming($0.0, .microseconds(Int64.random(in: $0.1, using: &random)))
        }
        let spent = phases.reduce(Duration.zero) { $0 + $1.duration }
        return Run(
            of: id, at: at, startedAt: at + .microseconds(Int64.random(in: 50...6_000, using: &random)),
            trigger: .scheduled, outcome: .pass,
            result: ProbeResult(
                latency: spent + .microseconds(Int64.random(in: 0...60, using: &random)), phases: phases))
    }
}
