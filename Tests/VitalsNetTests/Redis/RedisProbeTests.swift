import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// One server for the suite, with a user for each way to be let in or not.
private final class RedisUsers: SuiteTrait, TestScoping {
    @TaskLocal static var server: RedisInstance?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try RedisInstance(
            .redis,
            [
                "user plain on >p@ss/wörd ~* +@all", "user off off >pw ~* +@all",
                "user bare on >pw -@all +ping", "user nothing on >pw -@all",
                "user blind on >pw -@all +ping +info",
            ])
        try await server.start()
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("The Redis probe, of a Redis server,", RedisUsers(), .serialized)
struct RedisProbeTests {
    private func server() throws -> RedisInstance { try #require(RedisUsers.server) }

    @Test(
        "logs in as whoever the target says",
        arguments: ["", "default:any", "plain:p%40ss%2Fw%C3%B6rd"])
    func logsIn(login: String) async throws {
        let server = try server()
        let result = try await RedisHarness.probe(server.target(login, "/3"))
        #expect(result.verdict == "pass", "\(result)")
        #expect(result.phases.map(\.phase) == [.connect, .authenticate, .session, .read])
        #expect(result.facts[.role] == .text("primary"))
        #expect(result.facts[.serverFlavour] == .text("Redis"))
        let info = RedisFields(try await server.tell("INFO", "server"))
        #expect(result.facts[.serverVersion] == info["redis_version"].map { .text($0) })
        #expect(result.facts[.systemIdentifier] == info["run_id"].map { .text($0) })
        guard case .number(let uptime) = result.facts[.uptime] else {
            Issue.record("no uptime")
            return
        }
        #expect((0...600).contains(uptime))
    }

    @Test("takes a target in each form")
    func forms() async throws {
        let server = try server()
        for target in [
            "redis+unix://plain:p%40ss%2Fw%C3%B6rd@\(server.socket)?db=1", "unix://\(server.socket)",
            "redis-socket://\(server.socket)", "valkey://localhost:\(server.port)/0",
            server.target("", "?user=plain&password=p%40ss%2Fw%C3%B6rd&db=2"),
        ] {
            let result = try await RedisHarness.probe(target)
            #expect(result.verdict == "pass", "\(target): \(result)")
        }
        let missing = try await RedisHarness.probe("redis+unix://\(server.socket).none")
        #expect(missing.verdict == "refused in connect (ENOENT)")
    }

    @Test(
        "tells why the server does not let it in, or not that far",
        arguments: [
            ("plain:wrong", "", "auth_failed in authenticate (WRONGPASS)", "invalid username-password pair"),
            ("nobody:pw", "", "auth_failed in authenticate (WRONGPASS)", "invalid username-password pair"),
            ("off:pw", "", "auth_failed in authenticate (WRONGPASS)", "user is disabled"),
            ("nothing:pw", "", "privilege in read (NOPERM)", "run: ACL SETUSER nothing +ping"),
            ("bare:pw", "/1", "privilege in session (NOPERM)", "run: ACL SETUSER bare +select"),
            ("plain:p%40ss%2Fw%C3%B6rd", "/99", "db_missing in session", "there is no database 99"),
        ])
    func refused(login: String, rest: String, verdict: String, says: String) async throws {
        let result = try await RedisHarness.probe(server().target(login, rest))
        #expect(result.verdict == verdict, "\(result)")
        #expect(result.fault?.message.contains(says) == true, "\(result)")
        #expect(!"\(result)".contains("wrong"))
    }

    @Test("reads of a server that says little of itself, with the facts that it does say")
    func reticent() async throws {
        let server = try server()
        let bare = try await RedisHarness.probe(
            server.target("bare:pw"), RedisHarness.settings(role: "primary"))
        #expect(bare.verdict == "pass", "\(bare)")
        #expect(bare.facts[.systemIdentifier] == nil)
        #expect(bare.facts[.role] == .text("primary"))
    }

    @Test("writes a key that goes by itself, one for each prober, and reads it back")
    func writes() async throws {
        let server = try server()
        for prober in ["orders.cache", "orders.cache", "other"] {
            let settings = RedisHarness.settings(writes: true, expires: .seconds(90))
            let result = try await RedisHarness.probe(server.target("", "/5"), settings, as: prober)
            #expect(result.verdict == "pass", "\(result)")
            #expect(result.facts[.write] == .text("done"))
            #expect(result.phases.map(\.phase) == [.connect, .authenticate, .session, .read, .write])
        }
        let keys = try await server.tell("-n", "5", "KEYS", "*").split(separator: "\n").sorted()
        #expect(keys == ["vitals:hb:orders.cache", "vitals:hb:other"])
        let left = Int(try await server.tell("-n", "5", "TTL", "vitals:hb:other")) ?? 0
        #expect((1...90).contains(left))
    }

    @Test("tells why it may not be written to")
    func writeRefused() async throws {
        let server = try server()
        let writing = RedisHarness.settings(writes: true)
        let forbidden = try await RedisHarness.probe(server.target("blind:pw"), writing)
        #expect(forbidden.verdict == "privilege in write (NOPERM)")
        #expect(
            forbidden.fault?.message.hasSuffix("; run: ACL SETUSER blind ~vitals:* +set +get") == true)

        try await server.tell("RPUSH", "vitals:hb:listed", "x")
        let listed = try await RedisHarness.probe(server.target(), writing, as: "listed")
        // SET takes the place of whatever was there.
        #expect(listed.verdict == "pass")

        try await server.tell("CONFIG", "SET", "maxmemory", "1")
        let full = try await RedisHarness.probe(server.target(), writing)
        let reading = try await RedisHarness.probe(server.target())
        try await server.tell("CONFIG", "SET", "maxmemory", "0")
        #expect(full.verdict == "write_refused_resource in write (OOM)")
        #expect(full.fault?.message.contains("maxmemory") == true)
        #expect(reading.verdict == "pass")

        try await server.tell("CONFIG", "SET", "min-replicas-to-write", "1")
        let alone = try await RedisHarness.probe(server.target(), writing)
        try await server.tell("CONFIG", "SET", "min-replicas-to-write", "0")
        #expect(alone.verdict == "write_refused_resource in write (NOREPLICAS)")
    }

    @Test("tells a server that cannot save, and takes nothing therefore")
    func misconfigured() async throws {
        let server = try server()
        try await server.tell("CONFIG", "SET", "save", "3600 1")
        try await server.tell("SET", "changed", "1")
        // Its file is a folder by now.
        try await server.tell("CONFIG", "SET", "dbfilename", "taken.rdb")
        #expect(mkdir(server.directory.file("taken.rdb"), 0o755) == 0)
        try await server.tell("BGSAVE")
        try await eventually(that: "the snapshot failed") {
            try await server.tell("INFO", "persistence").contains("rdb_last_bgsave_status:err")
        }
        let reading = try await RedisHarness.probe(server.target())
        let measured = try await RedisHarness.measure(server.target())
        try await server.tell("CONFIG", "SET", "save", "")
        try await server.tell("CONFIG", "SET", "dbfilename", "good.rdb")
        try await server.tell("SAVE")
        #expect(reading.verdict == "write_refused_resource in read (MISCONF)")
        #expect(reading.fault?.message.contains("unable to persist to disk") == true)
        #expect(measured.verdict == reading.verdict)
        #expect(try await RedisHarness.probe(server.target()).verdict == "pass")
    }

    @Test("tells a server that a script keeps busy")
    func busy() async throws {
        let server = try server()
        try await server.tell("CONFIG", "SET", "busy-reply-threshold", "10")
        let script = try server.client("EVAL", "while true do end", "0")
        try await eventually(that: "it is busy") { try await server.tell("PING").contains("BUSY") }
        let result = try await RedisHarness.probe(server.target())
        try await server.tell("SCRIPT", "KILL")
        await script.stop()
        #expect(result.fault?.cause == .backendUnavailable, "\(result)")
        #expect(result.fault?.code == "BUSY")
        #expect(result.fault?.message.contains("SCRIPT KILL") == true)
    }

    @Test("tells a server that has no place for another client")
    func full() async throws {
        let server = try server()
        let waiting = try server.client("BLPOP", "nothing", "0")
        try await eventually(that: "a client waits") {
            try await server.tell("INFO", "clients").contains("blocked_clients:1")
        }
        try await server.tell("CONFIG", "SET", "maxclients", "1")
        try await eventually(that: "the only place is taken") {
            try await server.tell("PING").contains("max number of clients")
        }
        let result = try await RedisHarness.probe(server.target())
        await waiting.stop()
        try await eventually(that: "the place is free") {
            try await server.tell("CONFIG", "SET", "maxclients", "100") == "OK"
        }
        #expect(result.verdict == "too_many_connections in authenticate", "\(result)")
    }

    @Test("wants a password where the server does")
    func password() async throws {
        let server = try RedisInstance(.redis, ["requirepass pencil"])
        try await server.start()
        let none = try await RedisHarness.probe(server.target())
        #expect(none.verdict == "auth_failed in authenticate (NOAUTH)")
        #expect(none.fault?.message == "the server wants a password, and the target has none")
        for login in [":pencil", "default:pencil", "pencil"] {
            #expect(try await RedisHarness.probe(server.target(login)).verdict == "pass")
        }
        let wrong = try await RedisHarness.probe(server.target(":eraser"))
        #expect(wrong.verdict == "auth_failed in authenticate (WRONGPASS)")
        #expect(!"\(wrong)".contains("eraser"))
    }

    @Test("tells a server that loads its data, and how far it is")
    func loading() async throws {
        let server = try RedisInstance(
            .redis, ["key-load-delay 500", "loading-process-events-interval-bytes 1024"])
        try await server.start()
        try await server.tell("DEBUG", "POPULATE", "40000")
        try await server.tell("SAVE")
        try await server.stop()
        try await server.start()
        let result = try await RedisHarness.probe(server.target())
        server.signal(SIGKILL)
        #expect(result.verdict == "starting_up in read (LOADING)", "\(result)")
        #expect(result.fault?.message.contains(" % done, about ") == true, "\(result)")
    }

    @Test("tells a server that hangs, hung up or is not there")
    func outages() async throws {
        let server = try RedisInstance()
        try await server.start()
        server.signal(SIGSTOP)
        let hung = try await RedisHarness.probe(server.target(), timeout: .seconds(1))
        server.signal(SIGCONT)
        #expect(hung.verdict == "timeout in authenticate")
        #expect(try await RedisHarness.probe(server.target()).verdict == "pass")
        try await server.stop()
        #expect(try await RedisHarness.probe(server.target()).verdict == "refused in connect (ECONNREFUSED)")
    }
}
