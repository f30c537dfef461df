import Testing
import VitalsCore

@testable import VitalsNet

/// What servers say that cannot be had here: MySQL 8, and those that change their mind in the middle.
@Suite("A dialogue with a MySQL server that is written to")
struct MySQLWriteDialogueTests {
    private static let heartbeat = MySQLHeartbeat(
        settings: WriteSettings(making: ["vitals", "heartbeat"]), prober: "p", token: "t", limit: .seconds(2))

    private static let none = MySQLBytes.rows(["Replica_IO_Running", "Replica_SQL_Running"], [])
    private static let noStatus = MySQLBytes.rows(["Variable_name", "Value"], [])
    private static let noLeftover = MySQLBytes.rows(["taken"], [["1"]])
    private static let table = MySQLBytes.rows(["engine", "transactions"], [["InnoDB", "YES"]])
    private static let noTable = MySQLBytes.rows(["engine", "transactions"], [])
    private static let noRow = MySQLBytes.rows(["seq", "token"], [])
    private static let row = MySQLBytes.rows(["seq", "token"], [["1", "t"]])

    /// A dialogue up to the answer to who the server is.
    private static func script(
        _ demand: MySQLDemand = MySQLDemand(heartbeat: heartbeat), version: String = "8.4.2",
        readOnly: String = "0"
    ) throws -> MySQLScript {
        var script = try MySQLScript(plan: { demand.plan($0) })
        script.receive(
            MySQLBytes.greeting(version), MySQLBytes.ok(2), MySQLBytes.identity(readOnly: readOnly))
        return script
    }

    /// One up to the first statement that writes.
    private static func writing(
        _ demand: MySQLDemand = MySQLDemand(heartbeat: heartbeat), status: [UInt8] = noStatus,
        variables: [UInt8]? = nil, table: [UInt8] = table
    ) throws -> MySQLScript {
        var script = try script(demand)
        script.receive(none, MySQLBytes.ok(1), noLeftover, status)
        if let variables { script.receive(variables) }
        script.receive(table, table == Self.table ? noRow : MySQLBytes.one)
        return script
    }

    @Test("asks one thing after the other, writes, and reads back")
    func order() throws {
        var script = try Self.writing()
        script.receive(MySQLBytes.done(1, changed: 0), MySQLBytes.done(1, changed: 1), Self.row)
        #expect(script.cause == "pass")
        #expect(
            script.statements.map { $0.prefix { $0 != "(" && $0 != "%" }.prefix(24) } == [
                "SELECT @@version_comment", "SHOW REPLICA STATUS", "SET SESSION autocommit =",
                "SELECT GET_LOCK", "SHOW GLOBAL STATUS LIKE ", "SELECT t.ENGINE AS engin",
                "SELECT seq, token FROM `", "UPDATE `vitals`.`heartbe", "INSERT INTO `vitals`.`he",
                "SELECT seq, token FROM `",
            ])
        #expect(!script.statements[2].contains("max_statement_time"), "MySQL has no such limit")
        #expect(script.facts.suffix(3) == ["role=primary", "read=heartbeat", "write=done"])
        #expect(script.phase == .write)
    }

    @Test(
        "asks each server in its own words whom it follows",
        arguments: [
            ("8.4.2", "SHOW REPLICA STATUS"), ("8.0.21", "SHOW SLAVE STATUS"),
            ("5.5.5-10.11.19-MariaDB", "SHOW ALL SLAVES STATUS"),
        ])
    func following(version: String, statement: String) throws {
        var script = try Self.script(version: version)
        #expect(script.statements.last == statement)
        script.receive(MySQLBytes.rows(["Slave_IO_Running", "Slave_SQL_Running"], [["Connecting", "No"]]))
        #expect(script.facts.last == "role=replica")
        let plain = try Self.script(MySQLDemand(), version: version)
        #expect(plain.statements.last == "SELECT 1", "it does not matter")
    }

    @Test("takes what is read-only for a replica in a group, and where it would not say whom it follows")
    func readOnly() throws {
        for (group, facts) in [("aaaa", ["role=replica"]), ("", ["role=primary", "read_only=on"])] {
            var script = try Self.script(MySQLDemand(), readOnly: "1")
            script.receive(Self.none)
            #expect(script.statements.last?.contains("group_replication_group_name") == true)
            script.receive(
                MySQLBytes.rows(["Variable_name", "Value"], [["group_replication_group_name", group]]),
                MySQLBytes.one)
            #expect(script.facts.suffix(facts.count) == facts[...])
            #expect(script.cause == "pass")
        }
        var refused = try Self.script(MySQLDemand(), readOnly: "1")
        refused.receive(MySQLBytes.error(1, 1227, state: "42000"), MySQLBytes.one)
        #expect(refused.facts.last == "role=replica")
        #expect(refused.cause == "pass")
    }

    @Test("bears whatever it would not say before it is written to")
    func silent() throws {
        var script = try Self.script()
        for _ in 0..<5 { script.receive(MySQLBytes.error(1, 1105)) }
        script.receive(MySQLBytes.one, MySQLBytes.done(1, changed: 1), Self.row)
        #expect(script.cause == "pass", "\(script.steps)")
        #expect(script.facts.suffix(2) == ["read=shallow", "write=done"])
        var gone = try Self.script()
        gone.receive(Self.none, MySQLBytes.error(1, 1053))
        #expect(gone.cause == "shutting_down (1053)")
    }

    @Test(
        "asks once more who the server is when it turns out to be read-only",
        arguments: [
            (ExpectedRole.any, "0", false, "read_only (1290)"), (.any, "1", false, "read_only (1290)"),
            (.any, "1", true, "pass"), (.primary, "1", true, "role_mismatch"),
        ])
    func turned(role: ExpectedRole, readOnly: String, follows: Bool, cause: String) throws {
        var script = try Self.script(MySQLDemand(role: role, heartbeat: Self.heartbeat))
        if role == .any { script.receive(Self.none) }
        script.receive(
            MySQLBytes.ok(1), Self.noLeftover, Self.noStatus, Self.table, Self.noRow,
            MySQLBytes.error(1, 1290, "running with --read-only"), MySQLBytes.identity(readOnly: readOnly))
        script.receive(
            follows
                ? MySQLBytes.rows(["Replica_IO_Running", "Replica_SQL_Running"], [["Yes", "Yes"]])
                : Self.none)
        script.receive(Self.noStatus)
        #expect(script.cause == cause)
        #expect(script.phase == (role == .primary ? .session : .write))
        #expect(script.facts.last?.hasPrefix("write=skipped: ") == true)
    }

    @Test("makes the table where it is missing, and its database only where that is missing, too")
    func provision() throws {
        for (databases, made) in [
            ("0", ["CREATE DATABASE IF N", "CREATE TABLE IF NOT "]), ("1", ["CREATE TABLE IF NOT "]),
        ] {
            var script = try Self.writing(table: Self.noTable)
            #expect(script.statements.last == Self.heartbeat.database)
            script.receive(MySQLBytes.rows(["count"], [[databases]]))
            for _ in made { script.receive(MySQLBytes.ok(1)) }
            script.receive(MySQLBytes.done(1, changed: 0))
            #expect(
                script.statements.suffix(made.count + 2).map { String($0.prefix(20)) }
                    == made + ["UPDATE `vitals`.`hea", "INSERT INTO `vitals`"])
            script.receive(MySQLBytes.done(1, changed: 1), Self.row)
            #expect(script.cause == "pass")
        }
    }

    @Test("writes nothing while the session of an earlier run lives, and says which that is")
    func leftover() throws {
        var script = try Self.script()
        script.receive(Self.none, MySQLBytes.ok(1), MySQLBytes.rows(["taken"], [["0"]]))
        #expect(script.statements.last?.contains("performance_schema.processlist WHERE ID = IS_USED") == true)
        script.receive(
            MySQLBytes.rows(["id", "seconds", "state"], [["17", "12", "waiting for handler commit"]]),
            Self.noStatus, Self.table, Self.row)
        #expect(script.cause == "timeout")
        #expect(script.phase == .write)
        #expect(
            script.message.hasSuffix("connection 17 has been at it for 12 s (waiting for handler commit)"))
        #expect(script.facts.last == "write=skipped: its commit would not end")
    }

    @Test(
        "tells why a row is not taken",
        arguments: [
            (1146, "42S02", "not_provisioned (1146)"), (1049, "42000", "not_provisioned (1049)"),
            (1054, "42S22", "not_provisioned (1054)"), (1142, "42000", "privilege (1142)"),
            (1044, "42000", "privilege (1044)"), (1205, "HY000", "lock_timeout (1205)"),
            (1021, "HY000", "write_refused_resource (1021)"),
            (1114, "HY000", "write_refused_resource (1114)"), (1213, "40001", "deadlock (1213)"),
            (1062, "23000", "condition_warn (1062)"), (1969, "70100", "statement_timeout (1969)"),
            (1792, "25006", "read_only (1792)"), (1053, "08S01", "shutting_down (1053)"),
            (1047, "08S01", "backend_unavailable (1047)"),
        ])
    func refused(code: Int, state: String, cause: String) throws {
        var script = try Self.writing()
        script.receive(MySQLBytes.error(1, code, state: state))
        #expect(script.cause == cause)
        #expect(script.phase == .write)
    }

    @Test("what does not read back is told")
    func readBack() throws {
        let answers = [
            Self.noRow, MySQLBytes.rows(["seq", "token"], [["1", "x"]]),
            MySQLBytes.rows(["seq", "token"], [["1", nil]]),
        ]
        for answer in answers {
            var script = try Self.writing()
            script.receive(MySQLBytes.done(1, changed: 1), answer)
            #expect(script.cause == "condition_warn (token)")
        }
        var rows = try Self.writing()
        rows.receive(MySQLBytes.one)
        #expect(rows.cause == "unexpected_reply")
    }

    @Test("a commit that has not ended by the deadline stalls where replicas have to confirm it")
    func overdue() throws {
        let status = MySQLBytes.rows(
            ["Variable_name", "Value"],
            [
                ["Rpl_semi_sync_source_clients", "1"], ["Rpl_semi_sync_source_status", "ON"],
                ["Rpl_semi_sync_source_wait_sessions", "0"],
            ])
        let variables = MySQLBytes.rows(
            ["Variable_name", "Value"], [["rpl_semi_sync_source_timeout", "10000"]])
        var silent = try Self.writing(status: status, variables: variables)
        silent.expire()
        #expect(silent.cause == "commit_stalled")
        #expect(silent.message.hasSuffix("(1 has to confirm each, for 10 s at most, and 1 is connected)"))
        #expect(silent.steps.contains { if case .errand = $0 { true } else { false } })

        var plain = try Self.writing()
        plain.expire()
        #expect(plain.verdict == nil, "then it is a timeout")
        #expect(plain.steps.contains { if case .errand = $0 { true } else { false } })
    }

    @Test("sets up each server in words that it knows")
    func setUp() throws {
        let all = MySQLProvisioning(role: "w", table: ["vitals", "heartbeat"], isForItself: false)
        for (version, count) in [("8.4.2", 6), ("5.5.5-10.4.1-MariaDB", 6), ("11.4.2-MariaDB", 7)] {
            var script = try Self.script(MySQLDemand(provisioning: all), version: version)
            script.receive(MySQLBytes.one)
            for _ in 0..<count { script.receive(MySQLBytes.ok(1)) }
            #expect(script.cause == "pass")
            #expect(script.statements.count == count + 2)
            #expect(script.statements.contains { $0.contains("SLAVE MONITOR") } == (count == 7))
        }
        var script = try Self.script(
            MySQLDemand(
                provisioning: MySQLProvisioning(
                    role: "w", table: ["vitals", "heartbeat"], isForItself: true)))
        script.receive(MySQLBytes.one, MySQLBytes.ok(1), MySQLBytes.error(1, 1044, "no", state: "42000"))
        #expect(script.cause == "privilege (1044)")
        #expect(script.message.hasPrefix("no, at statement 2 of 2: CREATE TABLE"))
    }
}
