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

    @Test func aTruncatedReplyWithoutAddressesIsNoProofThatThereAreNone() {
        let bytes: [UInt8] = [0, 7, 0x83, 0x80, 0, 1, 0, 0, 0, 0, 0, 0] + Self.asked
        #expect(DNSAnswer(ByteBuffer(bytes: bytes), to: question, id: 7) == .truncated([], ttl: 0))
    }
}
