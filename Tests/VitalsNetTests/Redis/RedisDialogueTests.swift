import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("The dialogue with a Redis server")
struct RedisDialogueTests {
    /// Answers what is sent, one reply after the other, until there is a verdict.
    private func run(
        _ target: String, _ replies: [String], demand: RedisDemand = RedisDemand()
    ) throws -> (sent: [String], steps: [ProbeStep]) {
        let dsn = try RedisDSNParser.parse(target)
        var dialogue = RedisDialogue(RedisLogin(dsn), demand: demand)
        var steps = dialogue.opened()
        for reply in replies {
            var input = ByteBuffer(string: reply)
            steps += dialogue.received(&input)
        }
        let sent = steps.compactMap { step in
            if case .send(let bytes) = step {
                String(buffer: bytes).split(separator: "\r\n").filter { !"*$".contains($0.first ?? " ") }
                    .joined(separator: " ")
            } else {
                nil
            }
        }
        return (sent, steps)
    }

    private static let unknown = "-ERR unknown command `HELLO`, with args beginning with: `3`\r\n"

    @Test("logs in to a server older than HELLO, and asks it for its part")
    func old() throws {
        let info = Self.bulk("redis_version:5.0.3\r\nrun_id:abc\r\nuptime_in_seconds:42\r\n")
        let replies = [Self.unknown, "+OK\r\n", info, "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n", "+PONG\r\n"]
        let (sent, steps) = try run("redis://:pencil@h", replies)
        #expect(
            sent == [
                "HELLO 3 AUTH default pencil SETNAME vitals", "AUTH pencil", "INFO server", "ROLE", "PING",
            ])
        #expect(steps.last == .pass())
        #expect(steps.contains(.fact(.serverVersion, .text("5.0.3"))))
        #expect(steps.contains(.fact(.role, .text("primary"))))
        #expect(steps.contains(.fact(.uptime, .number(42))))
    }

    @Test("asks without a login where the target has none, and nothing of a proxy that knows little")
    func proxy() throws {
        let no = "-ERR unknown command\r\n"
        let (sent, steps) = try run(
            "redis://h", ["-ERR unsupported command 'HELLO'\r\n", no, no, "+PONG\r\n"])
        #expect(sent == ["HELLO 3 SETNAME vitals", "INFO server", "ROLE", "PING"])
        #expect(steps.last == .pass())
    }

    @Test(
        "tells what an old server has against the login",
        arguments: [
            (
                "redis://u:pencil@h", "-ERR wrong number of arguments for 'auth' command\r\n",
                "leave the user out"
            ),
            ("redis://:pencil@h", "-ERR invalid password\r\n", "invalid password"),
            (
                "redis://:pencil@h", "-ERR Client sent AUTH, but no password is set\r\n",
                "the server has none for the user default"
            ),
        ])
    func oldRefusal(target: String, reply: String, says: String) throws {
        let (_, steps) = try run(target, [Self.unknown, reply])
        guard case .fail(.authFailed, _, let message, _) = steps.last else {
            Issue.record("\(steps)")
            return
        }
        #expect(message.contains(says), "\(message)")
    }

    @Test("asks again which part a server has that became read-only under it")
    func becameReplica() throws {
        let hello = "%2\r\n+server\r\n+redis\r\n+role\r\n+master\r\n"
        let writing = RedisHeartbeat(prober: "p", token: "t", expires: .seconds(60))
        let readOnly = "-READONLY You can't write against a read only replica.\r\n"
        let follows = "*5\r\n+slave\r\n+h\r\n:1\r\n+connected\r\n:0\r\n"
        let before = [hello, Self.bulk("redis_version:7.0.15\r\n"), "+PONG\r\n", readOnly]
        let any = try run(
            "redis://h", before + [follows], demand: RedisDemand(heartbeat: writing))
        #expect(any.sent.last == "ROLE")
        #expect(any.steps.contains(.fact(.write, .text("skipped: the server became a replica"))))
        #expect(any.steps.last == .pass())
        let primary = try run(
            "redis://h", before + [follows], demand: RedisDemand(role: .primary, heartbeat: writing))
        guard case .fail(.roleMismatch, _, _, _) = primary.steps.last else {
            Issue.record("\(primary.steps)")
            return
        }
        let still = try run(
            "redis://h", before + ["*3\r\n+master\r\n:0\r\n*0\r\n"], demand: RedisDemand(heartbeat: writing))
        guard case .fail(.readOnly, "READONLY", _, _) = still.steps.last else {
            Issue.record("\(still.steps)")
            return
        }
    }

    @Test("tells what was written and is not what reads back", arguments: ["$-1\r\n", "+other\r\n"])
    func lost(reply: String) throws {
        let hello = "%2\r\n+server\r\n+redis\r\n+role\r\n+master\r\n"
        let writing = RedisHeartbeat(prober: "p", token: "t", expires: .seconds(60))
        let (sent, steps) = try run(
            "redis://h", [hello, Self.bulk("a:b\r\n"), "+PONG\r\n", "+OK\r\n", reply],
            demand: RedisDemand(heartbeat: writing))
        #expect(sent.suffix(2) == ["SET vitals:hb:p t EX 60", "GET vitals:hb:p"])
        guard case .fail(.conditionWarn, "token", _, _) = steps.last else {
            Issue.record("\(steps)")
            return
        }
    }

    @Test("finds a key of a node's own slots")
    func slots() {
        // redis.io: HASH_SLOT of 123456789 is 0x31C3.
        #expect(ClusterSlot.of(tag: "123456789") == 0x31C3)
        let nodes = """
            a1 127.0.0.1:1@2 master - 0 0 1 connected 0-100
            b2 127.0.0.1:3@4 myself,master - 0 0 2 connected 200-300 400 [500->-a1]
            """
        #expect(ClusterSlot.own(nodes) == [200...300, 400...400])
        #expect(ClusterSlot.own("a 127.0.0.1:1@2 master - 0 0 1 connected 9-1 x 20000").isEmpty)
        let key = RedisHeartbeat(prober: "p", token: "t", expires: .seconds(1)).key(in: [200...300])
        let tag = key.split(separator: "{").last.map { String($0.dropLast()) } ?? ""
        #expect(key.hasPrefix("vitals:hb:p:{") && (200...300).contains(ClusterSlot.of(tag: tag)))
    }

    static func bulk(_ text: String) -> String { "$\(text.utf8.count)\r\n\(text)\r\n" }
}
