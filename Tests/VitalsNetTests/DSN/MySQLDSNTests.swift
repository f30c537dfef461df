import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A MySQL target")
struct MySQLDSNTests {
    private func refusal(of text: String) -> MySQLDSNError? {
        do {
            _ = try MySQLDSNParser.parse(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "is shown without its password",
        arguments: [
            (
                "mysql://u:pw@db1.example.com:3307/orders",
                "mysql://u@db1.example.com:3307/orders?ssl-mode=require"
            ),
            ("mariadb://u@DB1.Example.com", "mysql://u@db1.example.com:3306/?ssl-mode=require"),
            ("mysql://u:pw@[::1]:3307/d", "mysql://u@[::1]:3307/d?ssl-mode=disable"),
            ("mysql://u@[fe80::1%25eth0]/d", "mysql://u@[fe80::1%25eth0]:3306/d?ssl-mode=require"),
            ("mysql://u:pw@localhost/d", "mysql://u@localhost:3306/d?ssl-mode=disable"),
            ("jdbc:mysql://h/d?user=u&password=pw&useSSL=false", "mysql://u@h:3306/d?ssl-mode=disable"),
            ("jdbc:mariadb://h/d?user=u&sslMode=VERIFY_CA", "mysql://u@h:3306/d?ssl-mode=verify-ca"),
            ("mysql+pymysql://u:pw@h/d?charset=utf8mb4", "mysql://u@h:3306/d?ssl-mode=require"),
            ("mysql://u:pw@h:/d", "mysql://u@h:3306/d?ssl-mode=require"),
            ("mysql://u@h/d%20e", "mysql://u@h:3306/d%20e?ssl-mode=require"),
            (
                "mysql://u:pw@/d?socket=/run/mysqld/mysqld.sock",
                "mysql://u@/d?socket=/run/mysqld/mysqld.sock"
            ),
            ("mysql://u:pw@localhost/d?unix_socket=/tmp/s", "mysql://u@/d?socket=/tmp/s"),
            ("mysql://u:pw@%2Ftmp%2Fs/d", "mysql://u@/d?socket=/tmp/s"),
            (
                "mysql://u@h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/etc/ca.pem",
                "mysql://u@h:3306/d?ssl-mode=verify-full&ssl-ca=/etc/ca.pem"
            ),
            ("mysql://u@h/d?ssl_ca=/c", "mysql://u@h:3306/d?ssl-mode=verify-full&ssl-ca=/c"),
            ("mysql://u@h/d?ssl-mode=required&ssl-ca=/c", "mysql://u@h:3306/d?ssl-mode=verify-ca&ssl-ca=/c"),
            (
                "mysql://u@localhost/d?ssl-cert=/c&ssl-key=/k%20k",
                "mysql://u@localhost:3306/d?ssl-mode=require&ssl-cert=/c&ssl-key=/k%20k"
            ),
            // As Prisma and PlanetScale write it.
            ("mysql://u:p@h/d?sslaccept=strict", "mysql://u@h:3306/d?ssl-mode=verify-full"),
            (
                "mysql://u:p@h/d?ssl={\"rejectUnauthorized\":true}",
                "mysql://u@h:3306/d?ssl-mode=verify-full"
            ),
            (
                "mysql://u:p@h/d?ssl=%7B%22rejectUnauthorized%22%3A%20false%7D",
                "mysql://u@h:3306/d?ssl-mode=require"
            ),
            // As the Go driver takes it, and with a scheme before that.
            ("u:pw@tcp(h:3307)/d", "mysql://u@h:3307/d?ssl-mode=require"),
            ("u:pw@tcp([::1]:3307)/d?tls=skip-verify", "mysql://u@[::1]:3307/d?ssl-mode=require"),
            ("u:pw@tcp(h)/", "mysql://u@h:3306/?ssl-mode=require"),
            ("u:pw@tcp/d", "mysql://u@127.0.0.1:3306/d?ssl-mode=disable"),
            ("u:pw@/d", "mysql://u@127.0.0.1:3306/d?ssl-mode=disable"),
            ("u@/", "mysql://u@127.0.0.1:3306/?ssl-mode=disable"),
            ("u:pw@unix(/tmp/my.sock)/d", "mysql://u@/d?socket=/tmp/my.sock"),
            ("mysql://u:pw@tcp(h:3306)/d?tls=true", "mysql://u@h:3306/d?ssl-mode=verify-full"),
            (
                "mysql://u:pw@tcp(h:3306)/d?tls=false&parseTime=true&loc=UTC",
                "mysql://u@h:3306/d?ssl-mode=disable"
            ),
            ("mysql://u:pw@unix(/tmp/my.sock)/d", "mysql://u@/d?socket=/tmp/my.sock"),
        ])
    func redacted(text: String, expected: String) throws {
        let target = try MySQLDSNParser.parse(text)
        #expect(target.redacted == expected)
        let again = try MySQLDSNParser.parse(target.redacted)
        #expect(again.redacted == expected)
        #expect(again.endpoint == target.endpoint)
    }

    @Test(
        "has the password that was meant",
        arguments: [
            ("mysql://u:p%40ss@h/d", "p@ss"), ("mysql://u:p#x@h/d", "p#x"), ("mysql://u:a+b@h/d", "a+b"),
            ("mysql://u:a:b@h/d", "a:b"), ("mysql://u:%C3%A9@h/d", "é"), ("mysql://u:p@h/d?password=q", "q"),
            ("u:p%40ss@tcp(h)/d", "p%40ss"), ("u:p@ss/w:@tcp(h:1)/d", "p@ss/w:"), ("u:p@/w@/d", "p@/w"),
            ("mysql://u:p@ss/w?#@tcp(h:1)/d", "p@ss/w?#"), ("u:a@tcp(b)c@tcp(h)/d", "a@tcp(b)c"),
            ("u:mysql://x@tcp(h)/d", "mysql://x"), ("mysql://u@h/d", nil), ("mysql://u:@h/d", nil),
        ] as [(String, String?)])
    func password(text: String, expected: String?) throws {
        #expect(try MySQLDSNParser.parse(text).password?.revealed == expected)
    }

    @Test("says that nothing is percent-encoded before tcp(...)")
    func ambiguous() throws {
        let target = try MySQLDSNParser.parse("mysql://u:p%40ss@tcp(h)/d")
        #expect(target.warnings.count == 1)
        #expect(target.warnings.first?.contains("as it is written") == true)
        #expect(try MySQLDSNParser.parse("u:100%@tcp(h)/d").warnings == [])
    }

    @Test(
        "is refused, with the reason",
        arguments: [
            ("", MySQLDSNError.notATarget), ("h:3306", .notATarget), ("redis://h/0", .notATarget),
            ("u:p@udp(h)/d", .notATarget), ("mysql+none://u@h/d", .notATarget),
            ("mysql://u:p@ss@h/d", .strayAt), ("mysql://u:pa/ss@h/d", .strayAt),
            ("mysql://u:p?a@h/d", .strayAt),
            ("mysql://u@h1,h2/d", .manyHosts), ("u@tcp(h1,h2)/d", .manyHosts),
            ("mysql://u:p%zz@h/d", .badEscape(in: .password)), ("mysql://u:p@/d", .missingHost),
            ("mysql://h/d", .missingUser), ("tcp(h)/d", .missingUser), ("mysql://u@h!/d", .badHost),
            ("u@unix(relative)/d", .badHost), ("mysql://u@::1/d", .bareIPv6), ("mysql://u@h:0/d", .badPort),
            ("mysql://u@h:65536/d", .badPort), ("mysql://u@h:x/d", .badPort),
            ("mysql://u@h/a/b", .badDatabase),
            ("mysql://u@h/d?ssl-mod=x", .unknownParameter(key: "ssl-mod", nearest: "ssl-mode")),
            ("mysql://u@h/d?ssl-mode=disable&sslMode=x", .repeatedParameter("ssl-mode")),
            ("mysql://u@h/d?socket=", .emptyParameter("socket")),
            (
                "mysql://u@h/d?tls=custom",
                .badValue(parameter: "tls", expected: "true, false or skip-verify")
            ),
            ("mysql://u@h/d?socket=rel", .badValue(parameter: "socket", expected: "a whole path")),
            ("mysql://u@h/d\n", .controlCharacter), (String(repeating: "x", count: 9_000), .tooLong),
        ])
    func refused(text: String, expected: MySQLDSNError) {
        #expect(refusal(of: text) == expected)
        #expect(!expected.message.isEmpty)
    }

    @Test("is refused where it says two things of encryption, or half of one")
    func contradictions() {
        for text in [
            "mysql://u@h/d?ssl-mode=require&tls=false", "mysql://u@h/d?ssl-cert=/c",
            "mysql://u@h/d?ssl-key=/k",
            "mysql://u@h/d?ssl-mode=maybe", "mysql://u@h/d?sslaccept=x", "mysql://u@h/d?ssl=rds",
        ] {
            guard case .badValue = refusal(of: text) else {
                Issue.record("\(text) is taken")
                continue
            }
        }
        guard case .unsupportedParameter("sslcert", _) = refusal(of: "mysql://u@h/d?sslcert=/c") else {
            Issue.record("sslcert is taken, which means one thing here and another there")
            return
        }
    }

    @Test("is never encrypted only if that can be had")
    func opportunistic() throws {
        for (text, mode) in [
            ("mysql://u@h/d?ssl-mode=PREFERRED", TLSMode.require),
            ("u@tcp(127.0.0.1)/d?tls=preferred", .disable),
        ] {
            let target = try MySQLDSNParser.parse(text)
            #expect(target.tls.mode == mode)
            #expect(target.warnings.first?.contains("does not fall back") == true)
        }
        let unused = try MySQLDSNParser.parse("mysql://u@h/d?ssl-mode=disable&ssl-ca=/c")
        #expect(unused.warnings == ["ssl-ca is not used with ssl-mode=disable"])
        let socket = try MySQLDSNParser.parse("u@unix(/s)/d?tls=true")
        #expect(socket.warnings.first?.contains("never encrypted") == true)
    }

    @Test("is another one when anything of it is")
    func identity() throws {
        let texts = [
            "mysql://u:p@h/d", "mysql://u:q@h/d", "mysql://v:p@h/d", "mysql://u:p@i/d", "mysql://u:p@h/e",
            "mysql://u:p@h:1/d", "mysql://u:p@h/d?ssl-mode=disable", "mysql://u:p@h/d?ssl-ca=/c",
            "mysql://u:p@h/d?ssl-cert=/c&ssl-key=/k", "mysql://u:p@/d?socket=/h",
        ]
        #expect(Set(try texts.map { try MySQLDSNParser.parse($0).identity }).count == texts.count)
        let same = ["mysql://u:p@h/d", "mariadb://u:p@H:3306/d?charset=x", "u:p@tcp(h)/d"]
        #expect(Set(try same.map { try MySQLDSNParser.parse($0).identity }).count == 1)
    }
}
