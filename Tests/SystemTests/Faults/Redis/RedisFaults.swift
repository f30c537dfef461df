import Synchronization
import Testing
import VitalsCore
import VitalsTesting

/// The pages about Redis, a file each. Each has a server of its own, which is there in no time.
@Suite("Fault book: Redis", .oneOfAFew)
struct RedisFaults {
    /// A server with a user that has no more rights than `vitals provision` gives it.
    static func place(_ settings: [String] = []) async throws -> RedisPlace {
        try await RedisPlace(try RedisInstance(.redis, settings))
    }
}

/// A server, and the user that watches it.
struct RedisPlace: Sendable {
    let server: RedisInstance

    init(_ server: RedisInstance) async throws {
        self.server = server
        try await server.start()
        try await Stage.run { stage in
            let done = try await VitalsProgram.run(
                ["provision", "redis+unix://\(server.socket)", "--for", "watcher", "--apply"], on: stage)
            try #require(done.exitCode == 0, "\(done)")
        }
        try await tell("ACL", "SETUSER", "watcher", "on", ">s3cr3t")
    }

    func dsn(_ rest: String = "", host: String = "127.0.0.1", scheme: String = "redis") -> String {
        "\(scheme)://watcher:s3cr3t@\(host):\(server.port)\(rest)"
    }

    /// A check that reads.
    var reading: String { "redis: \"\(dsn())\"" }

    /// A check that writes.
    var writing: String { checking("write: true") }

    func checking(_ settings: String) -> String { "redis: { dsn: \"\(dsn())\", \(settings) }" }

    /// A check that measures something more often.
    ///
    /// - Parameter vitals: what stands in the list `vitals`.
    func measuring(_ vitals: String) -> String { "\(reading), vitals: [\(vitals)]" }

    /// What an administrator does.
    func tell(_ words: String...) async throws {
        let reply = try await server.tell(words)
        try #require(!reply.hasPrefix("ERR") && !reply.hasPrefix("NO"), "\(words): \(reply)")
    }

    func set(_ setting: String, _ value: String) async throws {
        try await tell("CONFIG", "SET", setting, value)
    }
}

/// A server and one that follows it.
struct RedisPair: Sendable {
    let primary: RedisPlace
    let replica: RedisPlace

    init() async throws {
        primary = try await RedisFaults.place()
        replica = try await RedisFaults.place(["replicaof 127.0.0.1 \(primary.server.port)"])
        try await follows()
    }

    /// Waits until the replica has everything.
    func follows() async throws {
        let replica = replica.server
        try await eventually(that: "the replica follows", within: .seconds(60)) {
            try await replica.tell("INFO", "replication").contains("master_link_status:up")
        }
    }
}
