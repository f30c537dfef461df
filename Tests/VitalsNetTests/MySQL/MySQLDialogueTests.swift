import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A dialogue with a MySQL server")
struct MySQLDialogueTests {
    @Test("passes, tells what it learned, and says goodbye")
    func passes() throws {
        var script = try MySQLScript()
        #expect(script.phase == .greeting)
        script.receive(MySQLBytes.greeting())
        #expect(script.phase == .authenticate)
        script.receive(MySQLBytes.more(2, [3]), MySQLBytes.ok(3))
        #expect(script.phase == .session)
        script.receive(MySQLBytes.identity())
        #expect(script.phase == .read)
        script.receive(MySQLBytes.one)
        #expect(script.verdict == .pass(farewell: MySQLFrontend.quit))
        #expect(Array(MySQLFrontend.quit.readableBytesView) == [1, 0, 0, 0, 1])
        #expect(
            script.facts == [
                "server_version=8.4.2", "server_flavour=MySQL", "role=primary",
                "system_identifier=6f0d5b1e-0000-11ef-9a3c-0242ac120002",
            ])
    }

    @Test("asks each server in words that it knows")
    func statements() throws {
        let both = ["@@version_comment", "@@read_only", "@@innodb_read_only"]
        let cases: [(version: String, has: [String], hasNot: [String])] = [
            ("8.4.2", ["@@super_read_only", "@@server_uuid"], ["@@server_id"]),
            ("5.6.51", ["@@server_uuid"], ["@@super_read_only"]),
            ("5.5.5-10.11.19-MariaDB-0+deb12u1", ["@@server_id"], ["@@super_read_only", "@@server_uuid"]),
            ("11.8.2-MariaDB-ubu2404", ["@@server_id"], ["@@super_read_only", "@@server_uuid"]),
        ]
        for (version, has, hasNot) in cases {
            var script = try MySQLScript()
            script.receive(MySQLBytes.greeting(version), MySQLBytes.ok(2))
            let statement = try #require(script.statements.first)
            for word in both + has { #expect(statement.contains(word), "\(version): \(statement)") }
            for word in hasNot { #expect(!statement.contains(word), "\(version): \(statement)") }
        }
    }

    @Test(
        "knows whose server it is, and how new",
        arguments: [
            ("8.0.36-0ubuntu0.22.04.1", "8.0.36", "MySQL", 80_036),
            ("5.5.5-10.11.19-MariaDB-0+deb12u1-log", "10.11.19", "MariaDB", 101_119),
            ("11.8.2-MariaDB", "11.8.2", "MariaDB", 110_802),
            ("8.0.11-TiDB-v7.5.0", "8.0.11", "TiDB", 80_011),
            ("8.0.30-Vitess", "8.0.30", "Vitess", 80_030),
            ("5.7.mysql_aurora.2.11.2", "5.7.", "Aurora", 50_700),
            ("8.0.35-27 Percona", "8.0.35", "Percona", 80_035),
            ("8.0.27 (ProxySQL)", "8.0.27", "ProxySQL", 80_027), ("strange", "", "MySQL", 0),
        ])
    func flavour(said: String, version: String, flavour: String, number: Int) throws {
        let bytes = ByteBuffer(bytes: MySQLBytes.greeting(said).dropFirst(4))
        let server = MySQLServer(try #require(MySQLGreeting(bytes)))
        #expect(server.version == version)
        #expect(server.flavour.rawValue == flavour)
        #expect(server.versionNumber == number)
        #expect(server.connection == 42)
    }

    @Test("knows Percona by its comment, and a replica by being read-only, where nobody may ask for more")
    func comment() throws {
        var script = try MySQLScript()
        script.receive(
            MySQLBytes.greeting(), MySQLBytes.ok(2),
            MySQLBytes.identity(comment: "Percona Server (GPL)", readOnly: "1"),
            MySQLBytes.error(1, 1227, state: "42000"))
        #expect(script.facts.contains("server_flavour=Percona"))
        #expect(script.facts.contains("role=replica"))
    }

    @Test("logs in with what the protocol says, and no more")
    func login() throws {
        var script = try MySQLScript("mysql://ann:pencil@127.0.0.1/orders")
        script.receive(MySQLBytes.greeting(plugin: "mysql_native_password"))
        let packet = try #require(script.sent.last)
        #expect(packet[3] == 1)
        let capabilities = packet[4..<8].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // Neither TLS, nor several statements or results, nor files of ours, nor rows without an EOF packet.
        #expect(capabilities & (0x800 | 0x1_0000 | 0x2_0000 | 0x80 | 0x100_0000) == 0)
        #expect(capabilities & 0x8 == 0x8)
        let proof = MySQLPlugin.native.proof(of: "pencil", for: MySQLBytes.challenge)
        let attributes = ["program_name", "vitals"].flatMap(MySQLBytes.lengthEncoded)
        let expected =
            MySQLBytes.text("ann") + [20] + proof + MySQLBytes.text("orders")
            + MySQLBytes.text("mysql_native_password") + [UInt8(attributes.count)] + attributes
        #expect(Array(packet[36...]) == expected)

        var bare = try MySQLScript("mysql://ann@127.0.0.1")
        bare.receive(MySQLBytes.greeting())
        #expect(bare.sent.last.map { Array($0[36..<41]) } == MySQLBytes.text("ann") + [0])
    }

    @Test("asks for TLS before it says who logs in, where the server has it")
    func tls() throws {
        let target = "mysql://ann:pencil@db1.example.com/orders"
        var script = try MySQLScript(target)
        script.receive(MySQLBytes.greeting())
        #expect(script.steps.last == .startTLS)
        #expect(script.sent.map(\.count) == [36])
        #expect(script.sent.last?[3] == 1)
        script.secure()
        #expect(script.sent.last?[3] == 2)
        #expect(script.sent.last?[4..<36] == script.sent.first?[4...])

        var without = try MySQLScript(target)
        without.receive(MySQLBytes.greeting(capabilities: 0xDEFF_F7FF))
        #expect(without.cause == "tls_unsupported")
        #expect(without.phase == .tls)
        #expect(without.message.contains("ssl-mode=disable"))
    }

    @Test("understands a server that has no place, and says so before it greets")
    func errorFirst() throws {
        for (code, cause) in [(1040, "too_many_connections"), (1129, "host_blocked"), (1130, "host_blocked")]
        {
            var script = try MySQLScript()
            script.receive(MySQLBytes.error(0, code, "go away", state: ""))
            #expect(script.cause == "\(cause) (\(code))")
            #expect(script.message == "go away")
            #expect(script.phase == .greeting)
        }
    }

    @Test("calls a database that is not to be had a fault of the session", arguments: [1044, 1049])
    func database(code: Int) throws {
        var script = try MySQLScript()
        script.receive(MySQLBytes.greeting(), MySQLBytes.error(2, code))
        #expect(script.phase == .session)
        #expect(script.cause == (code == 1044 ? "db_forbidden (1044)" : "db_missing (1049)"))
    }

    @Test("does not bear other packets than the next", arguments: [0, 1, 3, 255] as [UInt8])
    func order(number: UInt8) throws {
        var script = try MySQLScript()
        script.receive(MySQLBytes.greeting(), MySQLBytes.ok(number))
        #expect(script.cause == "protocol_mismatch")
    }

    @Test("hears an error that the server numbers as if it began")
    func unsolicited() throws {
        var script = try MySQLScript()
        script.receive(
            MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.error(0, 1053, "Server shutdown in progress"))
        #expect(script.cause == "shutting_down (1053)")
    }

    @Test("bears a server that cannot say who it is", arguments: [1193, 1227, 1142, 1105])
    func unknownIdentity(code: Int) throws {
        var script = try MySQLScript()
        script.receive(
            MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.error(1, code), MySQLBytes.one)
        #expect(script.cause == "pass")
        #expect(script.facts == ["server_version=8.4.2", "server_flavour=MySQL"])
    }

    @Test("does not bear a password that is over, or a server that goes")
    func fatalIdentity() throws {
        for (code, cause) in [(1820, "account_state"), (1053, "shutting_down"), (1205, "lock_timeout")] {
            var script = try MySQLScript()
            script.receive(MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.error(1, code))
            #expect(script.cause == "\(cause) (\(code))")
            guard case .fail(_, _, _, let farewell) = script.verdict else { continue }
            #expect(farewell == MySQLFrontend.quit)
        }
    }

    @Test("believes SELECT 1 only if it is 1")
    func wrongRows() throws {
        for answer in [
            MySQLBytes.rows(["1"], [["2"]]), MySQLBytes.rows(["1"], [[nil]]), MySQLBytes.rows(["1"], []),
            MySQLBytes.rows(["1"], [["1"], ["1"]]), MySQLBytes.ok(1),
            MySQLBytes.rows(["1"], Array(repeating: ["1"], count: 17)),
        ] {
            var script = try MySQLScript()
            script.receive(MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.identity(), answer)
            #expect(script.cause == "unexpected_reply")
        }
    }

    @Test("says where the server hung up")
    func ended() throws {
        let parts = [[], MySQLBytes.greeting(), MySQLBytes.ok(2)]
        for (count, moment) in ["before greeting", "during the login", "during a query"].enumerated() {
            var script = try MySQLScript()
            for part in parts.prefix(count + 1) { script.receive(part) }
            script.end()
            #expect(script.cause == "reset")
            #expect(script.message.hasSuffix(moment))
        }
    }

    @Test("asks one statement after the other, and those that follow from an answer first")
    func queue() throws {
        func statement(_ text: String, _ next: [MySQLStatement] = []) -> MySQLStatement {
            MySQLStatement(text: text, phase: .vitals) { _, _ in .goOn([.note(text)], then: next) }
        }
        let plan = [statement("a", [statement("a1"), statement("a2")]), statement("b")]
        var script = try MySQLScript { _ in plan }
        script.receive(MySQLBytes.greeting(), MySQLBytes.ok(2))
        for _ in 0..<4 { script.receive(MySQLBytes.ok(1)) }
        #expect(script.statements == ["a", "a1", "a2", "b"])
        #expect(script.cause == "pass")
        #expect(script.phase == .vitals)
    }

    @Test("at the deadline has a query ended, if it is still the same, and nothing before there is one")
    func expires() throws {
        var early = try MySQLScript()
        early.receive(MySQLBytes.greeting())
        early.expire()
        #expect(!early.steps.contains { if case .errand = $0 { true } else { false } })

        for isStillThere in [true, false] {
            var script = try MySQLScript()
            script.receive(MySQLBytes.greeting(), MySQLBytes.ok(2), MySQLBytes.identity())
            script.expire()
            let errands = script.steps.compactMap { if case .errand(let errand) = $0 { errand } else { nil } }
            let dialogue = try #require(errands.first?.dialogue() as? MySQLDialogue)
            var errand = try MySQLScript(plan: dialogue.plan)
            errand.receive(
                MySQLBytes.greeting(), MySQLBytes.ok(2),
                MySQLBytes.rows(["COUNT(*)"], [[isStillThere ? "1" : "0"]]))
            #expect(errand.statements.first?.contains("ID = 42 AND INFO = x'53454c4543542031'") == true)
            #expect(errand.statements.dropFirst() == (isStillThere ? ["KILL QUERY 42"] : []))
            // Nobody ends what ends queries.
            errand.expire()
            #expect(!errand.steps.contains { if case .errand = $0 { true } else { false } })
        }
    }
}
