import NIOCore
import Testing

@testable import VitalsNet

@Suite("What a MySQL server sends")
struct MySQLDecoderTests {
    private func decoded(_ bytes: [UInt8], stage: MySQLPacketDecoder.Stage = .greeting) -> String {
        var decoder = MySQLPacketDecoder()
        decoder.stage = stage
        var input = ByteBuffer(bytes: bytes)
        do {
            guard let packet = try decoder.next(from: &input) else { return "more" }
            return "\(packet.readableBytes) bytes"
        } catch {
            switch error {
            case .foreign: return "foreign"
            case .malformed: return "malformed"
            case .tooLong: return "too long"
            }
        }
    }

    @Test("is cut into packets, of lengths that are believed")
    func packets() {
        let greeting = MySQLBytes.greeting()
        #expect(decoded(greeting) == "\(greeting.count - 4) bytes")
        for count in 0..<greeting.count { #expect(decoded(Array(greeting.prefix(count))) == "more") }
        #expect(decoded([0, 0, 0, 0]) == "foreign")
        #expect(decoded([1, 8, 0, 0]) == "foreign")
        #expect(decoded([0, 8, 0, 0]) == "more")
        #expect(decoded([0, 8, 0, 0, 9]) == "foreign")
        #expect(decoded([0, 8, 0, 1, 10]) == "foreign")
        // 2 GB, 16 MB, or more than is asked for.
        #expect(decoded([0xFF, 0xFF, 0xFF, 0], stage: .session) == "foreign")
        #expect(decoded([1, 0, 1, 0], stage: .session) == "foreign")
        #expect(decoded([0, 0, 1, 0], stage: .session) == "more")
        #expect(decoded([1, 0x40, 0, 0], stage: .login) == "foreign")
        #expect(decoded([0, 0x40, 0, 0], stage: .login) == "more")
    }

    @Test("is counted through 255 and on from 0")
    func numbers() throws {
        var decoder = MySQLPacketDecoder()
        var input = ByteBuffer()
        for number in 0..<600 { input.writeBytes(MySQLBytes.packet(UInt8(number % 256), [10, 1])) }
        for _ in 0..<600 { #expect(try decoder.next(from: &input)?.readableBytes == 2) }
        #expect(decoder.takeNumber() == 88)
        decoder.beginCommand()
        #expect(decoder.takeNumber() == 1)
    }

    @Test(
        "has integers of four lengths",
        arguments: [
            ([0xFA], 250), ([0xFC, 0xFB, 0], 251), ([0xFC, 1, 2], 513), ([0xFD, 1, 2, 3], 197_121),
            ([0xFE, 1, 0, 0, 0, 0, 0, 0, 0x80], 0x8000_0000_0000_0001), ([0xFB], nil), ([0xFF], nil),
            ([], nil),
            ([0xFC, 1], nil), ([0xFD, 1, 2], nil), ([0xFE, 1], nil),
        ] as [([UInt8], UInt64?)])
    func integers(bytes: [UInt8], value: UInt64?) {
        var input = ByteBuffer(bytes: bytes)
        #expect(input.readLengthEncodedInteger() == value)
    }

    @Test("never has a text that is longer than what is there")
    func texts() {
        var input = ByteBuffer(bytes: [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 65])
        #expect(input.readLengthEncodedBytes() == nil)
        var short = ByteBuffer(bytes: [3, 65, 66])
        #expect(short.readLengthEncodedText() == nil)
    }

    private func answer(_ bytes: [UInt8], limits: MySQLLimits = MySQLLimits()) throws -> MySQLAnswer? {
        var decoder = MySQLPacketDecoder()
        decoder.stage = .session
        decoder.beginCommand()
        var reader = MySQLResultReader(limits: limits)
        var input = ByteBuffer(bytes: bytes)
        while let packet = try decoder.next(from: &input) {
            if let answer = try reader.read(packet) { return answer }
        }
        return nil
    }

    @Test("is rows with names, of texts and NULL")
    func rows() throws {
        let bytes = MySQLBytes.rows(["a", "é"], [["1", nil], ["", "x y"]])
        guard case .rows(let rows) = try answer(bytes) else {
            Issue.record("no rows")
            return
        }
        #expect(rows.columns == ["a", "é"])
        #expect(rows.values == [["1", nil], ["", "x y"]])
        #expect(rows.first("a") == "1")
        #expect(rows.first("é") == nil)
        #expect(rows.first("b") == nil)
        #expect(try answer(MySQLBytes.ok(1)) == .done(changedRows: 0))
        #expect(try answer(Array(bytes.dropLast(9))) == nil)
    }

    @Test("is kept within limits")
    func limits() {
        let many = MySQLBytes.rows(["a"], Array(repeating: ["1"], count: 3))
        #expect(throws: MySQLResultError.tooLong) { try answer(many, limits: MySQLLimits(rows: 2)) }
        #expect(throws: MySQLResultError.tooLong) { try answer(many, limits: MySQLLimits(bytes: 20)) }
    }

    @Test("is passed over beyond limits, where that is asked for")
    func passedOver() throws {
        func kept(_ values: [[String?]], _ limits: MySQLLimits) throws -> (count: Int, hasTooMuch: Bool) {
            var reader = MySQLResultReader(limits: limits)
            var decoder = MySQLPacketDecoder()
            decoder.stage = .session
            decoder.beginCommand()
            var input = ByteBuffer(bytes: MySQLBytes.rows(["a"], values))
            while let packet = try decoder.next(from: &input) { _ = try reader.read(packet) }
            return (reader.rows.count, reader.hasTooMuch)
        }
        let rows = Array(repeating: ["123456789"], count: 9)
        #expect(try kept(rows, MySQLLimits(rows: 4, passesOver: true)) == (4, false))
        #expect(try kept(rows, MySQLLimits(rows: 9, bytes: 90, passesOver: true)) == (9, false))
        #expect(try kept(rows, MySQLLimits(rows: 9, bytes: 89, passesOver: true)) == (8, true))
    }

    @Test("is too long only of an answer to a check's author, and else no packet")
    func longRow() throws {
        var decoder = MySQLPacketDecoder()
        var input = ByteBuffer(bytes: MySQLBytes.packet(0, [10, 0]) + [1, 0, 1, 1])
        _ = try decoder.next(from: &input)
        decoder.stage = .session
        #expect(throws: MySQLWireError.malformed("a length of 65537 bytes")) {
            try decoder.next(from: &input)
        }
        decoder.isOfAuthor = true
        #expect(throws: MySQLWireError.tooLong) { try decoder.next(from: &input) }
    }

    @Test("is a type for each column, of which bits are a number")
    func types() throws {
        let kinds: [(UInt8, VitalQuestion.Column.Kind)] = [
            (0x01, .number), (0x05, .number), (0x08, .number), (0x0D, .number), (0x10, .number),
            (0xF6, .number), (0x06, .text), (0x07, .text), (0x0A, .text), (0x0C, .text), (0xF5, .text),
            (0xFC, .text), (0xFD, .text), (0xFE, .text),
        ]
        for (type, kind) in kinds { #expect(MySQLColumnType.kind(of: type) == kind, "\(type)") }
        #expect(MySQLColumnType.number(ofBits: [1, 1]) == "257")
        #expect(MySQLColumnType.number(ofBits: []) == "0")
        let most = [UInt8](repeating: 0xFF, count: 9)
        #expect(MySQLColumnType.number(ofBits: most) == "18446744073709551615")
        guard case .rows(let rows) = try answer(MySQLBytes.rows(["a", "b"], [])) else { return }
        #expect(rows.types == [0xFD, 0xFD])
    }

    @Test(
        "is refused where it is no answer",
        arguments: [
            [0xFB, 1, 2], [1, 1], [0xFC, 0, 2], [0xFC, 0, 0], [0], [0xFF, 1],
        ] as [[UInt8]])
    func malformed(payload: [UInt8]) {
        #expect(throws: MySQLResultError.malformed) { try answer(MySQLBytes.packet(1, payload)) }
    }

    @Test("is refused where a row is no row, or a column no column")
    func malformedRows() {
        let rows = MySQLBytes.rows(["a"], [["1"]])
        // The last but one packet is the row: one byte of length, one of text.
        var longer = rows
        longer[rows.count - 9 - 2] = 9
        #expect(throws: MySQLResultError.malformed) { try answer(longer) }
        #expect(throws: MySQLResultError.malformed) {
            try answer(MySQLBytes.packet(1, [1]) + MySQLBytes.packet(2, [3, 1]))
        }
        let column = MySQLBytes.packet(2, ["", "", "", "", "a"].flatMap(MySQLBytes.lengthEncoded))
        #expect(throws: MySQLResultError.malformed) {
            try answer(MySQLBytes.packet(1, [1]) + column + MySQLBytes.packet(3, [1, 2]))
        }
    }

    @Test("is an error with or without its state")
    func errors() {
        let known = MySQLServerError(
            ByteBuffer(bytes: MySQLBytes.error(0, 1045, "no", state: "28000").dropFirst(4)))
        #expect(known == MySQLServerError(number: 1045, state: "28000", message: "no"))
        let early = MySQLServerError(
            ByteBuffer(bytes: MySQLBytes.error(0, 1040, "no", state: "").dropFirst(4)))
        #expect(early == MySQLServerError(number: 1040, message: "no"))
        let odd = MySQLServerError(
            ByteBuffer(bytes: MySQLBytes.error(0, 1, "no", state: "a\nb!?").dropFirst(4)))
        #expect(odd?.state == "")
        #expect(MySQLServerError(ByteBuffer(bytes: [0xFF, 1])) == nil)
    }

    @Test("is no greeting if anything is missing")
    func shortGreeting() throws {
        let greeting = Array(MySQLBytes.greeting().dropFirst(4))
        let whole = try #require(MySQLGreeting(ByteBuffer(bytes: greeting)))
        #expect(whole.challenge == MySQLBytes.challenge)
        #expect(whole.plugin == "caching_sha2_password")
        let needed = greeting.count - MySQLBytes.text("caching_sha2_password").count - 1
        for count in 0..<needed { #expect(MySQLGreeting(ByteBuffer(bytes: greeting.prefix(count))) == nil) }
        #expect(MySQLGreeting(ByteBuffer(bytes: greeting.prefix(needed)))?.plugin == "")
    }
}
