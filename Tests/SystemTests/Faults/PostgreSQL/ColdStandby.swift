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
        // Before that it is starting up, which is an outage.
        try await Stage.run { stage in
            try await eventually(that: "it has started") {
                try await VitalsProgram.run(["check", dsn], on: stage).output.contains("db_not_accepting")
            }
        }
        let page = FaultPage(
            check: "postgres: \"\(dsn)\"", isWellBefore: false,
            expected: ExpectedFault(
                verdict: "db_not_accepting in authenticate (57P03)", causeClass: .config, state: "unknown",
                says: "not accepting connections"))
        try await page.turn()
        try await standby.stop(SIGQUIT)
    }
}
