import NIOCore
import Testing

@testable import VitalsNet

@Suite("The decoder of the Redis protocol")
struct RESPDecoderTests {
    private func decode(
        _ text: String, _ limits: RESPLimits = RESPLimits(), piece: Int? = nil
    ) throws -> (replies: [RESPValue], hasTooMuch: Bool) {
        var decoder = RESPDecoder()
        decoder.limits = limits
        var (replies, hasTooMuch): ([RESPValue], Bool) = ([], false)
        var input = ByteBuffer()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            input.writeBytes(rest.prefix(piece ?? rest.count))
            rest = rest.dropFirst(piece ?? rest.count)
            while let reply = try decoder.next(from: &input) {
                replies.append(reply)
                hasTooMuch = decoder.hasTooMuch
            }
        }
        return (replies, hasTooMuch)
    }

    @Test(
        "reads every kind of value, however it is cut",
        arguments: [
            ("+OK\r\n", [RESPValue.text("OK")]), (":-12\r\n", [.integer(-12)]),
            ("$3\r\na\r\n\r\n", [.text("a\r\n")]),
            ("$0\r\n\r\n", [.text("")]), ("$-1\r\n*-1\r\n_\r\n", [.null, .null, .null]),
            ("#t\r\n#f\r\n,1.5\r\n(123\r\n", [.bool(true), .bool(false), .number("1.5"), .number("123")]),
            ("=7\r\ntxt:abc\r\n", [.text("abc")]),
            ("*2\r\n*1\r\n:1\r\n*0\r\n", [.array([.array([.integer(1)]), .array([])])]),
            ("%1\r\n+a\r\n~1\r\n:1\r\n", [.map([.text("a"), .array([.integer(1)])])]),
            ("%0\r\n", [.map([])]),
            ("-ERR no\r\n", [.error(RedisServerError("ERR no"))]),
            ("!5\r\nOOM x\r\n", [.error(RedisServerError("OOM x"))]),
            // What is pushed answers nothing, and an attribute is no value.
            (">2\r\n+invalidate\r\n:1\r\n+OK\r\n", [.text("OK")]),
            ("|1\r\n+ttl\r\n:9\r\n+OK\r\n", [.text("OK")]),
            ("*2\r\n|1\r\n+ttl\r\n:9\r\n:1\r\n:2\r\n", [.array([.integer(1), .integer(2)])]),
        ])
    func values(text: String, expected: [RESPValue]) throws {
        #expect(try decode(text).replies == expected)
        for piece in 1...7 { #expect(try decode(text, piece: piece).replies == expected) }
    }

    @Test(
        "refuses what breaks the protocol",
        arguments: [
            "x", "?1\r\n", ":a\r\n", "$abc\r\n", "$-2\r\n", "*-2\r\n", "#x\r\n", "+no carriage return\n",
            "$99999999999999999999\r\n",
        ])
    func malformed(text: String) {
        // After a first reply it is no other server that speaks.
        #expect(throws: RESPFault.self) { try decode(text) }
        for piece in [1, 3, 100] {
            do {
                _ = try decode("+OK\r\n" + text, piece: piece)
                Issue.record("\(text) was taken")
            } catch RESPFault.malformed {
            } catch {
                Issue.record("\(text): \(error)")
            }
        }
    }

    @Test("tells another server by its first bytes")
    func foreign() {
        for text in ["SSH-2.0-x\r\n", "HTTP/1.1 400\r\n", "* OK IMAP\r\n", "220 mail\r\n"] {
            #expect(throws: RESPFault.foreign(Array(text.utf8.prefix(16)))) { try decode(text) }
        }
    }

    @Test("keeps no more than its limits allow")
    func limits() {
        let few = RESPLimits(elements: 3, bytes: 10)
        #expect(throws: RESPFault.tooLong) { try decode("*5\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n", few) }
        #expect(throws: RESPFault.tooLong) { try decode("$2000000000\r\n", few) }
        #expect(throws: RESPFault.malformed("values within values without an end")) {
            try decode(String(repeating: "*1\r\n", count: 40))
        }
        #expect(throws: RESPFault.malformed("a line without an end")) {
            try decode("+OK\r\n+" + String(repeating: "x", count: 10_000))
        }
    }

    @Test("passes over what is too much, and reads on behind it", arguments: [1, 7, 1_000])
    func passesOver(piece: Int) throws {
        let limits = RESPLimits(elements: 3, bytes: 10, passesOver: true)
        let long = "*2\r\n$20\r\n12345678901234567890\r\n$1\r\na\r\n"
        let many = "*5\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n"
        for text in [long, many] {
            let alone = try decode(text, limits, piece: piece)
            #expect(alone.replies.count == 1 && alone.hasTooMuch)
            let followed = try decode(text + "+OK\r\n", limits, piece: piece)
            #expect(followed.replies.last == .text("OK") && !followed.hasTooMuch)
        }
    }
}
