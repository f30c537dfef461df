import Glibc
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("The MySQL probe, when the server is in trouble,", .serialized)
struct MySQLOutageTests {
    @Test("tells a server that is gone, from one that hangs, from one that is back")
    func killed() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        try await server.sql("CREATE USER bare")
        let target = server.target("bare")
        #expect(try await MySQLHarness.probe(target).verdict == "pass")

        server.signal(SIGSTOP)
        let hanging = try await MySQLHarness.probe(target, timeout: .milliseconds(300))
        #expect(hanging.verdict == "timeout in greeting")
        #expect(hanging.latency >= .milliseconds(300))
        server.signal(SIGCONT)

        try await server.stop(SIGKILL)
        #expect(try await MySQLHarness.probe(target).verdict == "refused in connect (ECONNREFUSED)")
        try await server.start()
        #expect(try await MySQLHarness.probe(target).verdict == "pass")
        try await server.stop()
    }

    @Test("tells a server that dies in the middle of a query")
    func diesInQuery() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        try await server.sql("CREATE USER bare")
        let sleep = MySQLStatement(text: "SELECT SLEEP(600)", phase: .read) { answer, _ in
            if case .error(let error) = answer { .fault(error) } else { .goOn() }
        }
        async let result = MySQLHarness.run(server.target("bare"), timeout: .seconds(60)) { _ in [sleep] }
        try await eventually(that: "the query runs") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'bare'")
                == "1"
        }
        try await server.stop(SIGKILL)
        #expect(try await result.verdict.hasPrefix("reset in read"))
    }

    @Test("tells a server that shuts down under it")
    func shutDown() async throws {
        let server = try await MariaDBServer()
        try await server.start()
        try await server.sql("CREATE USER bare")
        let sleep = MySQLStatement(text: "SELECT SLEEP(600)", phase: .read) { answer, _ in
            if case .error(let error) = answer { .fault(error) } else { .goOn() }
        }
        async let result = MySQLHarness.run(server.target("bare"), timeout: .seconds(60)) { _ in [sleep] }
        try await eventually(that: "the query runs") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'bare'")
                == "1"
        }
        server.signal(SIGTERM)
        let verdict = try await result.verdict
        #expect(
            ["shutting_down in read (1927)", "shutting_down in read (1053)", "reset in read"].contains(
                verdict),
            "\(verdict)")
        try await server.stop()
    }

    @Test("tells a server that has no place")
    func tooManyConnections() async throws {
        let server = try await MariaDBServer(settings: ["max-connections": "10"])
        try await server.start()
        try await server.sql("CREATE USER bare")
        var sessions: [ChildProcess] = []
        for _ in 0..<10 { sessions.append(try server.session("SELECT SLEEP(600)", as: "bare")) }
        try await eventually("every place is taken", within: .seconds(60)) {
            // Refused themselves, as long as a probe before them is not quite gone.
            for index in sessions.indices where !sessions[index].isRunning {
                sessions[index] = try server.session("SELECT SLEEP(600)", as: "bare")
            }
            let result = try await MySQLHarness.probe(server.target("bare"))
            // It greets those who may yet be somebody for whom it keeps a place.
            return result.verdict == "too_many_connections in authenticate (1040)" ? () : nil
        }
        for session in sessions { await session.stop(SIGKILL) }
        try await server.stop(SIGKILL)
    }

    @Test("tells the limit that all accounts have")
    func tooManyOfAll() async throws {
        let server = try await MariaDBServer(settings: ["max-user-connections": "1"])
        try await server.start()
        try await server.sql("CREATE USER bare")
        var session = try server.session("SELECT SLEEP(600)", as: "bare")
        try await eventually("its place is taken") {
            // Refused itself, if a probe was there before it.
            if !session.isRunning { session = try server.session("SELECT SLEEP(600)", as: "bare") }
            let result = try await MySQLHarness.probe(server.target("bare"))
            return result.verdict == "too_many_connections in authenticate (1203)" ? () : nil
        }
        await session.stop(SIGKILL)
        try await server.stop()
    }

    @Test("has the server give up a query that is held at the deadline", arguments: ["tcp", "unix"])
    func heldQuery(network: String) async throws {
        let server = try await MariaDBServer()
        try await server.start()
        try await server.sql(
            "CREATE USER held IDENTIFIED BY 'pw'; CREATE DATABASE d; CREATE TABLE d.t (a INT)")
        try await server.sql("GRANT SELECT ON d.* TO held")
        let holder = try server.session("LOCK TABLE d.t WRITE; SELECT SLEEP(600)")
        let address = network == "tcp" ? "127.0.0.1:\(server.port)" : server.socket
        let target = "held:pw@\(network)(\(address))/d"
        let read = MySQLStatement(text: "SELECT COUNT(*) FROM t", phase: .read) { _, _ in .goOn() }
        try await eventually(that: "the lock") {
            let result = try await MySQLHarness.run(target, timeout: .milliseconds(500)) { _ in [read] }
            return result.verdict == "timeout in read"
        }
        try await eventually(that: "the end of every session but the holder's") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'held'")
                == "0"
        }
        #expect(try await server.status("Com_kill") > 0)
        #expect(holder.isRunning)
        await holder.stop()
        try await server.stop(SIGKILL)
    }

    @Test("finds an HTTP server silent, which waits for us as we wait for it")
    func webServer() async throws {
        let server = try await Nginx()
        let result = try await MySQLHarness.probe(
            "mysql://u:pencil@127.0.0.1:\(server.port)/d", timeout: .milliseconds(500))
        #expect(result.verdict == "timeout in greeting")
    }
}
