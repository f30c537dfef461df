import Testing
import VitalsTesting

/// A server and one that follows it.
struct MariaDBPair: Sendable {
    let primary: MariaDBServer
    let replica: MariaDBServer
    /// Of the primary; the replica has the same.
    let place: MySQLPlace

    init() async throws {
        primary = try await MariaDBServer(settings: ["server-id": "1", "log-bin": "binlog"])
        replica = try await MariaDBServer(settings: ["server-id": "2"])
        try await primary.start()
        try await replica.start()
        try await primary.sql(
            "CREATE USER follower IDENTIFIED BY 's3cr3t'; GRANT REPLICATION SLAVE ON *.* TO follower")
        place = try await MySQLPlace(on: primary)
        try await replica.sql(
            """
            CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = \(primary.port),
            MASTER_USER = 'follower', MASTER_PASSWORD = 's3cr3t', MASTER_USE_GTID = slave_pos,
            MASTER_CONNECT_RETRY = 1; START SLAVE
            """)
        try await eventually(that: "the replica has everything", within: .seconds(60)) {
            try await replica.sql("SELECT COUNT(*) FROM \(place.name).t") == "2"
        }
    }

    /// A check of the replica that looks at its replication.
    var checking: String {
        place.measuring(
            """
            { name: replication_threads_stopped, every: 1s }, { name: replication_lag_seconds, every: 1s }
            """, of: place.dsn(port: replica.port))
    }
}
