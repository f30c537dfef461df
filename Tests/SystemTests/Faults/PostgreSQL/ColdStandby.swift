import Glibc
import Testing
import VitalsCore
import VitalsTesting

extension PostgresFaults {
    @Test("a standby that takes nobody in")
    func coldStandby() async throws {
        let primary = try await PostgresServer(
            access: PostgresServer.passwords + "\nlocal replication all trust")
        try await primary.start()
        let place = try await FaultPlace(on: primary)
        let standby = try await primary.standby(settings: ["hot_standby": "off"])
        try standby.launch()
        let dsn = place.dsn.replacing(":\(primary.port)/", with: ":\(standby.port)/")
        let page = FaultPage(
            check: "postgres: \"\(dsn)\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "db_not_accepting in authenticate (57P03)", causeClass: .config, state: "unknown",
                says: "not accepting connections"))
        try await page.turn()
        try await standby.stop(SIGQUIT)
    }
}
