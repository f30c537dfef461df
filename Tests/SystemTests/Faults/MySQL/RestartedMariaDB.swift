import Glibc
import Testing
import VitalsTesting

extension MySQLFaults {
    @Test("a server that was restarted between two runs: no fault, and its counters are not taken for rates")
    func restartedMariaDB() async throws {
        let mariadb = try await MariaDBServer()
        try await mariadb.start()
        let place = try await MySQLPlace(on: mariadb)
        let check = place.measuring("{ name: aborted_connects_per_second, warn: none }")
        try await Stage.run { stage in
            let server = try VitalsServer(
                """
                systems:
                  - id: faulty
                    checks: [{ id: db, \(check), interval: 24h, confirm_every: off }]
                """, environment: ["HEALTH_MANUAL_RUN_COOLDOWN": "0s"], on: stage)
            func rate() async throws -> JSONValue {
                let answer = try JSONValue(parsing: try await server.api.run(FaultPage.id).text)
                #expect(answer["run"]["outcome"].string == "pass", "\(answer)")
                let vitals = try await server.api.healthCheck(FaultPage.id)["vitals"].items
                return try #require(vitals.first { $0["name"].string == "aborted_connects_per_second" })
            }
            try await server.start()
            try await server.healthCheck(FaultPage.id, becomes: "healthy")
            let stranger = try mariadb.session("DO 0", as: place.name, password: "other")
            #expect(try await stranger.waitForExit() != 0)
            #expect(try await rate()["value"].number != nil)

            try await mariadb.stop(SIGKILL)
            try await mariadb.start()
            let after = try await rate()
            #expect(after["value"] == .null)
            #expect(after["reason"].string == "aborted_connects_total began again from zero")
            #expect(try await rate()["value"].number == 0)
            #expect(try await server.api.healthCheck(FaultPage.id)["state"].string == "healthy")
            #expect(try await server.stop() == 0)
        }
    }
}
