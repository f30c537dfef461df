import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A PostgreSQL target")
struct PostgresDSNTests {
    private func parsed(_ text: String, defaultUser: String? = "me") throws -> PostgresDSN {
        try PostgresDSNParser.parse(text, defaultUser: defaultUser)
    }

    private func refusal(of text: String, defaultUser: String? = "me") -> PostgresDSNError? {
        do {
            _ = try PostgresDSNParser.parse(text, defaultUser: defaultUser)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "is shown without its password",
        arguments: [
            (
                "postgres://u:pw@db1.example.com:5433/orders",
                "postgres://u@db1.example.com:5433/orders?sslmode=require"
            ),
            ("postgresql://u@DB1.Example.com", "postgres://u@db1.example.com:5432/u?sslmode=require"),
            ("postgres://h/d", "postgres://me@h:5432/d?sslmode=require"),
            ("postgres://u:pw@[::1]:5433/d", "postgres://u@[::1]:5433/d?sslmode=disable"),
            ("postgres://u@[fe80::1%25eth0]/d", "postgres://u@[fe80::1%25eth0]:5432/d?sslmode=require"),
            ("jdbc:postgresql://h/d?user=u&password=pw", "postgres://u@h:5432/d?sslmode=require"),
            ("postgresql+asyncpg://u:pw@h/d", "postgres://u@h:5432/d?sslmode=require"),
            ("postgresql+psycopg2://u:pw@h/d", "postgres://u@h:5432/d?sslmode=require"),
            ("postgres://u:pw@h:/d", "postgres://u@h:5432/d?sslmode=require"),
            (
                "postgresql:///d?host=/var/run/postgresql",
                "postgres://me@/d?host=/var/run/postgresql&port=5432"
            ),
            ("postgres://%2Ftmp/d", "postgres://me@/d?host=/tmp&port=5432"),
            ("postgres://u@%2Ftmp:5433/d", "postgres://u@/d?host=/tmp&port=5433"),
            (
                "postgres://a:b@h/x?user=u&password=p&host=k&port=99&dbname=d",
                "postgres://u@k:99/d?sslmode=require"
            ),
            ("postgres://h/d?user=me@server", "postgres://me%40server@h:5432/d?sslmode=require"),
            ("postgres://u@h/d%20e", "postgres://u@h:5432/d%20e?sslmode=require"),
            (
                "postgres://u@h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem",
                "postgres://u@h:5432/d?sslmode=verify-full&sslrootcert=/etc/ca.pem"
            ),
            (
                "postgres://u@localhost/d?sslcert=/c&sslkey=/k%20k&channel_binding=disable",
                "postgres://u@localhost:5432/d?sslmode=require&sslcert=/c&sslkey=/k%20k"
                    + "&channel_binding=disable"
            ),
            ("host=H port = 5433 user=u password=pw", "postgres://u@h:5433/u?sslmode=require"),
            ("host=::1 dbname='a b' user=a\\ b", "postgres://a%20b@[::1]:5432/a%20b?sslmode=disable"),
            ("host='/run/pg' user='o\\'x'dbname=d", "postgres://o%27x@/d?host=/run/pg&port=5432"),
            (
                "\n host=h\tuser=u\r\n password='' sslmode=verify-ca ",
                "postgres://u@h:5432/u?sslmode=verify-ca"
            ),
        ])
    func redacted(text: String, expected: String) throws {
        let target = try parsed(text)
        #expect(target.redacted == expected)
        let again = try parsed(target.redacted)
        #expect(again.redacted == expected)
        #expect(again.endpoint == target.endpoint)
    }

    @Test(
        "has the password that was meant",
        arguments: [
            ("postgres://u:p%40ss@h/d", "p@ss"), ("postgres://u:p#x@h/d", "p#x"),
            ("postgres://u:a+b@h/d", "a+b"),
            ("postgres://u:a:b@h/d", "a:b"), ("postgres://u:%C3%A9@h/d", "é"),
            ("postgres://u:p@h/d?password=q", "q"),
            ("host=h user=u password='p\\'w x'", "p'w x"), ("host=h password=p\\\\w", "p\\w"),
            ("host=h password=a%20b", "a%20b"), ("host=h password='a://b@c=d'", "a://b@c=d"),
            ("host=h password=a\\", "a"), ("host=h password='é' user=u", "é"),
            ("postgres://u:%25zz@h/d", "%zz"), ("postgres://h/d?user=u&password=a@b", "a@b"),
        ])
    func password(text: String, expected: String) throws {
        #expect(try parsed(text).password == Secret(expected))
    }

    @Test(
        "has no password when it is empty",
        arguments: ["postgres://u:@h/d", "postgres://u@h/d", "postgres://u:p@h?password="])
    func noPassword(text: String) throws {
        #expect(try parsed(text).password == nil)
    }

    @Test("on a Unix socket connects to a file of the folder")
    func socket() throws {
        let target = try parsed("postgresql:///d?host=/run/pg/&port=5433")
        #expect(target.endpoint == .unixSocket(path: "/run/pg/.s.PGSQL.5433"))
        #expect(target.tls.mode == .disable)
        #expect(target.isLocal)
    }

    @Test(
        "is encrypted as it says, or else unless it is on this machine",
        arguments: [
            ("postgres://u@h", TLSMode.require), ("postgres://u@localhost", .disable),
            ("postgres://u@127.0.0.9", .disable), ("postgres://u@[::1]", .disable),
            ("postgres://u@127.example.com", .require), ("postgres://u@h?sslmode=disable", .disable),
            ("postgres://u@127.0.0.1?sslmode=verify-full", .verifyFull),
            ("postgres://u@h?sslmode=verify-ca", .verifyCA), ("postgres://u@h?sslmode=prefer", .require),
            ("postgres://u@localhost?sslmode=allow", .disable),
            ("postgres://u@h?sslmode=no-verify", .require),
            ("postgres://u@localhost?sslcert=/c&sslkey=/k", .require),
            ("postgres://u@localhost?ssl=true", .require), ("postgres://u@h?ssl=false", .disable),
            ("postgres://u@h?sslrootcert=/ca", .verifyFull),
            ("postgres://u@h?sslrootcert=system", .verifyFull),
            ("postgres://u@h?sslmode=require&sslrootcert=/ca", .verifyCA),
            ("postgres://u@h?ssl=true&sslmode=require", .require),
        ])
    func encryption(text: String, mode: TLSMode) throws {
        #expect(try parsed(text).tls.mode == mode)
    }

    @Test(
        "says what it will not do",
        arguments: [
            ("postgres://u@h?sslmode=prefer", "sslmode=prefer is treated as require"),
            ("postgres://u@h?pgbouncer=true", "'pgbouncer' is not used"),
            ("postgres://u@h?connect_timeout=3", "connect_timeout is not used"),
            ("postgres://u@h?gssencmode=disable", "'gssencmode' is not used"),
            ("postgres://u@/d?host=/tmp&sslmode=require", "a Unix socket is never encrypted"),
            ("postgres://u@h?sslmode=disable&sslrootcert=/ca", "sslrootcert is not used"),
            ("postgres://u@h?sslmode=disable&sslcert=/c&sslkey=/k", "sslcert is not used"),
            ("postgres://u@/d?host=/tmp&sslcert=/c", "a Unix socket is never encrypted"),
        ])
    func warning(text: String, expected: String) throws {
        let warnings = try parsed(text).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains(expected) == true)
    }

    @Test(
        "is refused when it is not clear",
        arguments: [
            ("postgres://u:p@ss@h/d", PostgresDSNError.strayAt), ("postgres://u:pa/ss@h/d", .strayAt),
            ("postgres://u:pa?ss@h/d", .strayAt), ("postgres://u:5?x=y@h/d", .strayAt),
            ("postgres://u@server:p@h/d", .strayAt), ("postgres://h/d@e", .strayAt),
            ("postgres://u:p%zz@h/d", .badEscape(in: .password)),
            ("postgres://u:p%4@h/d", .badEscape(in: .password)),
            ("postgres://u:p%00@h/d", .badEscape(in: .password)),
            ("postgres://u:%FF@h/d", .badEscape(in: .password)),
            ("postgres://%u@h/d", .badEscape(in: .user)), ("postgres://u@h/%d", .badEscape(in: .database)),
            ("postgres://u:pw@h1,h2/d", .manyHosts), ("postgres://h1:1,h2:2/d", .manyHosts),
            ("postgres:///d?host=/a,/b", .manyHosts), ("postgres:///d", .missingHost),
            ("postgres://", .missingHost),
            ("postgres://u:pw@/d", .missingHost), ("postgres://u@::1/d", .bareIPv6),
            ("postgres://u@[::1/d", .badHost), ("postgres://u@[::1]x/d", .badHost),
            ("postgres://u@h h/d", .badHost), ("postgres://u@[h]/d", .badHost),
            ("postgres://u:secret", .badPort), ("postgres://u@h:0", .badPort),
            ("postgres://u@h:65536", .badPort),
            ("postgres://u@h:+1", .badPort), ("postgres://u@h/a/b", .badDatabase),
            ("mysql://h/d", .notAURI), ("", .notAURI), ("postgres:h", .notAURI),
            ("postgresql+oracle://h/d", .notAURI), ("jdbc:postgresql:d", .notAURI),
            ("host=h secret word=x", .keywordWithoutValue), ("host=h =x", .keywordWithoutValue),
            ("host=h password='a b", .openQuote),
            ("host=h password=a b=c", .unknownParameter(key: nil, nearest: nil)),
            ("host=h wibble=1", .unknownParameter(key: "wibble", nearest: nil)),
            ("host=h user=a user=b", .repeatedParameter("user")),
            ("host=h sslmode=", .emptyParameter("sslmode")),
            ("host=a,b", .manyHosts), ("host=h,k port=1,2", .manyHosts), ("dbname=d", .missingHost),
            ("host=h port=x", .badPort), ("host=h dbname='a\nb'", .controlCharacter),
            ("postgres:u:p=w@h", .notAURI),
            (
                "postgres://u@h?sslcert=/c",
                .badValue(parameter: "sslcert", expected: "of use alone: sslcert and sslkey belong together")
            ),
            ("postgres://u@h/d\n", .controlCharacter),
            ("postgres://u@h?sslmod=require", .unknownParameter(key: "sslmod", nearest: "sslmode")),
            ("postgres://u@h?Host=k", .unknownParameter(key: "Host", nearest: "host")),
            ("postgres://u@h?wibble=1", .unknownParameter(key: "wibble", nearest: nil)),
            ("postgres://u:5?wibble=1", .unknownParameter(key: nil, nearest: nil)),
            ("postgres://u@h?port=1&port=2", .repeatedParameter("port")),
            ("postgres://u@h?sslmode", .emptyParameter("sslmode")),
        ] as [(String, PostgresDSNError)])
    func refused(text: String, expected: PostgresDSNError) {
        #expect(refusal(of: text) == expected)
    }

    @Test("says how to write what was refused")
    func remedies() {
        #expect(refusal(of: "postgres://u@::1/d")?.message.contains("[::1]:5432") == true)
        #expect(refusal(of: "postgres://u@h/d\n")?.message.contains("percent-encode it") == true)
    }

    @Test(
        "is refused when a parameter would change what it means",
        arguments: [
            "service=x", "options=-c%20x", "sslpassword=x", "channel_binding=perhaps",
            "channel_binding=require&sslmode=disable",
            "target_session_attrs=read-write",
            "hostaddr=1.2.3.4", "sslmode=maybe", "sslmode=require&sslrootcert=system",
            "ssl=true&sslmode=disable",
            "ssl=perhaps", "connect_timeout=soon", "gssencmode=require",
        ])
    func unsupported(parameter: String) throws {
        let error = try #require(refusal(of: "postgres://u@h/d?\(parameter)"))
        let key = parameter.split(separator: "=")[0]
        #expect(error.message.contains("'\(key)'") || error.message.contains("'sslmode'"))
    }

    @Test("without a user is that of the process, and refused without one")
    func user() throws {
        #expect(try parsed("postgres://h", defaultUser: "root").user == "root")
        #expect(refusal(of: "postgres://h", defaultUser: nil) == .missingUser)
    }

    @Test("is another one whenever any part differs")
    func identity() throws {
        let texts = [
            "postgres://u:p@h/d", "postgres://u:q@h/d", "postgres://v:p@h/d", "postgres://u:p@k/d",
            "postgres://u:p@h/e",
            "postgres://u:p@h:1/d", "postgres://u:p@h/d?sslmode=verify-ca",
            "postgres://u:p@h/d?sslrootcert=/a",
            "postgres://u:p@h/d?sslcert=/a&sslkey=/b", "postgres://u:p@h/d?sslcert=/a&sslkey=/c",
            "postgres://u:p@h/d?channel_binding=disable", "postgres://u:p@h/d?channel_binding=require",
            "postgres://u:p@h/d?application_name=x", "postgres://u:p@/d?host=/h", "postgres://u@h/d",
        ]
        let identities = try texts.map { try parsed($0).identity }
        #expect(Set(identities).count == texts.count)
        for same in [
            "postgresql://u:p@H:5432/d?sslmode=require", "postgres://u:p@h/d?channel_binding=prefer",
            "host=h user=u password=p dbname=d",
        ] {
            #expect(try parsed(same).identity == identities[0])
        }
    }
}
