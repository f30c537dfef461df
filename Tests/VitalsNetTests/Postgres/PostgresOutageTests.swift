import Glibc
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The PostgreSQL probe, when the server is in trouble,", .serialized)
struct PostgresOutageTests {
    @Test("tells a server that is gone, from one that hangs, from one that is back")
    func killed() async throws {
        let server = try await PostgresServer()
        try await server.start()
        #expect(try await PostgresHarness.probe(server.target("postgres")).verdict == "pass")

        server.signal(SIGSTOP)
        let hanging = try await PostgresHarness.probe(server.target("postgres"), timeout: .milliseconds(300))
        #expect(hanging.verdict == "timeout in authenticate")
        #expect(hanging.latency >= .milliseconds(300))
        server.signal(SIGCONT)

        try await server.stop(SIGQUIT)
        #expect(
            try await PostgresHarness.probe(server.target("postgres")).verdict
                == "refused in connect (ECONNREFUSED)")
        try await server.start()
        #expect(try await PostgresHarness.probe(server.target("postgres")).verdict == "pass")
    }

    @Test("tells a server that shuts down")
    func shuttingDown() async throws {
        let server = try await PostgresServer()
        try await server.start()
        let session = try server.session("SELECT pg_sleep(600)", as: "postgres")
        try await eventually(that: "a session holds up the shutdown") {
            try await server.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'")
                == "1"
        }
        server.signal(SIGTERM)
        try await eventually(that: "the server takes nobody in") {
            try await PostgresHarness.probe(server.target("postgres")).verdict
                == "shutting_down in authenticate (57P03)"
        }
        try await server.stop()
        _ = try await session.waitForExit()
    }

    @Test("tells a server that starts up")
    func startingUp() async throws {
        let server = try await PostgresServer(settings: ["restore_command": "sleep 600", "hot_standby": "on"])
        try server.directory.write("data/recovery.signal", "")
        try server.launch()
        try await eventually(that: "the server is recovering") {
            let result = try await PostgresHarness.probe(server.target("postgres"))
            return result.verdict == "starting_up in authenticate (57P03)"
        }
        try await server.stop(SIGQUIT)
    }

    @Test("tells primary from standby, and a standby that takes nobody in")
    func standby() async throws {
        let primary = try await PostgresServer()
        try await primary.start()
        let standby = try await primary.standby()
        try await standby.start()
        let first = try await PostgresHarness.probe(primary.target("postgres"))
        let second = try await PostgresHarness.probe(standby.target("postgres"))
        #expect(first.verdict == "pass")
        #expect(second.verdict == "pass")
        #expect(first.facts[.role] == .text("primary"))
        #expect(second.facts[.role] == .text("replica"))
        #expect(second.facts[.systemIdentifier] == first.facts[.systemIdentifier])
        #expect(second.facts[.systemIdentifier] != nil)
        try await standby.stop()

        let cold = try await primary.standby(settings: ["hot_standby": "off"])
        try cold.launch()
        try await eventually(that: "a standby that takes nobody in says so") {
            try await PostgresHarness.probe(cold.target("postgres")).verdict
                == "db_not_accepting in authenticate (57P03)"
        }
    }

    @Test("tells a hung read from a server that is down: it degrades")
    func hungRead() async throws {
        let server = try await PostgresServer()
        try await server.start()
        // The catalog that every login looks into, locked by somebody.
        let session = try server.session(
            "BEGIN; LOCK TABLE pg_catalog.pg_proc IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)",
            as: "postgres")
        try await eventually("the probe is held up") {
            let result = try await PostgresHarness.probe(
                server.target("postgres"), timeout: .seconds(1))
            return result.verdict == "timeout in session" ? () : nil
        }
        await session.stop(SIGKILL)
    }

    @Test("tells slots that are used up")
    func tooManyConnections() async throws {
        let server = try await PostgresServer(settings: [
            "max_connections": "4", "superuser_reserved_connections": "3", "max_wal_senders": "0",
        ])
        try await server.start()
        try await server.sql("CREATE ROLE plain LOGIN")
        var session = try server.session("SELECT pg_sleep(600)", as: "plain")
        try await eventually(that: "the only slot is taken") {
            // Refused itself, as long as one before it is not quite gone.
            if !session.isRunning { session = try server.session("SELECT pg_sleep(600)", as: "plain") }
            return
                try await server.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'plain'") == "1"
        }
        let result = try await PostgresHarness.probe(server.target("plain"))
        #expect(result.verdict == "too_many_connections in session (53300)")
        await session.stop(SIGKILL)
    }
}
