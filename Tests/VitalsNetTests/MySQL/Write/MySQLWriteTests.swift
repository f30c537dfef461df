import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// One server for the suite, with an account that may write its row, one that may do all, and one that may
/// do nothing.
private final class ServerToWrite: SuiteTrait, TestScoping {
    @TaskLocal static var server: MariaDBServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await MariaDBServer()
        try await server.start()
        let table = MySQLHeartbeat.definition(of: MySQLHeartbeat.usualTable).joined(separator: "; ")
        try await server.sql(
            """
            \(table); CREATE USER bare; CREATE USER owner; GRANT ALL ON *.* TO owner;
            CREATE USER writer; GRANT SELECT, INSERT, UPDATE ON vitals.heartbeat TO writer;
            GRANT SLAVE MONITOR ON *.* TO writer
            """)
        try await Self.$server.withValue(server) { try await function() }
        try await server.stop()
    }
}

@Suite("The write probe of MySQL, of a MariaDB server,", ServerToWrite(), .serialized)
struct MySQLWriteTests {
    private func server() throws -> MariaDBServer { try #require(ServerToWrite.server) }

    private func probe(
        _ settings: Settings = MySQLHarness.writing(), as user: String = "writer"
    ) async throws -> ProbeResult {
        try await MySQLHarness.probe(server().target(user), settings)
    }

    @Test("after three hundred runs there is one row, no session or file, and none that was broken off")
    func threeHundred() async throws {
        let server = try server()
        try await server.sql("TRUNCATE vitals.heartbeat")
        try await eventually(that: "only we are there") {
            try await server.sql(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER <> 'system user'") == "1"
        }
        let names = ["Aborted_clients", "Aborted_connects"]
        let before = try await server.counts(names)
        let files = try await server.status("Created_tmp_disk_tables")
        for number in 1...300 {
            let result = try await probe()
            try #require(result.verdict == "pass", "run \(number): \(result)")
            #expect(result.facts[.write] == .text("done"))
            #expect(result.facts[.read] == .text("heartbeat"))
            #expect(
                result.phases.map(\.phase) == [
                    .connect, .greeting, .authenticate, .session, .read, .write,
                ])
        }
        #expect(try await server.status("Created_tmp_disk_tables") == files)
        #expect(try await server.sql("SELECT COUNT(*), MAX(seq) FROM vitals.heartbeat") == "1\t300")
        try await eventually(that: "no session is left") {
            try await server.sql("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'writer'")
                == "0"
        }
        #expect(try await server.counts(names) == before)
    }

    @Test("makes nothing unless it is told to, and never anything else than its table")
    func provisions() async throws {
        let server = try server()
        func table(_ provision: Bool) -> Settings {
            MySQLHarness.writing([
                "table": .text(TargetText("Own_1.Row")), "provision": .flag(provision),
            ])
        }
        let missing = try await probe(table(false), as: "owner")
        #expect(missing.verdict == "not_provisioned in write (1146)")
        #expect(missing.fault?.message.contains("vitals provision") == true)
        #expect(missing.facts[.read] == .text("shallow"))
        #expect(try await server.sql("SHOW DATABASES LIKE 'Own\\_1'") == "")
        let barred = try await probe(table(true), as: "bare")
        #expect(barred.verdict == "privilege in write (1044)")

        for read in ["shallow", "heartbeat"] {
            let made = try await probe(table(true), as: "owner")
            #expect(made.verdict == "pass", "\(made)")
            #expect(made.facts[.read] == .text(read))
        }
        #expect(try await server.sql("SELECT seq FROM Own_1.Row") == "2")
        // Of a database that is there the right to make it is not needed.
        try await server.sql(
            "DROP TABLE Own_1.Row; GRANT CREATE, SELECT, INSERT, UPDATE ON Own_1.Row TO bare")
        #expect(try await probe(table(true), as: "bare").verdict == "pass")
        try await server.sql("DROP DATABASE Own_1; REVOKE ALL, GRANT OPTION FROM bare")
    }

    @Test("tells what it may not, and what is no such table")
    func rights() async throws {
        let server = try server()
        let none = try await probe(as: "bare")
        #expect(none.verdict == "privilege in write (1142)")
        #expect(none.fault?.message.hasSuffix("`vitals provision` prints the grants") == true)
        try await server.sql("REVOKE UPDATE ON vitals.heartbeat FROM writer")
        #expect(try await probe().verdict == "privilege in write (1142)")
        try await server.sql(
            "GRANT UPDATE ON vitals.heartbeat TO writer; REVOKE SELECT ON vitals.heartbeat FROM writer")
        #expect(try await probe().verdict == "privilege in write (1143)")
        try await server.sql("GRANT SELECT ON vitals.heartbeat TO writer")
        for definition in [
            "prober INT, other INT", "prober VARCHAR(64), seq INT, beat_at DATE, token CHAR(4)",
        ] {
            try await server.sql("CREATE OR REPLACE TABLE vitals.other (\(definition))")
            let other = try await probe(
                MySQLHarness.writing(["table": .text(TargetText("vitals.other"))]), as: "owner")
            #expect(other.fault?.cause == .notProvisioned, "\(other)")
            #expect(other.fault?.message.hasSuffix("is not as `vitals provision` makes it") == true)
        }
        try await server.sql("DROP TABLE vitals.other")
        #expect(try await probe().verdict == "pass")
    }

    @Test("says that a table without transactions proves little")
    func engine() async throws {
        let server = try server()
        try await server.sql("ALTER TABLE vitals.heartbeat ENGINE=MyISAM")
        let result = try await probe()
        try await server.sql("ALTER TABLE vitals.heartbeat ENGINE=InnoDB")
        #expect(result.verdict == "condition_warn in write (engine)")
        #expect(result.facts[.write] == .text("done"))
        #expect(result.fault?.message.hasPrefix("vitals.heartbeat is kept by MyISAM") == true)
        #expect(try await probe().verdict == "pass")
    }

    @Test("a server that is read-only says so, and is not what a check wants of a primary")
    func readOnly() async throws {
        let server = try server()
        try await server.sql("SET GLOBAL read_only = 1")
        let readOnly = try await probe()
        let unknown = try await probe(as: "bare")
        let wanted = try await probe(MySQLHarness.writing(role: "primary"))
        let replica = try await probe(MySQLHarness.writing(role: "replica"))
        try await server.sql("SET GLOBAL read_only = 0")
        #expect(readOnly.verdict == "read_only in write")
        #expect(readOnly.facts[.write] == .text("skipped: the server is read-only"))
        #expect(readOnly.facts[.readOnly] == .text("on"))
        #expect(unknown.verdict == "pass")
        #expect(unknown.facts[.write] == .text("skipped: the server is a replica"))
        #expect(wanted.verdict == "role_mismatch in session")
        #expect(replica.verdict == "role_mismatch in session")
        let promoted = try await probe(MySQLHarness.writing(role: "replica"))
        #expect(promoted.verdict == "role_mismatch in session")
        #expect(promoted.fault?.message == "a replica was expected, and this is a primary: was it promoted?")
        #expect(try await probe().verdict == "pass")
    }

    @Test("a row that somebody else holds is not waited for, and neither is a table")
    func locks() async throws {
        let server = try server()
        #expect(try await probe().verdict == "pass")
        for (take, verdict) in [
            ("BEGIN; SELECT * FROM vitals.heartbeat FOR UPDATE", "lock_timeout in write (1205)"),
            ("LOCK TABLES vitals.heartbeat READ", "lock_timeout in write (1205)"),
            ("LOCK TABLES vitals.heartbeat WRITE", "lock_timeout in read (1205)"),
            ("FLUSH TABLES WITH READ LOCK", "lock_timeout in write (1205)"),
        ] {
            let holder = try server.session("\(take); SELECT SLEEP(600)")
            try await eventually(take, within: .seconds(60)) {
                let result = try await probe()
                return result.verdict == verdict ? () : nil
            }
            await server.endSleepers()
            await holder.stop()
            try await eventually("it is well again", within: .seconds(60)) {
                try await probe().verdict == "pass" ? () : nil
            }
        }
    }

    @Test("a row that was removed or changed by others is healthy again at the next run")
    func changedRow() async throws {
        let server = try server()
        for change in ["UPDATE vitals.heartbeat SET token = 'x', seq = 7", "TRUNCATE vitals.heartbeat"] {
            #expect(try await probe().verdict == "pass")
            try await server.sql(change)
            #expect(try await probe().verdict == "pass")
        }
    }

    @Test(
        "what is written and does not read back, or is not taken, is told",
        arguments: [
            ("SET NEW.token = 'x'", "condition_warn in write (token)"),
            ("SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not here'", "condition_warn in write (1644)"),
            ("SET NEW.seq = OLD.seq, NEW.token = OLD.token, NEW.beat_at = OLD.beat_at", "1062"),
        ])
    func triggers(body: String, verdict: String) async throws {
        let server = try server()
        #expect(try await probe().verdict == "pass")
        try await server.sql(
            "CREATE TRIGGER vitals.spoil BEFORE UPDATE ON vitals.heartbeat FOR EACH ROW \(body)")
        let result = try await probe()
        try await server.sql("DROP TRIGGER vitals.spoil")
        #expect(result.verdict.contains(verdict), "\(result)")
        #expect(result.fault?.cause == .conditionWarn)
        #expect(try await probe().verdict == "pass")
    }
}

extension MariaDBServer {
    fileprivate func counts(_ names: [String]) async throws -> [Int] {
        var counts: [Int] = []
        for name in names { counts.append(try await status(name)) }
        return counts
    }

    /// Ends the sessions that hold something while they sleep: a client that is gone is not noticed before.
    fileprivate func endSleepers() async {
        let sleepers = try? await sql(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'")
        for id in (sleepers ?? "").split(separator: "\n") { _ = try? await sql("KILL \(id)") }
    }
}
