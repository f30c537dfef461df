import Testing
import VitalsCore
import VitalsTesting

extension RedisFaults {
    @Test("a MariaDB server where Redis should be")
    func redisOtherServer() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let page = FaultPage(
            check: "redis: \"redis://127.0.0.1:\(server.port)\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "protocol_mismatch in authenticate", causeClass: .config, state: "unknown",
                says: "not a Redis server: this is a MySQL or MariaDB server"))
        try await page.turn()
        try await server.stop()
    }
}
