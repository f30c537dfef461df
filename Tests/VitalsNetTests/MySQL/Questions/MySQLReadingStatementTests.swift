import Testing
import VitalsEngine

@testable import VitalsNet

@Suite("A statement of a check's author, for MySQL,")
struct MySQLReadingStatementTests {
    @Test(
        "is let through if it begins with a word that reads",
        arguments: [
            "SELECT 1", "select count(*) from t", "  \n\tSELECT 1;\n", "((SELECT 1) UNION (SELECT 2))",
            "SHOW SLAVE STATUS", "TABLE t", "VALUES ROW(1), ROW(2)", "WITH a AS (SELECT 1) SELECT * FROM a",
            "-- why\nSELECT 1", "--\tx\n-- y\nSELECT 1", "# why\nSELECT 1", "/* why */ SELECT 1",
            "/**/SELECT 1", "/*/ SELECT */SELECT 1", "SELECT /*+ MAX_EXECUTION_TIME(10) */ 1", "SELECT(1)",
            "SELECT 'a;b', \"it's\", 'it\\'s' FROM t -- ; end", "WITH é AS (SELECT 1) SELECT * FROM é",
        ])
    func reads(statement: String) {
        #expect(MySQLReadingStatement.refusal(of: statement) == nil)
    }

    @Test(
        "is refused if it does not, with the word that it begins with",
        arguments: [
            ("DELETE FROM t", "DELETE"), ("insert into t values (1)", "INSERT"), ("CALL p()", "CALL"),
            ("COMMIT", "COMMIT"), ("COMMIT; SELECT 1", "COMMIT"), ("SET @a = 1", "SET"),
            ("SET STATEMENT max_statement_time = 9 FOR SELECT 1", "SET"), ("DO SLEEP(1)", "DO"),
            ("EXECUTE IMMEDIATE 'COMMIT'", "EXECUTE"), ("BEGIN NOT ATOMIC COMMIT; END", "BEGIN"),
            ("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t", "LOAD"), ("KILL 1", "KILL"),
            ("LOCK TABLES t WRITE", "LOCK"), ("FLUSH TABLES", "FLUSH"), ("EXPLAIN SELECT 1", "EXPLAIN"),
            ("ANALYZE TABLE t", "ANALYZE"), ("/* SELECT */ DROP TABLE t", "DROP"), ("(DROP TABLE t)", "DROP"),
            ("-- SELECT 1\nDROP TABLE t", "DROP"), ("# SELECT 1\nDROP TABLE t", "DROP"),
            ("/*/ */DROP TABLE t /* */", "DROP"), ("SELECTED", "SELECTED"), ("SELECT_1", "SELECT_1"),
            ("-- \rSELECT 1\nDROP TABLE t", "DROP"),
        ])
    func begins(statement: String, word: String) throws {
        let refusal = try #require(MySQLReadingStatement.refusal(of: statement))
        let rest = "only what begins with SELECT, SHOW, TABLE, VALUES or WITH is put to a MySQL or MariaDB"
        #expect(refusal == "begins with \(word); \(rest) server")
    }

    @Test(
        "is refused if it begins with none",
        arguments: ["", " ", ";", "-- only words", "/* without an end", "--SELECT 1", "'SELECT'", "`SELECT`"])
    func none(statement: String) throws {
        #expect(MySQLReadingStatement.refusal(of: statement)?.hasPrefix("begins with no word; ") == true)
    }

    @Test(
        "is refused if a server would write a file, or carry out a comment, wherever that stands",
        arguments: [
            ("SELECT 1 INTO OUTFILE '/tmp/x'", "OUTFILE"), ("SELECT 1 into/**/dumpfile '/x'", "DUMPFILE"),
            ("(SELECT 1 INTO\nOutFile '/x')", "OUTFILE"), ("SELECT '\\' INTO OUTFILE '/x' -- '", "OUTFILE"),
            ("SELECT 1 /*!50000 INTO @a */", "`/*!`"), ("/*!DELETE FROM t */", "`/*!`"),
            ("SELECT 1 /*M!100100 ; COMMIT */", "`/*M!`"), ("SELECT 1 /*m! x */", "`/*M!`"),
        ])
    func anywhere(statement: String, mark: String) {
        #expect(MySQLReadingStatement.refusal(of: statement)?.contains(mark) == true)
    }

    @Test("is sent as the server lists it")
    func trimmed() {
        #expect(MySQLReadingStatement.trimmed("\n  SELECT ';' ; \n;\t") == "SELECT ';'")
        #expect(MySQLReadingStatement.trimmed("SELECT 'é'") == "SELECT 'é'")
        #expect(MySQLReadingStatement.trimmed(" ; ") == "")
    }

    @Test("is looked at when the configuration is read")
    func form() throws {
        let network = try TestNetwork()
        let form = MySQLProbe.form(on: network.loops)
        #expect(form.takesQueries)
        #expect(form.refusesQuery("DROP TABLE t")?.hasPrefix("begins with DROP") == true)
        #expect(form.refusesQuery("SELECT 1") == nil)
    }
}
