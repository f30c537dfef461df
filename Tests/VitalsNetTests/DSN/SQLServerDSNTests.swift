import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A SQL Server target")
struct SQLServerDSNTests {
    private func refusal(of text: String) -> SQLServerDSNError? {
        do {
            _ = try SQLServerDSNParser.parse(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "is shown without its password",
        arguments: [
            ("sqlserver://u:pw@h?database=d", "u@h:1433?database=d&encrypt=true&trustservercertificate=true"),
            (
                "mssql://u:pw@H.example.com:1434",
                "u@h.example.com:1434?encrypt=true&trustservercertificate=true"
            ),
            ("sqlserver://u@localhost?database=d", "u@localhost:1433?database=d&encrypt=disable"),
            ("mssql+pyodbc://u:pw@[::1]:14330/d", "u@[::1]:14330?database=d&encrypt=disable"),
            ("sqlserver://u@h?encrypt=true", "u@h:1433?encrypt=true"),
            ("sqlserver://u@h?encrypt=false&app+name=x", "u@h:1433?encrypt=false"),
            ("sqlserver://u@h?Encrypt=Optional", "u@h:1433?encrypt=false"),
            (
                "sqlserver://u@h?encrypt=strict&hostNameInCertificate=db&certificate=/c%20a.pem",
                "u@h:1433?encrypt=strict&certificate=/c%20a.pem&hostnameincertificate=db"
            ),
            ("sqlserver://u@127.0.0.1?certificate=/c", "u@127.0.0.1:1433?encrypt=true&certificate=/c"),
            ("sqlserver://u@h?TrustServerCertificate=false", "u@h:1433?encrypt=true"),
            (
                "sqlserver://u%40x:p%3Aw@h?database=a%20b",
                "u%40x@h:1433?database=a%20b&encrypt=true&trustservercertificate=true"
            ),
            // ADO.NET.
            (
                "Server=tcp:h.database.windows.net,1433;Initial Catalog=d;User ID=u;Password={a;b};"
                    + "Encrypt=True;TrustServerCertificate=False;Connection Timeout=30;",
                "u@h.database.windows.net:1433?database=d&encrypt=true"
            ),
            ("Data Source=.;User Id=u;Pwd='p;w'", "u@localhost:1433?encrypt=disable"),
            (
                "sqlserver:server=h,1500;user id=u;password=\"a\"\"b\"",
                "u@h:1500?encrypt=true&trustservercertificate=true"
            ),
            // ODBC.
            (
                "Driver={ODBC Driver 18 for SQL Server};Server=h\\SQLEXPRESS,1500;UID=u;PWD={p}}w};"
                    + "ApplicationIntent=ReadOnly",
                "u@h:1500?encrypt=true&trustservercertificate=true&applicationintent=readonly"
            ),
            // JDBC.
            (
                "jdbc:sqlserver://h:1444;databaseName=d;user=u;password=p@w;encrypt=false",
                "u@h:1444?database=d&encrypt=false"
            ),
        ])
    func shown(text: String, expected: String) throws {
        let target = try SQLServerDSNParser.parse(text)
        #expect(target.redacted == "sqlserver://\(expected)")
        let again = try SQLServerDSNParser.parse(target.redacted)
        #expect(again.redacted == target.redacted)
        #expect(again.endpoint == target.endpoint)
        #expect(again.user == target.user)
        #expect(again.database == target.database)
        #expect(again.tls == target.tls)
        #expect(again.isReadOnly == target.isReadOnly)
    }

    @Test(
        "has its password as its form has it",
        arguments: [
            ("sqlserver://u:p%40%3b%7D@h", "p@;}"), ("sqlserver://u:p{w}@h", "p{w}"),
            ("sqlserver://u@h?password=p%26w", "p&w"),
            ("Server=h;User Id=u;Password={a;b}}c}", "a;b}c"), ("Server=h;User Id=u;Password=a b ;", "a b"),
            ("Server=h;User Id=u;Password='it''s'", "it's"),
            ("jdbc:sqlserver://h;user=u;password=p%40", "p%40"),
        ])
    func passwords(text: String, password: String) throws {
        #expect(try SQLServerDSNParser.parse(text).password?.revealed == password)
    }

    @Test(
        "says what it holds that will not be done, or not as it may be meant",
        arguments: [
            ("sqlserver://u@h:1433/orders", "is taken for the database"),
            ("sqlserver://u@h:1433/inst?database=d", "the name of the instance is not used"),
            ("sqlserver://u@h?multiSubnetFailover=true", "'multisubnetfailover' is not used"),
            (
                "sqlserver://u@h?encrypt=disable&certificate=/c",
                "certificate is not used with encrypt=disable"
            ),
            ("sqlserver://u@h?encrypt=strict&trustservercertificate=true", "the certificate is verified"),
        ])
    func warnings(text: String, part: String) throws {
        let target = try SQLServerDSNParser.parse(text)
        #expect(target.warnings.count == 1)
        #expect(target.warnings.first?.contains(part) == true, "\(target.warnings)")
    }

    @Test(
        "that cannot be read is refused with what is wrong",
        arguments: [
            ("", SQLServerDSNError.notATarget), ("postgres://u@h", .notATarget),
            ("sqlserver://", .missingHost),
            ("sqlserver://h", .missingUser), ("Server=h", .missingUser), ("User Id=u", .missingHost),
            ("sqlserver://u:p@w@h", .strayAt), ("sqlserver://u:p/w@h", .strayAt),
            ("sqlserver://u:p?w@h", .strayAt),
            ("sqlserver://u:p%zz@h", .badEscape(in: .password)), ("sqlserver://u@h:0", .badPort),
            ("sqlserver://u@h:x", .badPort), ("sqlserver://u@::1", .bareIPv6),
            ("sqlserver://u@a,b", .manyHosts),
            ("sqlserver://u@h/inst", .instanceWithoutPort), ("Server=h\\I;User Id=u", .instanceWithoutPort),
            ("sqlserver://DOM%5Cu@h", .windowsUser), ("Server=h;User Id=u;Password={a", .openQuote),
            ("Server=h;User Id=u;Password={a}b", .openQuote),
            ("sqlserver://u@h?encypt=true", .unknownParameter(nearest: "encrypt")),
            ("sqlserver://u@h?database=a&database=b", .repeatedParameter("database")),
            ("sqlserver://u@h?encrypt=", .emptyParameter("encrypt")),
            (
                "sqlserver://u@h?encrypt=maybe",
                .badValue(parameter: "encrypt", expected: "disable, false, true or strict")
            ),
            (
                "Server=h;User Id=u;Integrated Security=SSPI",
                .unsupportedParameter("integrated security", reason: "name a user and a password")
            ),
            (
                "Server=np:\\\\h\\pipe;User Id=u",
                .badValue(parameter: "server", expected: "reached by TCP (tcp:host,port)")
            ),
            ("sqlserver://u:p\nw@h", .controlCharacter),
        ])
    func refused(text: String, error: SQLServerDSNError) {
        #expect(refusal(of: text) == error)
    }

    @Test(
        "shows nothing of a password that is written wrongly",
        arguments: [
            "sqlserver://u:s3c@r3t@h", "sqlserver://u:s3c/r3t@h", "sqlserver://u:s3c?r3t@h",
            "sqlserver://u:s3c%r3t@h",
            "Server=h;User Id=u;Password={s3c}r3t", "Server=h;User Id=u;Password=s3c;r3t=x",
            "Server=h;User Id=u;Password=s3c;r3t", "sqlserver://u:s3c#r3t:x@h:y", "s3cr3t",
        ])
    func secret(text: String) throws {
        let error = try #require(refusal(of: text))
        #expect(!error.message.contains("s3c") && !error.message.contains("r3t"), "\(error.message)")
    }

    @Test("is another one when anything changes by which it is connected to")
    func identity() throws {
        let texts = [
            "sqlserver://u:p@h?database=d", "sqlserver://u:q@h?database=d", "sqlserver://v:p@h?database=d",
            "sqlserver://u:p@i?database=d", "sqlserver://u:p@h:1?database=d", "sqlserver://u:p@h?database=e",
            "sqlserver://u:p@h?database=d&encrypt=true", "sqlserver://u:p@h?database=d&encrypt=strict",
            "sqlserver://u:p@h?database=d&applicationintent=readonly",
        ]
        let identities = try texts.map { try SQLServerDSNParser.parse($0).identity }
        #expect(Set(identities).count == texts.count)
    }
}
