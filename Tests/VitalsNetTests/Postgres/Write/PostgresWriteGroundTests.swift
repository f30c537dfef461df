import Testing
import VitalsEngine

@testable import VitalsNet

@Suite("What a PostgreSQL server says of itself before it is written to")
struct PostgresWriteGroundTests {
    @Test(
        "so many standbys must confirm a commit",
        arguments: [
            ("a", 1), ("a, b", 1), ("*", 1), ("FIRST 2 (a, b, c)", 2), ("ANY 3 (*)", 3), ("2 (a, b)", 2),
            ("first 1 (\"odd (name)\")", 1), ("\"odd", 1), ("ANY x (a)", 1),
        ])
    func needed(names: String, count: Int) {
        #expect(PostgresWriteGround.needed(names) == count)
    }

    private static func ground(
        _ names: String, _ commits: String = "on", confirming: Int, waiting: Int = 0
    ) -> PostgresWriteGround? {
        PostgresWriteGround(row: ["readable", names, commits, "\(confirming)", "\(waiting)"])
    }

    @Test(
        "commits stall where a standby is wanted and none confirms",
        arguments: [
            ("", "on", 0, 0, false), ("a", "on", 0, 0, true), ("a", "on", 1, 0, false),
            ("a", "remote_apply", 0, 0, true), ("a", "local", 0, 0, false), ("a", "off", 0, 0, false),
            ("a", "local", 0, 2, true), ("a", "on", 1, 5, false), ("FIRST 2 (a, b)", "on", 1, 0, true),
        ])
    func stall(names: String, commits: String, confirming: Int, waiting: Int, stalls: Bool) {
        let ground = Self.ground(names, commits, confirming: confirming, waiting: waiting)
        #expect((ground?.stall != nil) == stalls)
    }

    @Test("a row that is locked while sessions wait for a standby is locked by one of them")
    func locked() {
        #expect(Self.ground("a", confirming: 1, waiting: 1)?.lockedByStall?.contains("1 waits") == true)
        #expect(Self.ground("a", confirming: 1, waiting: 0)?.lockedByStall == nil)
        #expect(Self.ground("a", confirming: 0)?.lockedByStall == Self.ground("a", confirming: 0)?.stall)
    }

    @Test("rows of other questions are none")
    func rows() {
        #expect(PostgresWriteGround(row: ["f", "12", "off"]) == nil)
        #expect(PostgresWriteGround(row: ["7412345678901234567"]) == nil)
        #expect(PostgresWriteGround(row: [nil, nil, nil, nil, nil]) == nil)
        #expect(PostgresWriteGround(row: [nil, "", "on", nil, nil])?.table == .missing)
        #expect(PostgresWriteGround(row: ["barred", "", "on", nil, nil])?.table == .barred)
    }

    @Test(
        "a table has the name that it is given, or none",
        arguments: [
            (nil, ["vitals", "heartbeat"]), ("a.b", ["a", "b"]), ("A_1.b2", ["A_1", "b2"]), ("b", nil),
            ("a.b.c", nil), ("a.\"b", nil), ("a.", nil), (".b", nil), ("a.1b", nil), ("a.b;", nil),
            ("a. b", nil), ("é.b", nil),
        ] as [(String?, [String]?)])
    func table(text: String?, names: [String]?) {
        #expect((try? WriteSettings.table(text, usual: ["vitals", "heartbeat"])) == names)
    }

    @Test("a prober's name needs no care in any SQL")
    func prober() {
        #expect(ProberName.made(of: "vitals-0a'; DROP TABLE x;--é") == "vitals-0a---DROP-TABLE-x----")
        #expect(ProberName.made(of: String(repeating: "x", count: 99)).count == 64)
        let name = ProberName.ofCommand(host: "h", target: "postgres://a@b/c")
        #expect(name == ProberName.ofCommand(host: "h", target: "postgres://a@b/c"))
        #expect(name != ProberName.ofCommand(host: "i", target: "postgres://a@b/c"))
        #expect(ProberName.made(of: name) == name)
    }
}
