import NIOCore
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Makes runs of the SQL Server probe.
enum SQLServerHarness {
    private static let network = Result { try TestNetwork() }

    static func probe(
        _ target: String, _ settings: Settings = Settings(), timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        let network = try network.get()
        let probe = try SQLServerProbe(parsing: target, settings, loops: network.loops)
        return await network.run(probe, timeout: timeout)
    }

    /// What writes the row of the write probe.
    static func writing(
        _ settings: [String: Settings.Value] = [:], role: String = "any",
        within limit: Duration = .seconds(10)
    ) -> Settings {
        Settings([
            "write": .object(Settings(settings)), "role": .text(TargetText(role)),
            "write_timeout": .duration(limit), "read_timeout": .duration(.seconds(10)),
            "connect_timeout": .duration(.seconds(20)),
        ])
    }

    /// A run that measures everything, with the verdict on it.
    static func measure(
        _ target: String, asking questions: [OwnQuestion] = [], within limit: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        let network = try network.get()
        let probe = try SQLServerProbe(parsing: target, loops: network.loops).asking(questions)
        let result = await network.run(probe, measuring: .all, within: limit)
        return result.judged(by: questions, of: probe).judged(by: SQLServerVitals.rules)
    }

    /// What becomes of questions of a check's author, before they are judged.
    static func answers(_ target: String, to questions: [OwnQuestion]) async throws -> [OwnAnswer] {
        let network = try network.get()
        let probe = try SQLServerProbe(parsing: target, loops: network.loops).asking(questions)
        return await network.run(probe, within: .seconds(30)).answers
    }

    static func told(_ answer: OwnAnswer?) -> String? {
        switch answer?.content {
        case .rows(let rows): "\(rows.count) rows"
        case .refused(let reason): reason
        case .missing(let reason): "missing: \(reason)"
        case nil: nil
        }
    }
}
