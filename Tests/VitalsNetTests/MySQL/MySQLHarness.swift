import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Makes runs of the MySQL probe.
enum MySQLHarness {
    private static let network = Result { try TestNetwork() }

    /// - Parameter prober: who writes; nothing: whoever runs this.
    static func probe(
        _ target: String, _ settings: Settings = Settings(), as prober: String? = nil,
        timeout: Duration = .seconds(20)
    ) async throws -> ProbeResult {
        let network = try network.get()
        let probe = try MySQLProbe(parsing: target, settings, loops: network.loops)
        return await network.run(prober.map { probe.writing(as: $0) } ?? probe, timeout: timeout)
    }

    /// What writes the row of the write probe, with these settings of it.
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
    ///
    /// - Parameters:
    ///   - own: vitals of the check's author.
    ///   - questions: of the same.
    static func measure(
        _ target: String, own: [VitalRule] = [], asking questions: [OwnQuestion] = [],
        within limit: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        let network = try network.get()
        let rules = MySQLVitals.rules + own
        let probe = try MySQLProbe(parsing: target, loops: network.loops).measuring(rules).asking(questions)
        let result = await network.run(
            probe, measuring: .all, within: limit, beside: Set(own.map(\.name)))
        return result.judged(by: questions, of: probe).judged(by: rules)
    }

    /// What becomes of questions of a check's author, before they are judged.
    static func answers(_ target: String, to questions: [OwnQuestion]) async throws -> [OwnAnswer] {
        let network = try network.get()
        let probe = try MySQLProbe(parsing: target, loops: network.loops).asking(questions)
        return await network.run(probe, within: .seconds(30)).answers
    }

    /// A run with other statements than a probe's own.
    static func run(
        _ text: String, timeout: Duration = .seconds(20),
        plan: @escaping @Sendable (MySQLServer) -> [MySQLStatement]
    ) async throws -> ProbeResult {
        let dsn = try MySQLDSNParser.parse(text)
        return try await network.get().run(
            ProbeTarget(dsn.endpoint, tls: dsn.tls), MySQLDialogue(MySQLLogin(dsn), plan: plan),
            timeout: timeout)
    }
}

extension MariaDBServer {
    /// A target on this server by TCP.
    func target(
        _ user: String, _ password: String = "", database: String = "", query: String = ""
    ) -> String {
        "mysql://\(user):\(password)@127.0.0.1:\(port)/\(database)\(query)"
    }
}
