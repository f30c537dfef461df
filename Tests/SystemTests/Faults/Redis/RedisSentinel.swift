import Testing
import VitalsCore
import VitalsTesting

/// A Sentinel that watches a server.
struct RedisSentinel: Sendable {
    let primary: RedisInstance
    let sentinel: RedisInstance

    init() async throws {
        primary = try RedisInstance()
        try await primary.start()
        sentinel = try RedisInstance(
            .sentinel,
            [
                "sentinel monitor orders 127.0.0.1 \(primary.port) 1",
                "sentinel down-after-milliseconds orders 500",
            ])
        try await sentinel.start()
    }

    var checking: String {
        "redis: \"redis-sentinel://127.0.0.1:\(sentinel.port)?sentinelMasterId=orders\""
    }
}
