import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("Whatever a PostgreSQL server sends")
struct PostgresDecoderTests {
    /// A whole session as the server sees it, in the pieces that answer something.
    private static let session = [ServerBytes.start, ServerBytes.identity, ServerBytes.one]

    @Test("gives the same verdict in pieces of any size", arguments: 0..<10)
    func chunks(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        var whole = try PostgresScript()
        for part in Self.session { whole.receive(part) }
        var pieces = try PostgresScript()
        for part in Self.session {
            var rest = part[...]
            while !rest.isEmpty {
                let size = Int.random(in: 1...min(rest.count, 20), using: &chance)
                pieces.receive(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
        }
        #expect(pieces.cause == "pass")
        #expect(pieces.steps == whole.steps)
    }

    @Test("is a hang-up when it is cut off at any byte")
    func truncated() throws {
        let all = Self.session.flatMap { $0 }
        for length in 0..<all.count {
            var script = try PostgresScript()
            script.receive(Array(all.prefix(length)))
            #expect(script.verdict == nil)
            script.end()
            #expect(script.cause == "reset")
        }
    }

    @Test("is survived when any byte of it is wrong", arguments: 0..<10)
    func mutated(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        let parts =
            [
                ServerBytes.sasl("SCRAM-SHA-256"), ServerBytes.error("28P01", "no"),
                ServerBytes.authentication(5, [1, 2, 3, 4]),
            ]
            + Self.session
        for _ in 0..<100 {
            var bytes = parts.shuffled(using: &chance).flatMap { $0 }
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                let index = Int.random(in: bytes.indices, using: &chance)
                bytes[index] = UInt8.random(in: .min ... .max, using: &chance)
            }
            var script = try PostgresScript()
            script.receive(bytes)
            script.end()
            #expect(script.cause != nil)
            #expect(script.message.utf8.count < 2_000)
        }
    }

    @Test("is survived when it is noise", arguments: 0..<10)
    func noise(seed: UInt64) throws {
        var chance = SeededGenerator(seed: seed)
        for mode in ["disable", "require"] {
            for _ in 0..<100 {
                let count = Int.random(in: 1...200, using: &chance)
                var script = try PostgresScript("postgres://u:p@127.0.0.1/d?sslmode=\(mode)")
                script.receive((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &chance) })
                script.end()
                #expect(script.cause != nil)
            }
        }
    }

    @Test(
        "is refused as soon as a length is out of bounds",
        arguments: [0, 3, 30_001, 1 << 30, Int(UInt32.max)])
    func lengths(length: Int) throws {
        var script = try PostgresScript()
        script.receive([UInt8(ascii: "R")] + ServerBytes.integer(length))
        #expect(script.cause == "protocol_mismatch")

        var later = try PostgresScript()
        later.receive(ServerBytes.start)
        later.receive(
            [UInt8(ascii: "D")]
                + ServerBytes.integer(length > 65_536 ? length : length == 30_001 ? 65_537 : length))
        #expect(later.cause == "protocol_mismatch")
    }

    @Test(
        "is refused when a message is malformed",
        arguments: [
            ServerBytes.message("D", [0, 17]), ServerBytes.message("D", [0, 1]),
            ServerBytes.message("D", [0, 1, 0, 0, 0, 9, 1]),
            ServerBytes.message("D", [0, 1, 0xFF, 0xFF, 0xFF, 0xFE]), ServerBytes.message("S", [65]),
            ServerBytes.message("S", [65, 0]), ServerBytes.message("E", [UInt8(ascii: "M"), 65]),
            ServerBytes.message("K", [1]), ServerBytes.message("R", [0]),
            ServerBytes.message("R", [0, 0, 0, 10, 65]),
            ServerBytes.message("R", [0, 0, 0, 5, 1]), ServerBytes.message("G", []),
        ])
    func malformed(bytes: [UInt8]) throws {
        var script = try PostgresScript()
        script.receive(ServerBytes.start)
        script.receive(bytes)
        #expect(script.cause == "protocol_mismatch")
    }

    @Test(
        "holds a code only if it is one",
        arguments: [("28P01", "auth_failed (28P01)"), ("<b>", "unexpected_reply")])
    func codes(code: String, cause: String) throws {
        var script = try PostgresScript()
        script.receive(ServerBytes.error(code, "no"))
        #expect(script.cause == cause)
    }

    @Test("may be an error older than the protocol, however it is cut")
    func oldErrorInPieces() throws {
        let bytes = Array("EFATAL:  too many\n\0".utf8)
        for length in 5...bytes.count {
            var script = try PostgresScript()
            script.receive(Array(bytes.prefix(length)))
            #expect(script.cause == "backend_unavailable")
        }
    }

    @Test("may hold notices, and the refusal of a newer protocol, anywhere")
    func others() throws {
        let notice = ServerBytes.message("N", ServerBytes.text("Mhello") + [0])
        let older = ServerBytes.message("v", [0, 3, 0, 0, 0, 0, 0, 0])
        var script = try PostgresScript()
        script.receive(notice + older)
        for part in Self.session { script.receive(notice + part) }
        #expect(script.cause == "pass")
    }
}
