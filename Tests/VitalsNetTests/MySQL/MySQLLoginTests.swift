import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A login to a MySQL server")
struct MySQLLoginTests {
    private static let key = Array("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".utf8)

    @Test("proves its password as others do")
    func proofs() {
        // Made with Python's hashlib, by the published formulas.
        let native = MySQLPlugin.native.proof(of: "pencil", for: MySQLBytes.challenge)
        #expect(Self.hexadecimal(native) == "5279aebaa4562b3363b3e2c4329e2c19e8fb2797")
        let sha2 = MySQLPlugin.cachingSHA2.proof(of: "pencil", for: MySQLBytes.challenge)
        #expect(Self.hexadecimal(sha2) == "a4768237b040eef7295d9c34845afb4d4adbf9571c705e77f616caa29fa4edc8")
        for plugin in MySQLPlugin.allCases {
            #expect(plugin.proof(of: "", for: MySQLBytes.challenge) == [])
        }
    }

    @Test("changes to the plugin of the account")
    func change() throws {
        for (first, second) in [(MySQLPlugin.native, MySQLPlugin.cachingSHA2), (.cachingSHA2, .native)] {
            var script = try MySQLScript()
            let challenge = Array("TSRQPONMLKJIHGFEDCBA".utf8)
            script.receive(
                MySQLBytes.greeting(plugin: first.rawValue),
                MySQLBytes.change(2, second.rawValue, challenge: challenge))
            let proof = second.proof(of: "pencil", for: challenge)
            #expect(script.sent.last == [UInt8(proof.count), 0, 0, 3] + proof)
            script.receive(MySQLBytes.ok(4))
            #expect(script.phase == .session)
        }
    }

    @Test("is not led on for ever")
    func endlessChange() throws {
        var script = try MySQLScript()
        script.receive(MySQLBytes.greeting())
        for number in 0..<10 {
            script.receive(MySQLBytes.change(UInt8(2 + number * 2), "mysql_native_password"))
        }
        #expect(script.cause == "protocol_mismatch")
        #expect(script.sent.count == 5)
    }

    @Test(
        "names a plugin that is not spoken",
        arguments: [
            ("client_ed25519", "ed25519"), ("auth_gssapi_client", "GSSAPI"), ("dialog", "PAM"),
            ("mysql_clear_password", "clear text"), ("sha256_password", "sha256_password"),
            ("something_new", "the plugin something_new"),
        ])
    func unsupported(plugin: String, words: String) throws {
        var script = try MySQLScript()
        script.receive(MySQLBytes.greeting(), MySQLBytes.change(2, plugin))
        #expect(script.cause == "auth_failed")
        #expect(script.message.contains(words), "\(script.message)")
        #expect(script.message.contains("caching_sha2_password"))
    }

    @Test("names what was before MySQL 4.1")
    func oldPassword() throws {
        var script = try MySQLScript()
        script.receive(MySQLBytes.greeting(), MySQLBytes.packet(2, [0xFE]))
        #expect(script.cause == "auth_failed")
        #expect(script.message.contains("mysql_old_password"))
    }

    @Test("gives the password itself over TLS or into a Unix socket only")
    func whole() throws {
        let password = MySQLBytes.packet(3, MySQLBytes.text("pencil"))
        var socket = try MySQLScript("mysql://u:pencil@/d?socket=/run/mysqld.sock")
        socket.receive(MySQLBytes.greeting(), MySQLBytes.more(2, [4]))
        #expect(socket.sent.last == password)

        var secure = try MySQLScript("mysql://u:pencil@127.0.0.1/d?ssl-mode=require")
        secure.receive(MySQLBytes.greeting())
        secure.secure()
        secure.receive(MySQLBytes.more(3, [4]))
        #expect(secure.sent.last == MySQLBytes.packet(4, MySQLBytes.text("pencil")))

        var plain = try MySQLScript()
        plain.receive(MySQLBytes.greeting(), MySQLBytes.more(2, [4]))
        #expect(plain.sent.last == MySQLBytes.packet(3, [2]))
        plain.receive(MySQLBytes.more(4, Self.key))
        #expect(plain.cause == "auth_failed")
        #expect(plain.message.contains("public key"))
        #expect(!plain.sent.contains { String(decoding: $0, as: UTF8.self).contains("pencil") })
    }

    @Test(
        "breaks off where the server breaks the protocol",
        arguments: [
            [MySQLBytes.more(2, [9])], [MySQLBytes.more(2, [])],
            [MySQLBytes.more(2, [3]), MySQLBytes.more(3, [4])],
            [MySQLBytes.more(2, [4]), MySQLBytes.ok(4)], [MySQLBytes.packet(2, [7])],
            [MySQLBytes.packet(2, [0xFE, 1, 2])],
            [MySQLBytes.change(2, "mysql_native_password", challenge: [1])],
        ])
    func broken(packets: [[UInt8]]) throws {
        var script = try MySQLScript()
        script.receive(MySQLBytes.greeting())
        for packet in packets { script.receive(packet) }
        #expect(script.cause == "protocol_mismatch")
    }

    @Test("says that TLS may be what an account wants, where the server has it")
    func hints() throws {
        for (capabilities, isHinted) in [(UInt32(0xDEFF_FFFF), true), (0xDEFF_F7FF, false)] {
            var script = try MySQLScript()
            script.receive(
                MySQLBytes.greeting(capabilities: capabilities), MySQLBytes.error(2, 1045, "Access denied"))
            #expect(script.message.contains("ssl-mode=require") == isHinted)
        }
        var insecure = try MySQLScript()
        insecure.receive(MySQLBytes.greeting(), MySQLBytes.error(2, 3159, "insecure transport"))
        #expect(insecure.cause == "auth_failed (3159)")
        #expect(insecure.message.hasSuffix("(write ssl-mode=require)"))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
