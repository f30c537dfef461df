import Testing
import VitalsCore

@testable import VitalsEngine

@Suite("A cluster in the configuration")
struct ConfigurationClusterTests {
    private static func read(_ cluster: String) throws -> Configuration {
        try ConfigurationFixture.read(
            """
            systems:
              - id: db
                cluster: \(cluster)
                checks:
                  - { id: one, postgres: "postgres://h1/d" }
                  - { id: port, tcp: "h1:5432" }
                  - { id: two, postgres: "postgres://h2/d" }
              - { id: other, checks: [{ id: one, postgres: "postgres://h3/d" }] }
            """, environment: [:]
        ).configuration
    }

    @Test(
        "says how many servers there are to be",
        arguments: [
            ("{}", 1, 0), ("{ primaries: 2 }", 2, 0), ("{ primaries: 0, replicas_at_least: 3 }", 0, 3),
        ])
    func read(cluster: String, primaries: Int, replicas: Int) throws {
        let configuration = try Self.read(cluster)
        let expected = Cluster(primaries: primaries, replicasAtLeast: replicas)
        #expect(configuration.systems.map(\.cluster) == [expected, nil])
        let seats = configuration.views.map(\.cluster)
        let members = ["db.one", "db.two"].map { HealthCheckID($0) }
        let seat = ClusterSeat(cluster: expected, members: members)
        #expect(seats == [seat, nil, seat, nil], "only database servers belong to it")
    }

    @Test(
        "what cannot be is told",
        arguments: [
            ("{ primarys: 1 }", "unknown key; did you mean `primaries`?"), ("{ primaries: -1 }", "-1"),
            ("{ primaries: 101 }", "from 0 to 100"), ("3", "needs keys and values"),
        ])
    func wrong(cluster: String, words: String) {
        #expect {
            try Self.read(cluster)
        } throws: { error in
            "\(error)".contains(words)
        }
    }
}
