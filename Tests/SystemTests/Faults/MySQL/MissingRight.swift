import Testing
import VitalsTesting

extension MySQLFaults {
    @Test("a right that is missing: what needs it is unknown, with what mends it, and nothing else is")
    func missingRight() async throws {
        let place = try await Self.place()
        try await place.sql("REVOKE PROCESS, SLAVE MONITOR ON *.* FROM \(place.name)")
        try await Stage.run { stage in
            let target = try stage.tcpTarget()
            let check = place.measuring(
                """
                { name: oldest_transaction_seconds, every: 1s }, { name: replication_channels, every: 1s }
                """)
            let server = try VitalsServer(FaultPage.yaml(check, control: target.address), on: stage)
            func vitals() async throws -> [String: JSONValue] {
                let vitals = try await server.api.healthCheck(FaultPage.id)["vitals"].items
                return Dictionary(vitals.map { ($0["name"].string ?? "", $0) }) { first, _ in first }
            }
            try await server.start()
            try await server.healthCheck(FaultPage.id, becomes: "healthy")
            let before = try await vitals()
            #expect(before["connections"]?["value"].number != nil)
            for (name, right) in [
                ("oldest_transaction_seconds", "PROCESS"), ("replication_channels", "SLAVE MONITOR"),
            ] {
                let vital = try #require(before[name])
                #expect(vital["value"] == .null)
                let mending = "; run: GRANT \(right) ON *.* TO '\(place.name)'@'%'"
                #expect(vital["reason"].string?.hasSuffix(mending) == true, "\(vital)")
                try await place.sql(String(mending.dropFirst("; run: ".count)))
                try await eventually(that: "\(name) is known", within: .seconds(40)) {
                    try await vitals()[name]?["value"].number != nil
                }
            }
            let runs = try await server.api.all("health-checks/\(FaultPage.id)/runs")
            #expect(Set(runs.compactMap { $0["outcome"].string }).isSubset(of: ["pass", "inconclusive"]))
            #expect(try await server.stop() == 0)
        }
    }
}
