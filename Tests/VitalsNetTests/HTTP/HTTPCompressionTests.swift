import FoundationEssentials
import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite struct HTTPCompressionTests {
    private static let text = String(repeating: "all of this is said twice, ", count: 4_000)

    /// What the `gzip` program makes of a text.
    private func gzip(_ text: String) async throws -> [UInt8] {
        let directory = try TemporaryDirectory("vitals-gzip")
        try directory.write("a", text)
        try await run(["gzip", "-9", "a"], in: directory)
        return Array(try Data(contentsOf: URL(filePath: directory.file("a.gz"))))
    }

    /// What there is of a body in pieces of a size, and the complaint about it.
    private func body(
        _ bytes: [UInt8], _ coding: HTTPCoding, limit: Int = 1 << 20, pieces size: Int = .max
    ) throws -> (text: String, complaint: String?) {
        let demand = HTTPDemand(statuses: nil, bodyLimit: limit, keeps: .body, decodes: true)
        let head = HTTPResponseHead(status: 200, framing: .untilClose, coding: coding)
        var body = try #require(try HTTPBody(demand, head))
        var rest = ByteBuffer(bytes: bytes)
        while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
            switch body.take(piece.readableBytesView) {
            case .more: continue
            case .enough: return (String(buffer: body.kept), nil)
            case .malformed(let message): return (String(buffer: body.kept), message)
            }
        }
        return (String(buffer: body.kept), body.complaintAtEnd)
    }

    @Test(arguments: [1, 2, 7, 100, .max])
    func whatIsCompressedComesOutWhole(_ size: Int) async throws {
        let packed = try await gzip(Self.text)
        let (text, complaint) = try body(packed, .gzip, pieces: size)
        #expect(text == Self.text)
        #expect(complaint == nil)
        // Behind its own head and before its own checksum a gzip is deflate without a frame.
        let raw = try body(Array(packed[12...].dropLast(8)), .deflate, pieces: size)
        #expect(raw.text == Self.text)
        #expect(raw.complaint == nil)
        let twice = try body(packed + packed, .gzip, pieces: size)
        #expect(twice.text == Self.text + Self.text)
        #expect(twice.complaint == nil)
        // Stored as it is, with the sum of Adler-32 behind it.
        let zlib: [UInt8] = [0x78, 1, 1, 2, 0, 0xFD, 0xFF, 0x6F, 0x6B, 0x01, 0x4B, 0x00, 0xDB]
        let framed = try body(zlib, .deflate, pieces: size)
        #expect(framed.text == "ok")
        #expect(framed.complaint == nil)
    }

    @Test func whatIsNotWholeOrNotRightIsToldApart() async throws {
        let packed = try await gzip(Self.text)
        for length in [1, 5, 20, packed.count - 8, packed.count - 1] {
            #expect(
                try body(Array(packed.prefix(length)), .gzip).complaint
                    == "ended the gzip body before it was whole")
        }
        for index in [0, 1, 2, packed.count - 1, packed.count - 8] {
            var changed = packed
            changed[index] ^= 0xFF
            #expect(try body(changed, .gzip).complaint == "sent a gzip body that is not well-formed")
        }
        #expect(try body([7, 7, 7], .deflate).complaint == "sent a deflate body that is not well-formed")
        #expect(try body([], .gzip).complaint == nil)
        #expect(try body(packed + Array("junk".utf8), .gzip).complaint == nil)
    }

    @Test func ofABombNoMoreIsMadeThanWasWanted() async throws {
        let bomb = try await gzip(String(repeating: "\0", count: 50_000_000))
        #expect(bomb.count < 100_000)
        let (text, complaint) = try body(bomb, .gzip, limit: 10_000)
        #expect(text.utf8.count == 10_000)
        #expect(complaint == nil)
    }

    @Test func itIsAskedForAndCheckedOnARealServer() async throws {
        let directory = try TemporaryDirectory("vitals-gzip-www")
        try directory.write("page", Self.text)
        try directory.write("lie", "not compressed at all")
        let nginx = try await Nginx(
            plain: """
                gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;
                location /page { root \(directory.path); default_type text/plain; }
                location /lie { root \(directory.path); gzip off; add_header Content-Encoding gzip; }
                location /other { return 200 "x"; gzip off; add_header Content-Encoding br; }
                """)
        let network = try TestNetwork()
        func run(_ path: String, decodes: Bool = true) async throws -> ProbeResult {
            try await network.run(
                http: "http://127.0.0.1:\(nginx.port)\(path)",
                ["decompress": .flag(decodes), "max_body_bytes": .integer(200_000)])
        }
        #expect(try await run("/page").fault == nil)
        #expect(try await run("/lie").fault?.message == "sent a gzip body that is not well-formed")
        #expect(try await run("/lie").fault?.cause == .unexpectedReply)
        #expect(
            try await run("/other").fault?.message == "encoded the body as br, which nobody asked for")
        #expect(try await run("/lie", decodes: false).fault == nil)
        // What came is what there was, and it was compressed on the way.
        let client = HTTPClient(loops: network.loops)
        let url = try HTTPURL(parsing: "http://127.0.0.1:\(nginx.port)/page")
        let request = HTTPRequest(
            "GET", url, userAgent: "test", headers: [(name: "Accept-Encoding", value: "gzip")])
        let demand = HTTPDemand(
            statuses: nil, bodyLimit: 1 << 20, keeps: [.headers, .body], decodes: true)
        let response = try await client.exchange(request, demand, timeout: .seconds(30), secrets: []).get()
        #expect(String(buffer: response.body) == Self.text)
        #expect(response.head.coding == .gzip)
        #expect(response.head.headers.contains(HTTPHeader("Content-Encoding", "gzip")))
        #expect(!response.isCut)
    }
}
