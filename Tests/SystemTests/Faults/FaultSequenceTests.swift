import Foundation
import Testing
import VitalsTesting

@Suite("One target goes through twenty faults", .oneOfAFew)
struct FaultSequenceTests {
    private struct Step {
        let verdict: String
        let event: String
        let breaking: String
        let mending: String

        init(_ verdict: String, _ event: String, _ breaking: String, _ mending: String) {
            self.verdict = verdict
            self.event = event
            self.breaking = breaking
            self.mending = mending
        }
    }

    /// `ROLE` stands for the role and the database. What is about the database itself is done from outside.
    private static let steps = [
        Step(
            "db_missing in session (3D000)", "down", "ALTER DATABASE ROLE RENAME TO away",
            "ALTER DATABASE away RENAME TO ROLE"),
        Step(
            "too_many_connections in session (53300)", "down", "ALTER ROLE ROLE CONNECTION LIMIT 0",
            "ALTER ROLE ROLE CONNECTION LIMIT 3"),
        Step(
            "db_forbidden in session (42501)", "down", "REVOKE CONNECT ON DATABASE ROLE FROM PUBLIC, ROLE",
            "GRANT CONNECT ON DATABASE ROLE TO ROLE"),
        Step(
            "db_not_accepting in session (55000)", "down", "ALTER DATABASE ROLE ALLOW_CONNECTIONS false",
            "ALTER DATABASE ROLE ALLOW_CONNECTIONS true"),
        Step(
            "too_many_connections in session (53300)", "down", "ALTER DATABASE ROLE CONNECTION LIMIT 0",
            "ALTER DATABASE ROLE CONNECTION LIMIT -1"),
        Step(
            "role_mismatch in session", "down", "ALTER ROLE ROLE SET default_transaction_read_only = on",
            "ALTER ROLE ROLE RESET default_transaction_read_only"),
        Step(
            "commit_stalled in write", "degraded", "ALTER SYSTEM SET synchronous_standby_names = 'gone'",
            "ALTER SYSTEM RESET synchronous_standby_names"),
    ]

    private static let inside = [
        Step(
            "not_provisioned in write", "down", "ALTER TABLE vitals.heartbeat RENAME TO away",
            "ALTER TABLE vitals.away RENAME TO heartbeat"),
        Step(
            "privilege in write (42501)", "down", "REVOKE UPDATE ON vitals.heartbeat FROM ROLE",
            "GRANT UPDATE ON vitals.heartbeat TO ROLE"),
        Step(
            "privilege in write (42501)", "down", "REVOKE USAGE ON SCHEMA vitals FROM ROLE",
            "GRANT USAGE ON SCHEMA vitals TO ROLE"),
        Step(
            "not_provisioned in write (42703)", "down", "ALTER TABLE vitals.heartbeat RENAME token TO words",
            "ALTER TABLE vitals.heartbeat RENAME words TO token"),
        Step(
            "not_provisioned in write", "down", "ALTER SCHEMA vitals RENAME TO away",
            "ALTER SCHEMA away RENAME TO vitals"),
        spoiling("condition_warn in write (token)", "NEW.token = 'x'; RETURN NEW;"),
        spoiling("condition_warn in write (23505)", "RETURN NULL;", on: "UPDATE"),
        spoiling("statement_timeout in write (57014)", "PERFORM pg_sleep(60); RETURN NEW;"),
    ]

    private static func spoiling(
        _ verdict: String, _ body: String, on event: String = "INSERT OR UPDATE"
    ) -> Step {
        Step(
            verdict, "degraded",
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(body) END $$; "
                + "CREATE TRIGGER spoil BEFORE \(event) ON vitals.heartbeat FOR EACH ROW "
                + "EXECUTE FUNCTION spoil()",
            "DROP FUNCTION spoil() CASCADE")
    }

    @Test("each is told once and resolved once, in order, and nothing is left behind")
    func sequence() async throws {
        try await Stage.run { stage in
            let receiver = try stage.receiver()
            let target = try stage.tcpTarget()
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            let place = try await FaultPlace(on: postgres)
            let check = place.checking("role: primary, write: true, write_timeout: 900ms")
            let server = try VitalsServer(
                """
                channels: [{ id: ops, default: true, webhook: { url: "\(receiver.url)" } }]
                \(FaultPage.yaml(check, control: target.address))
                """, on: stage)
            try await server.start()
            try await server.healthCheck(FaultPage.id, becomes: "healthy")
            let faults = Faults(place: place, server: server, receiver: receiver)

            for step in Self.steps { try await faults.go(step, database: "postgres") }
            for step in Self.inside { try await faults.go(step, database: place.name) }
            for (verdict, statements) in [
                ("lock_timeout in write (55P03)", "UPDATE vitals.heartbeat SET seq = seq"),
                ("lock_timeout in read (55P03)", "LOCK TABLE vitals.heartbeat IN ACCESS EXCLUSIVE MODE"),
            ] {
                let holder = try await place.hold(statements)
                try await faults.expect(verdict, "degraded")
                try await place.release()
                await holder.stop()
                try await faults.recover()
            }
            try await postgres.stop()
            // Which of these, depends on how far the run was that met it.
            try await faults.expect(
                "refused in connect (ECONNREFUSED)", "down", or: ["reset", "shutting_down"])
            try await postgres.start()
            try await faults.recover()
            postgres.signal(SIGSTOP)
            try await faults.expect("timeout in authenticate", "down")
            postgres.signal(SIGCONT)
            try await faults.recover()
            try await place.sql("ALTER ROLE \(place.name) NOLOGIN")
            try await faults.expect("auth_failed in session (28000)", "down")
            try await place.sql("ALTER ROLE \(place.name) LOGIN")
            try await faults.recover()

            #expect(receiver.messages.count == 40)
            #expect(try await server.stop() == 0)
            try await eventually(that: "no session is left") {
                try await postgres.sql(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vitals'") == "0"
            }
            #expect(try await place.sql("SELECT count(*) FROM vitals.heartbeat") == "1")
        }
    }

    private final class Faults {
        let place: FaultPlace
        let server: VitalsServer
        let receiver: WebhookReceiver
        private var told = 0

        init(place: FaultPlace, server: VitalsServer, receiver: WebhookReceiver) {
            self.place = place
            self.server = server
            self.receiver = receiver
        }

        func go(_ step: Step, database: String) async throws {
            try await sql(step.breaking, database)
            try await expect(step.verdict, step.event)
            try await sql(step.mending, database)
            try await recover()
        }

        private func sql(_ text: String, _ database: String) async throws {
            let text = text.replacing("ROLE ROLE", with: "ROLE \(place.name)")
                .replacing("DATABASE ROLE", with: "DATABASE \(place.name)")
                .replacing("TO ROLE", with: "TO \(place.name)").replacing(", ROLE", with: ", \(place.name)")
                .replacing("FROM ROLE", with: "FROM \(place.name)")
            try await place.patiently(text, database: database)
            if text.hasPrefix("ALTER SYSTEM") { try await place.server.reload() }
        }

        /// - Parameter causes: those that will do instead.
        func expect(_ verdict: String, _ event: String, or causes: [String] = []) async throws {
            try await tell(event, verdict)
            let message = try #require(receiver.messages.dropFirst(told - 1).first)
            let run = message.body["health_check"]["last_run"]
            let isOther = run["cause"].string.map(causes.contains) ?? false
            #expect(isOther || FaultPage.verdict(of: run) == verdict)
        }

        func recover() async throws { try await tell("recovered", "the end of what came last (\(told))") }

        private func tell(_ event: String, _ what: String) async throws {
            told += 1
            try await eventually(that: "\(event) for \(what)", within: .seconds(60)) {
                self.receiver.messages.count >= self.told
            }
            #expect(receiver.messages.count == told)
            #expect(receiver.messages.last?.type == event, "\(what)")
        }
    }
}
