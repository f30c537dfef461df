import Foundation
import Testing
import VitalsCore
import VitalsTesting

@Suite("Targets that misbehave", .oneOfAFew)
struct HostileTargetTests {
    @Test(
        "garbage, a gigabyte and a byte a second each get their verdict, and a good neighbour stays on time")
    func hostile() async throws {
        try await Stage.run { stage in
            let garbage = try stage.httpTarget(.garbage)
            let flood = try stage.httpTarget(.flood(bytes: 1 << 30))
            let trickle = try stage.httpTarget(.trickle(every: .seconds(1)))
            let good = try stage.httpTarget()
            let server = try VitalsServer(
                """
                defaults: { interval: 2s, timeout: 1s, thresholds: { failure: 1, success: 1 } }
                systems:
                  - { id: garbage, checks: [{ id: api, http: "\(garbage.url)/" }] }
                  - { id: flood, checks: [{ id: api, http: "\(flood.url)/" }] }
                  - { id: trickle, checks: [{ id: api, http: "\(trickle.url)/" }] }
                  - { id: good, checks: [{ id: api, http: "\(good.url)/", interval: 1s }] }
                """, on: stage)
            try await server.start()
            let bad = try await server.healthCheck("garbage.api", becomes: "unhealthy")
            #expect(bad["last_run"]["cause"].string == "unexpected_reply")
            let slow = try await server.healthCheck("trickle.api", becomes: "unhealthy")
            #expect(slow["last_run"]["cause"].string == "timeout")
            #expect(slow["last_run"]["phase"].string == "body")
            try await eventually(that: "the flood has its verdict") {
                try await server.api.healthCheck("flood.api")["last_run"] != .null
            }
            try await eventually(that: "the neighbour has run ten times") {
                try await server.api.all("health-checks/good.api/runs").count >= 10
            }
            let account = try await SlotAccount.complete(of: "good.api", every: .seconds(1), at: server)
            #expect(account.runs.allSatisfy { $0["outcome"].string == "pass" })
            #expect(try residentMegabytes(of: server) < 400)
        }
    }

    /// What it holds in memory now.
    private func residentMegabytes(of server: VitalsServer) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(try #require(server.pid))/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(separator: " ").compactMap { Int($0) }.first) / 1_024
    }
}
