import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("A Redis target")
struct RedisDSNTests {
    @Test(
        "is read, and shown without its password",
        arguments: [
            ("redis://db1.example.com", "redis://db1.example.com:6379/0"),
            ("redis://DB1.example.com:6380/3", "redis://db1.example.com:6380/3"),
            ("valkey://h/?db=3", "redis://h:6379/3"),
            ("redis://:pencil@h/", "redis://h:6379/0"),
            ("redis://u:pen%2Fcil@h/1", "redis://u:@h:6379/1"),
            ("redis://u:@h", "redis://u:@h:6379/0"),
            ("redis://h?user=u&password=pencil&db=2", "redis://u:@h:6379/2"),
            ("redis://[::1]:6379/0", "redis://[::1]:6379/0"),
            ("rediss://:pencil@h/0", "rediss://h:6379/0?sslmode=require"),
            ("valkeys://h?sslmode=verify-full", "rediss://h:6379/0?sslmode=verify-full"),
            ("rediss://h?ssl_cert_reqs=required", "rediss://h:6379/0?sslmode=verify-full"),
            (
                "rediss://h?ssl_ca_certs=/ca.pem",
                "rediss://h:6379/0?sslmode=verify-full&sslrootcert=/ca.pem"
            ),
            ("redis+unix:///run/redis.sock?db=1", "redis+unix:///run/redis.sock?db=1"),
            ("redis-socket://:pencil@/run/redis.sock", "redis+unix:///run/redis.sock?db=0"),
            ("unix://u:pencil@/run/a%20b", "redis+unix://u:@/run/a%20b?db=0"),
            (
                "redis-sentinel://:pencil@s1?sentinelMasterId=my%20master",
                "redis-sentinel://s1:26379?sentinelMasterId=my%20master"
            ),
            ("rediss-sentinel://s1:5000", "rediss-sentinel://s1:5000?sslmode=require"),
        ])
    func read(text: String, redacted: String) throws {
        let target = try RedisDSNParser.parse(text)
        #expect(target.redacted == redacted)
        #expect(target.warnings.isEmpty)
        #expect(try RedisDSNParser.parse(target.redacted).redacted == redacted)
        #expect(!target.redacted.contains("pencil"))
        #expect(text.contains("pencil") == target.identity.contains("pencil"))
    }

    @Test("takes what stands alone before the @ for a password, and says so")
    func lone() throws {
        let target = try RedisDSNParser.parse("redis://pencil@h")
        #expect(target.password?.revealed == "pencil")
        #expect(target.user == nil)
        let warning = try #require(target.warnings.first)
        #expect(warning.contains("taken for the password") && !warning.contains("pencil"))
        #expect(try RedisDSNParser.parse("redis://:pencil@h").warnings.isEmpty)
    }

    @Test("is the same however it is written, and another one with another password, user or database")
    func identity() throws {
        func identity(_ text: String) throws -> String { try RedisDSNParser.parse(text).identity }
        let one = try identity("redis://u:pencil@h:6379/2")
        #expect(try identity("valkey://u@H?password=pencil&db=2&user=u") == one)
        for other in [
            "redis://u:pen@h/2", "redis://v:pencil@h/2", "redis://u:pencil@h/1", "rediss://u:pencil@h/2",
        ] {
            #expect(try identity(other) != one)
        }
    }

    @Test(
        "is refused where it would have to be guessed",
        arguments: [
            ("postgres://h", RedisDSNError.notATarget), ("h:6379", .notATarget),
            ("redis://", .missingHost), ("redis://:pencil@", .missingHost),
            ("redis://u:pen@cil@h", .strayAt), ("redis://u:pen/cil@h/0", .strayAt),
            ("redis://u:pen?cil@h/0", .strayAt), ("redis://u:pen%cil@h", .badEscape(in: .password)),
            ("redis://h1,h2", .manyHosts), ("redis-sentinel://h1:26379,h2?sentinelMasterId=m", .manyHosts),
            ("redis://u:pencil", .badPort), ("redis://h:0", .badPort), ("redis://h/pencil", .badDatabase),
            ("redis://h/1?db=2", .badValue(parameter: "db", expected: "the database that the path names")),
            ("redis://h/-1", .badDatabase), ("redis://::1", .bareIPv6), ("redis://h ost", .badHost),
            ("redis+unix://h/run/x", .badSocket), ("redis+unix://", .badSocket),
            ("redis://h?db=", .emptyParameter("db")), ("redis://h?db=1&database=1", .repeatedParameter("db")),
            ("redis://h?databse=1", .unknownParameter(key: "databse", nearest: nil)),
            (
                "redis://h?sslmode=require",
                .unsupportedParameter("sslmode", reason: "write rediss:// for TLS")
            ),
            ("redis://h\n", .controlCharacter),
        ])
    func refused(text: String, error: RedisDSNError) {
        #expect(throws: error) { try RedisDSNParser.parse(text) }
        #expect(!error.message.contains("pencil") && !error.message.contains("cil@"))
    }

    @Test("tells of what it does not do, and drops nothing that matters")
    func parameters() throws {
        let target = try RedisDSNParser.parse("redis://h?socket_timeout=5&protocol=3&sslrootcert=/ca.pem")
        #expect(target.warnings.count == 3)
        #expect(target.warnings.last?.contains("rediss://") == true)
        for key in ["ssl=true", "tls=1", "sslcheckhostname=false", "addr=h2", "sentinelMasterId=m"] {
            #expect(throws: RedisDSNError.self, "\(key)") { try RedisDSNParser.parse("redis://h?\(key)") }
        }
        #expect(
            try RedisDSNParser.parse("redis-sentinel://h/3").warnings == [
                "a Sentinel has no databases: none is chosen"
            ])
    }
}
