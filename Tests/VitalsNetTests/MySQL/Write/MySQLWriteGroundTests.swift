import Testing
import VitalsCore

@testable import VitalsNet

@Suite("What a MySQL server says of itself before it is written to")
struct MySQLWriteGroundTests {
    private static func rows(_ pairs: [(String, String)]) -> MySQLRows {
        MySQLRows(columns: ["Variable_name", "Value"], values: pairs.map { [$0, $1] })
    }

    private static func semiSync(
        _ name: String = "master", status: String = "ON", clients: Int, waiting: Int = 0, needed: Int? = nil,
        timeout: Int = 10_000
    ) throws -> MySQLSemiSync {
        let start = "Rpl_semi_sync_\(name)_"
        let status = rows([
            ("\(start)clients", "\(clients)"), ("\(start)status", status),
            ("\(start)wait_sessions", "\(waiting)"), ("Rpl_semi_sync_slave_status", "OFF"),
        ])
        var semiSync = try #require(MySQLSemiSync(status: status))
        let count = name == "master" ? "wait_for_slave_count" : "wait_for_replica_count"
        semiSync.learn(
            variables: rows(
                [("rpl_semi_sync_\(name)_timeout", "\(timeout)")]
                    + (needed.map { [("rpl_semi_sync_\(name)_\(count)", "\($0)")] } ?? [])))
        return semiSync
    }

    @Test(
        "commits stall where a replica is wanted and is not there, and the server will not give it up",
        arguments: [
            ("ON", 0, 0, 10_000, false), ("ON", 0, 1, 10_000, true), ("ON", 0, 0, 3_600_000, true),
            ("ON", 1, 5, 3_600_000, false), ("OFF", 0, 1, 3_600_000, false), ("ON", 0, 0, 60_000, true),
        ])
    func stall(status: String, clients: Int, waiting: Int, timeout: Int, stalls: Bool) throws {
        for name in ["master", "source"] {
            let semiSync = try Self.semiSync(
                name, status: status, clients: clients, waiting: waiting, timeout: timeout)
            #expect((semiSync.stall != nil) == stalls)
        }
    }

    @Test("as many replicas have to confirm as the server says, in the words of each version")
    func needed() throws {
        let semiSync = try Self.semiSync("source", clients: 1, waiting: 2, needed: 2)
        #expect(
            semiSync.stall
                == "commits wait for a semi-synchronous replica that is not there: 2 have to confirm each, "
                + "for 10 s at most, and 1 is connected; 2 sessions wait")
        #expect(try Self.semiSync("master", clients: 1, waiting: 2, needed: 1).stall == nil)
        #expect(MySQLSemiSync(status: Self.rows([("Rpl_semi_sync_slave_status", "OFF")])) == nil)
        #expect(MySQLSemiSync(status: MySQLRows()) == nil)
    }

    @Test("a write of before that has not ended keeps the next from being begun")
    func leftover() throws {
        var ground = MySQLWriteGround()
        #expect(ground.stall == nil)
        ground.leftover = MySQLWriteGround.leftover(MySQLRows(columns: ["id", "seconds", "state"]))
        #expect(
            ground.stall
                == MySQLVerdict(.timeout, "the write of an earlier run has not ended at the server"))
        ground.leftover = MySQLWriteGround.leftover(
            MySQLRows(columns: ["id", "seconds", "state"], values: [["17", "12", "Commit"]]))
        #expect(
            ground.stall
                == MySQLVerdict(
                    .timeout,
                    "the write of an earlier run has not ended at the server: connection 17 has been at it "
                        + "for 12 s (Commit)"))
        ground.semiSync = try Self.semiSync(clients: 0)
        #expect(ground.stall?.cause == .commitStalled)
        #expect(ground.stall?.message.hasSuffix("and 0 are connected") == true)
    }

    @Test("knows a table, one without transactions, and none")
    func table() {
        func table(_ row: [String?]...) -> MySQLWriteGround.Table? {
            MySQLWriteGround.table(
                MySQLRows(columns: ["engine", "transactions"], values: row))
        }
        #expect(table(["InnoDB", "YES"]) == .there(rigid: nil))
        #expect(table(["MyISAM", "NO"]) == .there(rigid: "MyISAM"))
        #expect(table([nil, nil]) == .there(rigid: nil), "a view")
        #expect(table() == .missing)
        #expect(MySQLWriteGround.table(MySQLRows(columns: ["1"], values: [["1"]])) == nil)
    }

    @Test("the server gives up before we do, and a name needs no care in any SQL")
    func statements() {
        let heartbeat = MySQLHeartbeat(
            settings: WriteSettings(making: ["a", "b"]), prober: "p.1-x", token: "t", limit: .seconds(2))
        #expect(heartbeat.bounds(isMariaDB: true).hasSuffix(", max_statement_time = 1.5"))
        #expect(!heartbeat.bounds(isMariaDB: false).contains("max_statement_time"))
        #expect(heartbeat.table == "`a`.`b`")
        #expect(MySQLHeartbeat.quoted(["a`b"]) == "`a``b`")
    }
}
