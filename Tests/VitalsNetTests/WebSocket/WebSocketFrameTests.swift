import NIOCore
import Testing

@testable import VitalsNet

@Suite("What a WebSocket server sends")
struct WebSocketFrameTests {
    /// What is told of these bytes, one after the other.
    private func told(_ bytes: [UInt8], limit: Int = 1_024, byByte: Bool = false) -> [String] {
        var reader = WebSocketReader(limit: limit)
        var told: [String] = []
        var input = ByteBuffer()
        let pieces = byByte ? bytes.map { [$0] } : [bytes]
        for piece in pieces {
            input.writeBytes(piece)
            while let event = reader.read(&input) {
                told.append(Self.words(event))
                if case .malformed = event { return told }
                if case .close = event { return told }
            }
        }
        return told
    }

    private static func words(_ event: WebSocketReader.Event) -> String {
        switch event {
        case .message(let message):
            (message.isText ? "text " : "binary ") + String(decoding: message.bytes, as: UTF8.self)
        case .ping(let payload): "ping " + String(decoding: payload, as: UTF8.self)
        case .pong(let payload): "pong " + String(decoding: payload, as: UTF8.self)
        case .close(let close): "close " + close.shown
        case .malformed(let complaint): "\(complaint.closeCode) \(complaint.message)"
        }
    }

    @Test(
        "is put together of frames, however it is cut",
        arguments: [
            // RFC 6455, 5.7.
            ([0x81, 5, 0x48, 0x65, 0x6C, 0x6C, 0x6F], ["text Hello"]),
            ([0x01, 3, 0x48, 0x65, 0x6C, 0x80, 2, 0x6C, 0x6F], ["text Hello"]),
            ([0x89, 5, 0x48, 0x65, 0x6C, 0x6C, 0x6F], ["ping Hello"]),
            ([0x8A, 2, 0x48, 0x69], ["pong Hi"]),
            // A ping between the pieces of a message, and a message of nothing.
            ([0x02, 1, 0x61, 0x89, 0, 0x00, 0, 0x80, 1, 0x62], ["ping ", "binary ab"]),
            ([0x81, 0], ["text "]),
            // One character over two frames.
            ([0x01, 1, 0xC3, 0x80, 1, 0xA9], ["text é"]),
            (
                [0x81, 126, 0, 126] + [UInt8](repeating: 0x78, count: 126),
                ["text " + String(repeating: "x", count: 126)]
            ),
            ([0x88, 0], ["close no code"]), ([0x88, 2, 0x03, 0xE8], ["close 1000"]),
            ([0x88, 5, 0x0F, 0xA0, 0x62, 0x79, 0x65], ["close 4000 (“bye”)"]),
        ] as [([UInt8], [String])])
    func whole(bytes: [UInt8], expected: [String]) {
        #expect(told(bytes) == expected)
        #expect(told(bytes, byByte: true) == expected)
    }

    @Test(
        "breaks the protocol, and is told how",
        arguments: [
            ([0xC1, 0], "1002 sent a frame with reserved bits, of an extension that was not agreed on"),
            ([0x83, 0], "1002 sent a frame of the unknown kind 3"),
            ([0x8F, 0], "1002 sent a frame of the unknown kind 15"),
            ([0x81, 0x80, 1, 2, 3, 4], "1002 masked a frame, which only a client does"),
            ([0x09, 0], "1002 sent a control frame in pieces"),
            ([0x89, 126, 0, 126], "1002 sent a control frame of more than 125 bytes"),
            ([0x80, 0], "1002 went on with a message that it had not begun"),
            ([0x01, 1, 0x61, 0x81, 1, 0x62], "1002 began a message within another"),
            ([0x81, 126, 0, 5], "1002 wrote a length longer than it needs to be"),
            ([0x81, 127, 0, 0, 0, 0, 0, 0, 255, 255], "1002 wrote a length longer than it needs to be"),
            ([0x82, 126, 4, 1], "1009 sent a message of more than 1024 bytes"),
            (
                [0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255],
                "1009 sent a message of more than 1024 bytes"
            ),
            ([0x81, 1, 0xFF], "1007 sent a text that is not UTF-8"),
            ([0x88, 1, 3], "1002 closed with half a code"),
            ([0x88, 2, 0x03, 0xED], "1002 closed with 1005, which is no code"),
            ([0x88, 2, 0, 0], "1002 closed with 0, which is no code"),
            ([0x88, 3, 0x03, 0xE8, 0xC0], "1007 gave a reason that is not UTF-8"),
        ] as [([UInt8], String)])
    func broken(bytes: [UInt8], expected: String) {
        #expect(told(bytes) == [expected])
        #expect(told(bytes, byByte: true) == [expected])
    }

    @Test("has limits: of a message in pieces, and of how many frames there are")
    func limits() {
        let piece: [UInt8] = [0x02, 126, 2, 88] + [UInt8](repeating: 0, count: 600)
        let rest: [UInt8] = [0x80, 126, 1, 169] + [UInt8](repeating: 0, count: 425)
        #expect(told(piece + rest) == ["1009 sent a message of more than 1024 bytes"])
        let fits: [UInt8] = [0x80, 126, 1, 168] + [UInt8](repeating: 0, count: 424)
        #expect(told(piece + fits).count == 1)
        let endless = [UInt8]([0x01, 0]) + (0..<10_000).flatMap { _ in [0x00, 0] as [UInt8] }
        #expect(told(endless) == ["1008 sent more than 10000 frames"])
    }

    @Test("is answered by frames that are masked", arguments: [0, 1, 125, 126, 65_535, 65_536, 200_000])
    func masked(count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        var frame = WebSocketFrame.masked(.binary, payload, mask: 0x37FA_213D)
        let head = frame.readBytes(length: 2) ?? []
        try #require(head.count == 2 && head[0] == 0x82)
        let short = head[1]
        #expect(short & 0x80 != 0)
        let length: Int? =
            switch short & 0x7F {
            case 126: frame.readInteger(as: UInt16.self).map { Int($0) }
            case 127: frame.readInteger(as: UInt64.self).map { Int($0) }
            default: Int(short & 0x7F)
            }
        #expect(length == count)
        let key = frame.readBytes(length: 4)
        #expect(key == [0x37, 0xFA, 0x21, 0x3D])
        let sent = frame.readBytes(length: count) ?? []
        #expect(zip(sent, 0...).map { $0 ^ (key ?? [0])[$1 % 4] } == payload)
        #expect(frame.readableBytes == 0)
    }
}
