import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

private final class RedisToAsk: SuiteTrait, TestScoping {
    @TaskLocal static var server: RedisInstance?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try RedisInstance(.redis, ["user narrow on >pw ~a* +ping +get"])
        try await server.start()
        try await server.tell("RPUSH", "queue", "one", "two", "3")
        try await server.tell("SET", "count", "42")
        try await server.tell("HSET", "job", "state", "late", "tries", "7")
        try await server.tell("ZADD", "scores", "1.5", "ann", "2", "bob")
        try await server.tell("XADD", "stream", "*", "a", "b")
        try await server.tell("XGROUP", "CREATE", "stream", "readers", "0")
        try await server.tell("EVAL", "redis.call('SET', 'long', string.rep('x', 100000))", "0")
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("Questions of a check's author, to Redis,", RedisToAsk(), .serialized)
struct RedisQuestionTests {
    private func server() throws -> RedisInstance { try #require(RedisToAsk.server) }

    private func ask(_ query: String, _ conditions: String...) async throws -> ProbeResult {
        let question = OwnQuestion(
            "stuck", query, timeout: .seconds(2),
            conditions: Conditions(failing: try conditions.map { try Condition(parsing: $0) }, warning: []))
        let result = try await RedisHarness.measure(server().target(), asking: [question])
        #expect(result.vital("connections")?.value != nil, "what follows is measured all the same")
        return result
    }

    @Test(
        "are answered in rows and columns",
        arguments: [
            ("GET count", "[ROWS][0].value == 42"), ("GET nothing", "[ROWS].count == 1"),
            ("LLEN queue", "[ROWS][0].value < 4"),
            ("LRANGE queue 0 -1", "[ROWS].count == 3"), ("LRANGE queue 0 -1", "[ROWS][1].value == two"),
            ("HGETALL job", "[ROWS][0].state == late"), ("HGETALL job", "[ROWS][0].tries > 6"),
            ("HMGET job state none", "[ROWS].count == 2"),
            ("ZRANGE scores 0 -1 WITHSCORES", "[ROWS][0].value == ann"),
            ("ZRANGE scores 0 -1 WITHSCORES", "[ROWS][1].value_2 == 2"),
            ("XINFO GROUPS stream", "[ROWS][0].name == readers"),
            ("XINFO GROUPS stream", "[ROWS][0].pending == 0"),
            ("config get maxclients", "[ROWS][0].maxclients > 0"),
            ("INFO server", "[ROWS][0].redis_mode == standalone"),
            (#"GET "count""#, "[ROWS][0].value == 42"),
        ])
    func answered(query: String, condition: String) async throws {
        let result = try await ask(query, condition)
        #expect(result.verdict == "pass", "\(result)")
    }

    @Test("fail where what is asked does not hold")
    func failing() async throws {
        let result = try await ask("LLEN queue", "[ROWS][0].value == 0")
        #expect(result.fault?.cause == .condition, "\(result)")
    }

    @Test("cost themselves and no more where they cannot be answered")
    func refused() async throws {
        let questions = [
            OwnQuestion("type", "LLEN count"), OwnQuestion("long", "GET long"),
            OwnQuestion("writes", "SET a b"), OwnQuestion("fine", "GET count"),
        ]
        let answers = try await RedisHarness.answers(server().target(), to: questions)
        #expect(answers.map(\.name) == ["type", "long", "writes", "fine"])
        let reasons = answers.map { answer in
            if case .refused(let reason) = answer.content { reason } else { "answered" }
        }
        #expect(reasons[0].hasPrefix("WRONGTYPE "))
        #expect(reasons[1] == "returned more than 64 KiB")
        #expect(reasons[2].hasPrefix("begins with SET, "))
        #expect(reasons[3] == "answered")
        #expect(try await server().tell("EXISTS", "a") == "0")
        let narrow = try await RedisHarness.answers(
            server().target("narrow:pw"), to: [OwnQuestion("count", "GET count")])
        guard case .refused(let reason) = narrow.first?.content else {
            Issue.record("\(narrow)")
            return
        }
        #expect(reason.hasPrefix("NOPERM "))
    }

    @Test("measure a vital by a command")
    func vital() async throws {
        let rule = VitalRule(
            "queue_length", "jobs that wait", every: .seconds(60), source: .query("LLEN queue"), warn: 2)
        let result = try await RedisHarness.measure(server().target(), own: [rule])
        #expect(result.vital("queue_length")?.value == 3)
        #expect(result.vital("queue_length")?.state == .degraded)
    }
}

@Suite("Which commands are put to a Redis server")
struct RedisReadingCommandTests {
    @Test(
        "those that only read",
        arguments: [
            "GET a", "get a", "  LLEN  queue ", "XINFO GROUPS s", "SENTINEL CKQUORUM m",
            "CONFIG GET maxmemory",
            "CONFIG GET maxmemory save", #"GET "a b\x00\"c""#, "GET 'a b'", "CLUSTER NODES", "SLOWLOG LEN",
        ])
    func reading(command: String) {
        #expect(RedisReadingCommand.refusal(of: command) == nil)
    }

    @Test(
        "and no others",
        arguments: [
            ("SET a b", "begins with SET"), ("", "is empty"), ("DEL a", "begins with DEL"),
            ("KEYS *", "goes through every key"), ("scan 0", "goes through every key"),
            ("EVAL 'return 1' 0", "begins with EVAL"), ("CONFIG SET save x", "only CONFIG GET"),
            ("CONFIG GET *", "by a pattern"), ("CONFIG GET requirePass", "requirepass, which is a secret"),
            ("CLIENT KILL x", "only CLIENT"), ("SLOWLOG GET", "only SLOWLOG LEN"), ("XINFO", "only XINFO"),
            ("GET \"a", "a quote that does not end"), ("GET \"a\"b", "a quote"), ("GET a\"b", "a quote"),
            ("SUBSCRIBE a", "begins with SUBSCRIBE"), ("MONITOR", "MONITOR"), ("BLPOP a 0", "BLPOP"),
        ])
    func others(command: String, says: String) throws {
        let refusal = try #require(RedisReadingCommand.refusal(of: command))
        #expect(refusal.contains(says), "\(refusal)")
    }

    @Test("are split as redis-cli does")
    func words() {
        #expect(RedisWords.split(#"GET "a\nb\x41" 'c "d"' e"#) == ["GET", "a\nbA", #"c "d""#, "e"])
        #expect(RedisWords.split(#"GET "a\x4""#) == nil)
        #expect(RedisWords.split(" ") == [])
    }

    @Test("have answers that are read alike in both versions of the protocol")
    func tables() {
        let pairs: [RESPValue] = [.text("state"), .text("late"), .text("tries"), .text("7")]
        let map = RedisTable(.map(pairs), of: ["HGETALL", "job"])
        #expect(map == RedisTable(.array(pairs), of: ["hgetall", "job"]))
        #expect(map.columns.map(\.name) == ["state", "tries"])
        #expect(map.columns.map(\.kind) == [.text, .number])
        #expect(map.rows == [["late", "7"]])
        let nested = RedisTable(.array([.array([.text("a"), .array([.integer(1), .null])])]), of: ["X"])
        #expect(nested.rows == [["a", "[1,null]"]])
        #expect(RedisTable(.array([]), of: ["LRANGE"]).rows.isEmpty)
        #expect(RedisTable(.null, of: ["GET"]).rows == [[nil]])
    }
}
