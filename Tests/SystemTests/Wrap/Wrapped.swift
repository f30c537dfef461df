import Foundation
import VitalsTesting

/// `vitals wrap` around a program, and whoever asks it.
struct Wrapped: Sendable {
    let program: VitalsProgram
    let port: UInt16

    /// Starts it on a free port of 127.0.0.1, probing every 200 ms.
    ///
    /// - Parameter child: the program and its arguments; none: it stands alone.
    init(
        _ options: [String], around child: [String] = ["sleep", "600"], port: UInt16? = nil,
        environment: [String: String] = [:], through wrapper: [String] = [], on stage: Stage
    ) throws {
        self.port = try port ?? UInt16(freePort())
        let own = ["wrap", "--export-prom", "127.0.0.1:\(self.port)", "--interval", "200ms"]
        let program = try VitalsProgram(
            own + options + (child.isEmpty ? [] : ["--"] + child), environment: environment,
            through: wrapper, on: stage)
        self.program = program
        stage.onFailure { "vitals wrap wrote:\n\(program.errors.suffix(4_000))" }
        stage.atTheEnd {
            // Its child is in a group of its own, and is told by it alone.
            program.process.signal(SIGTERM)
            _ = try? program.process.waitForExitBlocking()
        }
    }

    var api: APIClient { APIClient(port: port) }

    /// Every sample, by its name and labels.
    func metrics() async throws -> [String: Double] {
        let text = try await api.get("/metrics").text
        var values: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            values[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return values
    }

    /// The value of a series of the database, without its common labels; nothing: there is none.
    func value(_ name: String, of service: String = "sleep") async throws -> Double? {
        let labels = #"target="\#(service)",engine="postgres",db_name="postgres",db_role="primary""#
        return try await metrics()["\(name){\(labels)}"]
    }

    /// Waits until it answers.
    func isUp() async throws {
        try await eventually(that: "wrap answers on \(port)") {
            try await api.get("/healthz").status == 200
        }
    }

    /// Asks it to end, and returns how it did.
    func stop(_ signal: Int32 = SIGTERM) async throws -> Int32 {
        program.process.signal(signal)
        return try await program.process.waitForExit()
    }
}
