import NIOCore
import Testing

@testable import VitalsNet

@Suite struct DNSMessageTests {
    private let question = DNSQuestion(name: "a.example", kind: .a)

    private static let header: [UInt8] = [0, 7, 0x81, 0x80, 0, 1]
    private static let asked: [UInt8] =
        [1] + Array("a".utf8) + [7] + Array("example".utf8) + [0, 0, 1, 0, 1]

    private func answer(_ counts: [UInt8], _ records: [UInt8]) -> DNSAnswer? {
        DNSAnswer(ByteBuffer(bytes: Self.header + counts + Self.asked + records), to: question, id: 7)
    }

    private func address(_ text: String) throws -> SocketAddress {
        try SocketAddress(ipAddress: text, port: 0)
    }

    @Test func aQuestionIsWrittenAsTheStandardSays() {
        let expected: [UInt8] = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + Self.asked
        #expect(Array(question.encoded(id: 7).readableBytesView) == expected)
    }

    @Test func aliasesAreFollowedAndTheShortestTimeCounts() throws {
        let alias: [UInt8] = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, UInt8(ascii: "b"), 0xC0, 14]
        let target: [UInt8] = [1, UInt8(ascii: "b"), 0xC0, 14, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 2]
        #expect(
            answer([0, 2, 0, 0, 0, 0], alias + target) == .addresses([try address("10.0.0.2")], ttl: 9))
    }

    @Test func anAddressOfTheOtherKindIsNone() {
        let record: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 16] + Array(repeating: 1, count: 16)
        #expect(answer([0, 1, 0, 0, 0, 0], record) == .noAddress(ttl: 0))
    }

    @Test func anAliasOfItselfEnds() {
        let alias: [UInt8] = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 2, 0xC0, 12]
        #expect(answer([0, 1, 0, 0, 0, 0], alias) == .noAddress(ttl: 0))
    }

    @Test func theAuthoritySaysHowLongNothingIsNothing() {
        let authority: [UInt8] = [0, 0, 6, 0, 1, 0, 0, 1, 0, 0, 6, 0, 0, 0, 0, 0, 20]
        #expect(answer([0, 0, 0, 1, 0, 0], authority) == .noAddress(ttl: 20))
    }

    @Test(
        "what is not well-formed gives no addresses and never a crash",
        arguments: [
            [0xC0, 0xFF], [0xC0, 29], [0xC0], [63, 1], [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 200, 1],
            [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 3, 1, 2, 3], [0x80, 1, 2], [],
        ] as [[UInt8]])
    func malformed(_ records: [UInt8]) {
        #expect(answer([0, 1, 0, 0, 0, 0], records) == .noAddress(ttl: 0))
    }

    @Test func everyPrefixAndEveryChangedByteIsSurvived() {
        let alias: [UInt8] = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, UInt8(ascii: "b"), 0xC0, 14]
        let whole = Self.header + [0, 2, 0, 0, 0, 0] + Self.asked + alias + alias
        for length in 0...whole.count {
            _ = DNSAnswer(ByteBuffer(bytes: whole.prefix(length)), to: question, id: 7)
        }
        for index in whole.indices {
            for value in [UInt8(0), 1, 0x3F, 0x40, 0xC0, 0xFF] {
                var changed = whole
                changed[index] = value
                _ = DNSAnswer(ByteBuffer(bytes: changed), to: question, id: 7)
            }
        }
    }

    @Test(
        "a record is written as in a zone file",
        arguments: [
            (DNSKind.a, [10, 0, 0, 1], "10.0.0.1"),
            (.aaaa, [0x20, 1] + Array(repeating: 0, count: 13) + [1], "2001::1"),
            (.ns, [0xC0, 12], "a.example"), (.ptr, [0], "."), (.cname, [1, 66, 0xC0, 14], "b.example"),
            (.ptr, [3, 46, 92, 7, 0], "\\.\\\\\\007"), (.mx, [0, 10, 0xC0, 14], "10 example"),
            (.txt, [2, 97, 98, 1, 99], "abc"), (.txt, [2, 0xFF, 9], "\\255\\009"), (.txt, [0], ""),
            (.srv, [0, 1, 0, 2, 1, 0, 0], "1 2 256 ."),
            (.caa, [128, 5] + Array("ISSUEx.example".utf8), "128 issue \"x.example\""),
            (
                .soa, [0, 0xC0, 14] + [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 1, 0],
                ". example 1 2 3 4 256"
            ),
        ] as [(DNSKind, [UInt8], String)])
    func text(_ kind: DNSKind, _ content: [UInt8], _ expected: String) throws {
        let question = DNSQuestion(name: "a.example", kind: kind)
        let whole = message(kind, content)
        let reply = try #require(DNSReply(ByteBuffer(bytes: whole), to: question, id: 7))
        let record = try #require(reply.found(for: question)?.records.first)
        #expect(reply.text(of: record) == expected)
        #expect(reply.isWhole)
        for length in 0..<whole.count {
            let cut = DNSReply(ByteBuffer(bytes: whole.prefix(length)), to: question, id: 7)
            #expect(cut?.isWhole != true)
        }
        for index in whole.indices {
            for value in [UInt8(0), 1, 0x3F, 0x40, 0xC0, 0xFF] {
                var changed = whole
                changed[index] = value
                let reply = DNSReply(ByteBuffer(bytes: changed), to: question, id: 7)
                for record in reply?.answers ?? [] { _ = reply?.text(of: record) }
            }
        }
    }

    /// A reply of one record whose owner is the name asked for.
    private func message(_ kind: DNSKind, _ content: [UInt8]) -> [UInt8] {
        let number = [UInt8(kind.rawValue >> 8), UInt8(kind.rawValue & 255)]
        let question: [UInt8] = Array(Self.asked.dropLast(4)) + number + [0, 1]
        return Self.header + [0, 1, 0, 0, 0, 0] + question + [0xC0, 12] + number
            + [0, 1, 0, 0, 0, 60, 0, UInt8(content.count)] + content
    }

    @Test func aNameOfManyJumpsEnds() {
        // Each pointer leads to the one before it.
        let chain = (0..<1_000).flatMap { index -> [UInt8] in
            let target = index == 0 ? 12 : 27 + 2 * (index - 1)
            return [0xC0 | UInt8(target >> 8), UInt8(target & 255)]
        }
        #expect(answer([0xFF, 0xFF, 0, 0, 0, 0], chain) == .noAddress(ttl: 0))
    }

    @Test func aTruncatedReplyWithoutAddressesIsNoProofThatThereAreNone() {
        let bytes: [UInt8] = [0, 7, 0x83, 0x80, 0, 1, 0, 0, 0, 0, 0, 0] + Self.asked
        #expect(DNSAnswer(ByteBuffer(bytes: bytes), to: question, id: 7) == .truncated([], ttl: 0))
    }
}
