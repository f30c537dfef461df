import Testing

@testable import VitalsNet

@Suite("A statement of a check's author for a SQL Server")
struct SQLServerReadingStatementTests {
    @Test(
        "is put to it when it can only read",
        arguments: [
            "SELECT 1", "select count(*) from orders", " WITH a AS (SELECT 1 AS b) SELECT b FROM a ; ",
            "SELECT [update], \"delete\" FROM [into]", "SELECT 'DROP TABLE t; --', N'it''s' FROM t",
            "SELECT /* EXEC x; /* in a comment */ */ 1", "/* first */ SELECT 1",
            "SELECT updated_at, a@b FROM t",
            "SELECT id FROM t ORDER BY id OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY",
            "SELECT 1e5, 0xFF, $1.5, 1-2",
            "SELECT CASE WHEN 1 = 1 THEN 2 END", "SELECT IIF(a > 1, 2, 3) FROM t WITH (NOLOCK)",
            "SELECT [a]] DROP '] FROM [x]]y]",
        ])
    func reading(statement: String) {
        #expect(SQLServerReadingStatement.refusal(of: statement) == nil)
    }

    @Test(
        "is not put to it when it may do more",
        arguments: [
            ("", "begins with no word"), ("EXEC p", "begins with EXEC"), ("p", "begins with P"),
            ("DELETE FROM t", "begins with DELETE"), ("SELECT 1; SELECT 2", "more than one statement"),
            ("SELECT * INTO u FROM t", "INTO"), ("SELECT 1 DELETE FROM t", "DELETE"),
            ("SELECT 1 exec p", "EXEC"), ("SELECT 1DELETE FROM t", "DELETE"),
            ("SELECT $1DROP TABLE t", "DROP"),
            ("SELECT 0xDEXEC p", "EXEC"), ("SELECT 1EEXEC p", "EXEC"), ("SELECT 1.DELETE FROM t", "DELETE"),
            ("WITH a AS (SELECT 1 AS b) DELETE FROM a", "DELETE"),
            ("WITH a AS (SELECT 1 b) UPDATE a SET b=1", "UPDATE"),
            ("SELECT NEXT VALUE FOR s", "NEXT VALUE FOR"), ("SELECT 'a' 'b\nDELETE", "does not end"),
            ("SELECT [a", "does not end"), ("SELECT /* a /* b */ 1", "does not end"),
            ("SELECT 1 -- a\nDELETE FROM t", "end of a line"),
            ("SELECT 1 --\r' \nDELETE FROM t --'", "end of a line"),
            ("SELECT 1 'a'DELETE FROM t", "DELETE"), ("SELECT 1/**/UPDATE/**/t SET a=1", "UPDATE"),
            ("SELECT * FROM OPENROWSET(BULK 'x', SINGLE_CLOB) AS a", "OPENROWSET"),
            ("SELECT 1 WAITFOR DELAY '0:1'", "WAITFOR"), ("SELECT 1 USE master", "USE"),
            ("SELECT 1 COMMIT", "COMMIT"), ("SELECT [a]] ' ] DELETE FROM t --'", "does not end"),
            ("SELECT [a]] ' ] DELETE FROM t WHERE a = ' ", "does not end"),
            ("SELECT 1\u{A0}DELETE FROM t", "DELETE"),
            ("SELECT 1 END CONVERSATION @h", "CONVERSATION"),
            ("SELECT 1 a DISABLE TRIGGER x ON DATABASE", "TRIGGER"),
        ])
    func refused(statement: String, part: String) {
        let refusal = SQLServerReadingStatement.refusal(of: statement)
        #expect(refusal?.contains(part) == true, "\(refusal ?? "let through")")
    }
}
