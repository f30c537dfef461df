import Foundation
import Testing
import VitalsTesting

@Suite("Redis on the command line", .oneOfAFew)
struct RedisCommandTests {
    @Test("is set up by `vitals provision`, and then all of it can be measured and written")
    func provisioned() async throws {
        try await Stage.run { stage in
            let server = try RedisInstance()
            try await server.start()
            let target = "redis://127.0.0.1:\(server.port)"
            let printed = try await VitalsProgram.run(["provision", target, "--for", "monitor"], on: stage)
            #expect(printed.exitCode == 0)
            #expect(printed.output.contains("\nACL SETUSER monitor resetchannels ~vitals:* +hello"))
            #expect(try await !server.tell("ACL", "LIST").contains("monitor"))
            for _ in 1...2 {
                let applied = try await VitalsProgram.run(
                    ["provision", target, "--for", "monitor", "--apply"], on: stage)
                #expect(applied.exitCode == 0, "\(applied)")
            }
            let tables = try await VitalsProgram.run(["provision", target, "--table", "a.b"], on: stage)
            #expect(tables.exitCode == 3)

            try await server.tell("ACL", "SETUSER", "monitor", "on", ">s3cr3t")
            let url = "redis://monitor:s3cr3t@127.0.0.1:\(server.port)/0"
            let measured = try await VitalsProgram.run(
                ["check", url, "--read-write", "--role", "primary", "--vitals", "--json"], on: stage)
            #expect(measured.exitCode == 0, "\(measured)")
            let json = try JSONValue(parsing: measured.output)
            #expect(json["kind"].string == "redis")
            #expect(json["facts"]["server_flavour"].string == "Redis")
            #expect(json["facts"]["write"].string == "done")
            #expect(!measured.output.contains("NOPERM"), "something may not be asked: \(measured)")
            #expect(!measured.output.contains("s3cr3t"))
            let again = try await VitalsProgram.run(["provision", url, "--apply"], on: stage)
            #expect(again.exitCode == 1, "it may not give itself rights")
        }
    }

    @Test("says what it found by its exit status, and answers questions")
    func checked() async throws {
        try await Stage.run { stage in
            let server = try RedisInstance(.redis, ["requirepass s3cr3t"])
            try await server.start()
            func check(
                _ login: String, _ options: String...
            ) async throws -> (exitCode: Int32, output: String) {
                let target = "redis://\(login)127.0.0.1:\(server.port)"
                let done = try await VitalsProgram.run(["check", target] + options, on: stage)
                return (done.exitCode, done.output)
            }
            let people = try await check(":s3cr3t@")
            #expect(people.exitCode == 0)
            #expect(people.output.contains("(Redis 7."), "\(people)")
            #expect(try await check("").exitCode == 3)
            #expect(try await check(":s3cr3t@", "--role", "replica").exitCode == 2)
            let question = "{name: jobs, query: LLEN jobs, conditions: \"[ROWS][0].value < 1\"}"
            #expect(try await check(":s3cr3t@", "--collect", question).exitCode == 0)
            try await server.tell(["RPUSH", "jobs", "a"], as: (name: "default", password: "s3cr3t"))
            #expect(try await check(":s3cr3t@", "--collect", question).exitCode == 2)
            let writing = try await check(":s3cr3t@", "--collect", "{name: n, query: DEL jobs}")
            #expect(writing.exitCode == 3)
            let secure = try await VitalsProgram.run(
                ["check", "rediss://127.0.0.1:\(server.port)", "--timeout", "1s"], on: stage)
            #expect("\(secure)".contains("write redis:// instead of rediss://"), "\(secure)")
            try await server.stop()
            #expect(try await check(":s3cr3t@").exitCode == 2)
        }
    }

    @Test("is watched around a program, and written to")
    func wrapped() async throws {
        try await Stage.run { stage in
            let server = try RedisInstance()
            try await server.start()
            let dsn = "redis://127.0.0.1:\(server.port)"
            let wrapped = try Wrapped(["--db-dsn", dsn, "--read-write", "--role", "primary"], on: stage)
            try await eventually(that: "it writes") {
                try await wrapped.metrics().contains { name, value in
                    name.hasPrefix("db_write_latency_ms{") && name.contains(#"engine="redis""#) && value > 0
                }
            }
            #expect(try await server.tell("DBSIZE") == "1")
            try await server.tell("REPLICAOF", "127.0.0.1", "1")
            try await eventually(that: "it is no primary any more") {
                try await wrapped.metrics()[#"service_health{service="sleep"}"#] == 0
            }
            #expect(try await wrapped.stop() == 143)
        }
    }
}
