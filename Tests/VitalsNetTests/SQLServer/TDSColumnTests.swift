import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("A column of a SQL Server's answer")
struct TDSColumnTests {
    /// - Parameter bytes: the column's type, and a value of it.
    private func text(_ bytes: [UInt8]) throws -> String? {
        var buffer = ByteBuffer(bytes: bytes)
        let column = try TDSColumn(from: &buffer)
        let text = try column.read(from: &buffer)
        #expect(buffer.readableBytes == 0, "something is left")
        return text
    }

    /// Examples of [MS-TDS] 2.2.5.5, and the edges of each type.
    @Test(
        "is read as people write its values",
        arguments: [
            ([0x30, 200], "200"), ([0x34, 0xFE, 0xFF], "-2"), ([0x38, 1, 0, 0, 0x80], "-2147483647"),
            ([0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], "9223372036854775807"),
            ([0x26, 8, 0], nil), ([0x26, 8, 1, 7], "7"), ([0x32, 1], "1"), ([0x68, 1, 1, 0], "0"),
            ([0x1F], nil), ([0x3E, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F], "1.5"),
            ([0x6D, 4, 4, 0, 0, 0xC0, 0xBF], "-1.5"),
            // 922337203685477.5807 and -0.0001 of MONEY.
            ([0x3C, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF], "922337203685477.5807"),
            ([0x3C, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "-0.0001"),
            ([0x6E, 4, 4, 0x10, 0x27, 0, 0], "1.0000"),
            ([0x6A, 5, 5, 2, 5, 0, 0x39, 0x30, 0, 0], "-123.45"),
            ([0x6C, 5, 5, 3, 5, 1, 1, 0, 0, 0], "0.001"),
            (
                [0x6C, 17, 38, 0, 17, 1] + Array(repeating: 0xFF, count: 15) + [0x4B],
                "101021327679653606340689336581306187775"
            ),
            (
                [0x24, 16, 16, 0xFF, 0x19, 0x96, 0x6F, 0x86, 0x8B, 0x11, 0xD0, 0xB4, 0x2D]
                    + [0, 0xC0, 0x4F, 0xC9, 0x64, 0xFF],
                "6F9619FF-8B86-D011-B42D-00C04FC964FF"
            ),
            ([0x28, 3, 0, 0, 0], "0001-01-01"), ([0x28, 3, 0xDA, 0xB9, 0x37], "9999-12-31"),
            ([0x29, 0, 3, 0x7F, 0x51, 1], "23:59:59"), ([0x29, 7, 5, 1, 0, 0, 0, 0], "00:00:00.0000001"),
            ([0x3D, 0, 0, 0, 0, 0, 0, 0, 0], "1900-01-01 00:00:00.000"),
            ([0x3D, 0x46, 0x2E, 0xFF, 0xFF, 1, 0, 0, 0], "1753-01-01 00:00:00.003"),
            ([0x6F, 4, 4, 1, 0, 0x3C, 0], "1900-01-02 01:00:00"),
            ([0x2A, 0, 6, 1, 0, 0, 0x3A, 0xF9, 0x0A], "1970-01-01 00:00:01"),
            ([0x2B, 0, 8, 1, 0, 0, 0x3A, 0xF9, 0x0A, 0xC4, 0xFF], "1969-12-31 23:00:01 -01:00"),
            ([0xA5, 8, 0, 2, 0, 0x0A, 0xFF], "0x0AFF"),
            ([0xAF, 4, 0, 0, 0, 0, 0, 0, 2, 0, 0x41, 0xE9], "Aé"),
            ([0xE7, 8, 0, 0, 0, 0, 0, 0, 4, 0, 0x3D, 0xD8, 0, 0xDE], "😀"),
            ([0xE7, 8, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], nil), ([0xE7, 8, 0, 0, 0, 0, 0, 0, 0, 0], ""),
            // In pieces, with its length and without; NULL.
            (
                [0xE7, 0xFF, 0xFF, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]
                    + [2, 0, 0, 0, 0x41, 0, 2, 0, 0, 0, 0x42, 0, 0, 0, 0, 0], "AB"
            ),
            (
                [0xA5, 0xFF, 0xFF] + [0xFE] + Array(repeating: 0xFF, count: 7) + [1, 0, 0, 0, 9, 0, 0, 0, 0],
                "0x09"
            ),
            ([0xF1, 0] + Array(repeating: 0xFF, count: 8), nil),
            // Texts behind a pointer.
            ([0x23, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0x74, 0, 0], nil),
            (
                [0x22, 0xFF, 0, 0, 0, 0, 1] + Array(repeating: 7, count: 9) + [1, 0, 0, 0, 0x41], "0x41"
            ),
            // A value that says itself what it is.
            ([0x62, 0, 1, 0, 0, 0, 0, 0, 0], nil),
            ([0x62, 0, 1, 0, 0, 6, 0, 0, 0, 0x38, 0, 5, 0, 0, 0], "5"),
            (
                [0x62, 0, 1, 0, 0, 11, 0, 0, 0, 0xE7, 7, 0, 0, 0, 0, 0, 0, 0, 0x41, 0], "A"
            ),
            ([0x62, 0, 1, 0, 0, 9, 0, 0, 0, 0x6A, 2, 5, 1, 1, 15, 0, 0, 0], "1.5"),
        ] as [([UInt8], String?)])
    func values(bytes: [UInt8], expected: String?) throws {
        #expect(try text(bytes) == expected)
    }

    @Test("of no known type, or of values that cannot be, breaks the protocol")
    func malformed() {
        for bytes: [UInt8] in [
            [0x00], [0x26, 8, 3, 0, 0, 0], [0x6A, 17, 38, 39], [0x29, 8, 5, 0, 0, 0, 0, 0],
            [0x24, 16, 2, 0, 0],
            [0x62, 0, 1, 0, 0, 1, 0, 0, 0, 0x38],
        ] {
            #expect(throws: TDSWireError.self, "\(bytes)") { try text(bytes) }
        }
    }

    @Test("has the kind that conditions take its values for")
    func kinds() throws {
        for (bytes, kind) in [
            ([0x26, 4], VitalQuestion.Column.Kind.number), ([0x68, 1], .bool), ([0x6A, 5, 5, 2], .number),
            ([0x28], .text), ([0xE7, 8, 0, 0, 0, 0, 0, 0], .text),
        ] as [([UInt8], VitalQuestion.Column.Kind)] {
            var buffer = ByteBuffer(bytes: bytes)
            #expect(try TDSColumn(from: &buffer).kind == kind)
        }
    }
}
