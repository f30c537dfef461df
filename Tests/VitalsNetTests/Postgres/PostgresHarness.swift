import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// Makes runs of the PostgreSQL probe.
enum PostgresHarness {
    private static let network = Result { try TestNetwork() }
    private static let keys = ScramKeyCache()

    static func probe(_ target: String, timeout: Duration = .seconds(20)) async throws -> ProbeResult {
        let network = try network.get()
        return await network.run(
            try PostgresProbe(parsing: target, loops: network.loops, keys: keys), timeout: timeout)
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
        let rules = PostgresProbe.rules + own
        let probe = try PostgresProbe(parsing: target, loops: network.loops, keys: keys)
            .measuring(rules).asking(questions)
        let result = await network.run(
            probe, measuring: .all, within: limit, beside: Set(own.map(\.name)))
        return result.judged(by: questions, of: probe).judged(by: rules)
    }

    /// A run with another dialogue than a probe's own.
    static func run(
        _ text: String, _ dialogue: @escaping @Sendable (PostgresDialogue) -> any ProbeDialogue
    ) async throws -> ProbeResult {
        let dsn = try PostgresDSNParser.parse(text, defaultUser: nil)
        let own = PostgresDialogue(PostgresLogin(dsn, keys: keys), nonce: "rOprNGfwEbeRWgbNEkqO")
        return try await network.get().run(ProbeTarget(dsn.endpoint, tls: dsn.tls), dialogue(own))
    }
}

extension PostgresServer {
    /// A target on this server by TCP.
    func target(
        _ user: String, _ password: String = "", database: String = "postgres", query: String = ""
    ) -> String {
        "postgres://\(user):\(password)@127.0.0.1:\(port)/\(database)\(query)"
    }

    /// Gives it a certificate, as `server.crt` and `server.key`: it takes no key that others may read.
    func use(_ identity: TestAuthority.Identity) async throws {
        for (name, path) in [("server.crt", identity.certificate), ("server.key", identity.key)] {
            try await run(["cp", path, "data/\(name)"], in: directory)
            try await run(["chmod", "600", "data/\(name)"], in: directory)
        }
    }
}

extension ProbeResult {
    /// What was measured under this name.
    func vital(_ name: String) -> Vital? { vitals.first { $0.name == name } }

    /// `auth_failed in authenticate (28P01)`, or `pass`.
    var verdict: String {
        guard let fault else { return "pass" }
        return "\(fault.cause.rawValue) in \(fault.phase.rawValue)" + (fault.code.map { " (\($0))" } ?? "")
    }
}
