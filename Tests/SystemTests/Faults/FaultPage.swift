import Foundation
import Testing
import VitalsCore
import VitalsTesting

/// What is to be told of a fault.
struct ExpectedFault {
    /// `read_only in write (25006)`: cause, phase and the vendor's code, if there is one.
    let verdict: String
    let causeClass: CauseClass
    let state: String
    /// A part of what a person reads.
    let says: String
}

/// One page of the fault book: a check that is well, a fault made for real, what is told of it, and that it
/// is well again once the fault is mended. Beside it a check of something else, which must notice nothing.
struct FaultPage {
    /// What stands under the check's id in `vitals.yaml`.
    let check: String
    var isWellBefore = true
    /// Whether it is a check of a database, for which some phases weigh less.
    var isDatabase = true
    let expected: ExpectedFault
    var breaking: () async throws -> Void = {}
    var mending: (() async throws -> Void)?
    /// Looked at while the fault stands.
    var meanwhile: (VitalsServer) async throws -> Void = { _ in }
    /// A program and its words that replaces itself by the one that checks.
    var wrapper: [String] = []

    static let id = "faulty.db"
    static let control = "control.port"

    func turn() async throws {
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let yaml = Self.yaml(check, control: target.address)
            let server = try VitalsServer(yaml, through: wrapper, on: stage)
            try await server.start()
            if isWellBefore { try await server.healthCheck(Self.id, becomes: "healthy") }
            try await breaking()
            let run = try await fault(at: server)
            try await meanwhile(server)
            expect(run)
            try await server.healthCheck(Self.id, becomes: expected.state)
            if let mending {
                try await mending()
                try await server.healthCheck(Self.id, becomes: "healthy", within: .seconds(60))
            }
            try await server.healthCheck(Self.control, becomes: "healthy")
            let runs = try await server.api.all("health-checks/\(Self.control)/runs")
            // On a busy machine a run may come to nothing by our own fault.
            let outcomes = Set(runs.compactMap { $0["outcome"].string })
            #expect(outcomes.isSubset(of: ["pass", "inconclusive"]), "another check was affected")
            #expect(try await server.stop() == 0)
        }
    }

    static func yaml(_ check: String, control: String) -> String {
        let thresholds = "thresholds: { failure: 1, success: 1, warn: 1 }, confirm_every: off"
        return """
            systems:
              - id: faulty
                checks: [{ id: db, \(check), interval: 2s, timeout: 2s, \(thresholds) }]
              - id: control
                checks: [{ id: port, tcp: "\(control)", interval: 1s }]
            """
    }

    /// The first run that tells of the fault; others may have met it half made.
    private func fault(at server: VitalsServer) async throws -> JSONValue {
        var last = ""
        do {
            return try await eventually("\(expected.verdict)", within: .seconds(40)) {
                let run = try await server.api.healthCheck(Self.id)["last_run"]
                last = "\(run)"
                return Self.verdict(of: run) == expected.verdict ? run : nil
            }
        } catch {
            throw NoAnswer(description: "\(error); the last run was \(last)")
        }
    }

    static func verdict(of run: JSONValue) -> String {
        guard let cause = run["cause"].string, let phase = run["phase"].string else { return "pass" }
        return "\(cause) in \(phase)" + (run["code"].string.map { " (\($0))" } ?? "")
    }

    private func expect(_ run: JSONValue) {
        let message = run["message"].string ?? ""
        #expect(message.contains(expected.says), "a person reads: \(message)")
        #expect(!message.contains("s3cr3t"))
        #expect(run["outcome"].string == expected.causeClass.outcome.rawValue)
        guard let cause = run["cause"].string.flatMap(Cause.init(rawValue:)),
            let phase = run["phase"].string.flatMap(Phase.init(rawValue:))
        else {
            Issue.record("no cause or phase in \(run)")
            return
        }
        #expect(
            cause.causeClass(in: phase, isDatabase: isDatabase, hasPassed: isWellBefore)
                == expected.causeClass)
    }
}
