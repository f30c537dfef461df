import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Makes runs of the Redis probe.
enum RedisHarness {
    private static let network = Result { try TestNetwork() }

    /// - Parameter prober: who writes; nothing: whoever runs this.
    static func probe(
        _ target: String, _ settings: Settings = Settings(), as prober: String? = nil,
        timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        let network = try network.get()
        let probe = try RedisProbe(parsing: target, settings, loops: network.loops)
        return await network.run(prober.map { probe.writing(as: $0) } ?? probe, timeout: timeout)
    }

    /// What a check says of the part that its server has, and of writing.
    static func settings(
        role: String = "any", writes: Bool = false, expires: Duration? = nil
    ) -> Settings {
        var settings = Settings([
            "role": .text(TargetText(role)), "write_timeout": .duration(.seconds(10)),
            "read_timeout": .duration(.seconds(10)), "connect_timeout": .duration(.seconds(20)),
        ])
        if writes {
            settings.set("write", .object(Settings(expires.map { ["expires": .duration($0)] } ?? [:])))
        }
        return settings
    }

    /// A run that measures everything, with the verdict on it.
    ///
    /// - Parameters:
    ///   - own: vitals of the check's author.
    ///   - questions: of the same.
    static func measure(
        _ target: String, own: [VitalRule] = [], asking questions: [OwnQuestion] = [],
        within limit: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        let network = try network.get()
        let rules = RedisVitals.rules + own
        let probe = try RedisProbe(parsing: target, loops: network.loops).measuring(rules).asking(questions)
        let result = await network.run(
            probe, measuring: .all, within: limit, beside: Set(own.map(\.name)))
        return result.judged(by: questions, of: probe).judged(by: rules)
    }

    /// What becomes of questions of a check's author, before they are judged.
    static func answers(_ target: String, to questions: [OwnQuestion]) async throws -> [OwnAnswer] {
        let network = try network.get()
        let probe = try RedisProbe(parsing: target, loops: network.loops).asking(questions)
        return await network.run(probe, within: .seconds(30)).answers
    }
}

extension RedisInstance {
    /// A target on this server by TCP.
    ///
    /// - Parameter login: what stands before the `@`.
    func target(_ login: String = "", _ rest: String = "", scheme: String = "redis") -> String {
        "\(scheme)://\(login.isEmpty ? "" : login + "@")127.0.0.1:\(port)\(rest)"
    }
}
