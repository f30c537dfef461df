import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// HTTP/2 against a real server.
@Suite struct HTTP2Tests {
    private func nginx(_ directives: String = "", speaksHTTP2: Bool = true) async throws -> Nginx {
        let identity = try await TestAuthority().issue(for: ["localhost"])
        return try await Nginx([identity], directives: directives, speaksHTTP2: speaksHTTP2)
    }

    private func run(
        _ nginx: Nginx, _ path: String, _ others: [String: Settings.Value] = [:]
    ) async throws -> ProbeResult {
        var all = others
        all["tls"] = .object(["verify": .text("none")])
        return try await TestNetwork().run(http: "https://localhost:\(nginx.securePorts[0])\(path)", all)
    }

    @Test func itIsSpokenWhereItIsOffered() async throws {
        let nginx = try await nginx("location /which { return 200 $server_protocol; }")
        let result = try await run(nginx, "/which")
        #expect(result.fault == nil)
        #expect(result.facts[.httpVersion] == .text("2"))
        #expect(result.facts[.httpStatus] == .number(200))
        #expect(
            result.phases.map(\.phase) == [.resolve, .connect, .tls, .request, .firstByte, .body])
        let never = try await run(nginx, "/which", ["http2": .text("never")])
        #expect(never.fault == nil)
        #expect(never.facts[.httpVersion] == .text("1.1"))
        #expect(try await run(nginx, "/which", ["http2": .text("required")]).fault == nil)
    }

    @Test func whereItIsRequiredAndNotOfferedItIsAFault() async throws {
        let nginx = try await nginx(speaksHTTP2: false)
        #expect(try await run(nginx, "/").facts[.httpVersion] == .text("1.1"))
        let result = try await run(nginx, "/", ["http2": .text("required")])
        #expect(result.fault?.cause == .protocolMismatch)
        #expect(result.fault?.message == "does not offer HTTP/2, which the settings require")
    }

    @Test func statusesMethodsAndHeadersArriveAsTheyWereMeant() async throws {
        let nginx = try await nginx(
            """
            location /echo { return 299 "$request_method|$http_x_one|$host|$http_authorization"; }
            location /down { return 503 "no"; }
            location /moved { return 302 /; }
            location /empty { return 204; }
            """)
        let down = try await run(nginx, "/down")
        #expect(down.fault?.cause == .httpStatus)
        #expect(down.fault?.code == "503")
        #expect(try await run(nginx, "/empty").fault == nil)
        #expect(try await run(nginx, "/", ["method": .text("HEAD")]).fault == nil)
        let moved = try await run(nginx, "/moved", ["redirects": .integer(2)])
        #expect(moved.fault == nil)
        #expect(moved.facts[.redirects] == .number(1))
        #expect(moved.facts[.httpStatus] == .number(200))

        let network = try TestNetwork()
        let url = try HTTPURL(parsing: "https://localhost:\(nginx.securePorts[0])/echo")
        let route = HTTPRoute(
            method: "PUT", url: url,
            headers: [HTTPHeader("X-One", "1"), HTTPHeader("Host", "b"), HTTPHeader("Authorization", "x")],
            body: "text", userAgent: "test", tls: TLSSettings(.require), proxy: nil, version: .required,
            demand: .whole(bodyLimit: 1_000), secrets: [])
        let body: String? = await withCheckedContinuation { continuation in
            network.loops.eventLoops[0].execute {
                _ = ProbeConnection.start(
                    route.target, route.exchange, timeout: .seconds(30), on: network.loops.current,
                    verdict: { _, exchange in
                        let response = (exchange as? any HTTPExchange)?.response
                        continuation.resume(returning: response.map { String(buffer: $0.body) })
                    })
            }
        }
        #expect(body == "PUT|1|b|x")
    }

    @Test func aBodyBeyondTheServersWindowWaitsForRoom() async throws {
        let directory = try TemporaryDirectory("vitals-dav")
        let nginx = try await nginx(
            """
            location /put {
                root \(directory.path); dav_methods PUT; client_body_temp_path \(directory.path);
            }
            """)
        let result = try await run(
            nginx, "/put",
            ["method": .text("PUT"), "body": .text(String(repeating: "x", count: 65_536))])
        #expect(result.fault == nil)
        #expect(result.facts[.httpStatus] == .number(201))
        #expect(directory.read("put").utf8.count == 65_536)
    }

    @Test func ofAGigabyteOnlyTheFirstMegabyteIsRead() async throws {
        let directory = try TemporaryDirectory("vitals-big")
        try await VitalsTesting.run(["truncate", "-s", "1G", "big"], in: directory)
        let nginx = try await nginx("location /big { root \(directory.path); gzip on; gzip_types *; }")
        for _ in 0..<3 { #expect(try await run(nginx, "/big").fault == nil) }
        // A gigabyte of nothing is a bomb when it is compressed.
        #expect(try await run(nginx, "/big", ["decompress": .flag(true)]).fault == nil)
    }
}

/// HTTP/2 against servers that no real one is.
@Suite struct HTTP2HostilityTests {
    private static func bytes(_ frames: [HTTP2Frame]) -> ByteBuffer {
        var bytes = ByteBuffer()
        for frame in frames { frame.write(to: &bytes) }
        return bytes
    }

    private static let settings = HTTP2Frame(.settings)
    /// `:status: 200`, from the table that everybody has.
    private static let good = HTTP2Frame(
        .headers, flags: HTTP2Frame.endHeaders, stream: 1, ByteBuffer(bytes: [0x88]))

    private static func head(_ block: [UInt8], flags: UInt8 = HTTP2Frame.endHeaders) -> HTTP2Frame {
        HTTP2Frame(.headers, flags: flags, stream: 1, ByteBuffer(bytes: block))
    }

    private static func data(_ text: String, flags: UInt8 = 0, stream: UInt32 = 1) -> HTTP2Frame {
        HTTP2Frame(.data, flags: flags, stream: stream, ByteBuffer(string: text))
    }

    private static func pairs(_ numbers: [UInt32]) -> ByteBuffer {
        var bytes = ByteBuffer()
        for number in numbers { bytes.writeInteger(number) }
        return bytes
    }

    private static func field(_ name: String, _ value: String) -> [UInt8] {
        [0x10, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }

    private func verdict(
        _ bytes: ByteBuffer, _ demand: HTTPDemand = .good(bodyLimit: 1_000), ends: Bool = true
    ) throws -> ProbeStep? {
        let url = try HTTPURL(parsing: "https://h/")
        var dialogue = HTTP2Dialogue(HTTPRequest("GET", url, userAgent: "test"), demand)
        var steps = dialogue.opened()
        var input = bytes
        steps += dialogue.received(&input)
        func isVerdict(_ step: ProbeStep) -> Bool {
            switch step {
            case .pass, .fail: true
            default: false
            }
        }
        if ends, !steps.contains(where: isVerdict) { steps += dialogue.ended() }
        return steps.first(where: isVerdict)
    }

    @Test(
        "what breaks the protocol is told",
        arguments: [
            ([HTTP2Frame(.ping, ByteBuffer(repeating: 0, count: 8))], "does not speak HTTP/2"),
            ([settings, data("x", flags: 1)], "belongs to nothing"),
            ([settings, good, data("x", stream: 3)], "belongs to nothing"),
            ([settings, HTTP2Frame(.continuation, flags: 4, stream: 1)], "without its start"),
            ([settings, head([0x88], flags: 0), data("x")], "broke off a head"),
            ([settings, head([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])], "compression"),
            ([settings, head([0xBE])], "compression"),
            ([settings, head(field("x", "y"))], "without a status"),
            ([settings, head(field(":status", "2x0"))], "not well-formed"),
            ([settings, head([0x88, 0x88])], "not well-formed"),
            ([settings, head([0x88] + field("content-length", "x"))], "not well-formed"),
            (
                [
                    settings,
                    head([0x88] + field("content-length", "1") + field("content-length", "2")),
                ], "more than one"
            ),
            ([settings, head([0x88] + field("content-length", "1")), data("xy")], "longer body"),
            ([settings, head([0x88] + field("content-length", "3")), data("xy", flags: 1)], "would have 3"),
            ([settings, head([0x88] + field("content-length", "3"), flags: 5)], "would have 3"),
            ([settings, good, good], "in the middle of a body"),
            ([settings, head(field(":status", "101"))], "nobody asked for"),
            ([settings] + Array(repeating: head(field(":status", "103")), count: 20), "nobody asked for"),
            ([settings, HTTP2Frame(.pushPromise, stream: 1)], "pushed"),
            ([settings, HTTP2Frame(.windowUpdate, pairs([0]))], "window"),
            ([settings, HTTP2Frame(.windowUpdate, pairs([0x7FFF_FFFF]))], "window"),
            ([settings, HTTP2Frame(.windowUpdate, stream: 1, pairs([1, 2]))], "window"),
            ([HTTP2Frame(.settings, ByteBuffer(bytes: [1]))], "settings"),
            ([HTTP2Frame(.settings, ByteBuffer(bytes: [0, 4, 0xFF, 0, 0, 0]))], "settings"),
            ([settings, HTTP2Frame(.ping, pairs([1]))], "ping"),
            ([settings, HTTP2Frame(.headers, flags: 8, stream: 1, ByteBuffer(bytes: [9, 0x88]))], "a head"),
            ([settings, good, HTTP2Frame(.data, flags: 8, stream: 1, ByteBuffer(bytes: [9]))], "nothing"),
            ([settings, HTTP2Frame(.goAway, pairs([1]))], "farewell"),
            ([settings, good, data("xy")], "after 2 bytes of a longer body"),
            ([settings] + Array(repeating: settings, count: 1_001), "frames that say nothing"),
            (
                [settings] + Array(repeating: HTTP2Frame(.ping, pairs([1, 2])), count: 1_001),
                "frames that say nothing"
            ),
            (
                [settings, head([], flags: 0)]
                    + Array(repeating: HTTP2Frame(.continuation, stream: 1), count: 1_001),
                "frames that say nothing"
            ),
            ([settings, good] + Array(repeating: data(""), count: 1_001), "frames that say nothing"),
        ] as [([HTTP2Frame], String)])
    func broken(_ frames: [HTTP2Frame], _ why: String) throws {
        guard case .fail(let cause, _, let message, _)? = try verdict(Self.bytes(frames)) else {
            Issue.record("no fault")
            return
        }
        #expect(message.contains(why))
        #expect(cause == .unexpectedReply)
    }

    @Test(arguments: [
        (HTTP2Frame(.reset, stream: 1, pairs([7])), Cause.reset, "gave up the request (REFUSED_STREAM)"),
        (HTTP2Frame(.reset, stream: 1, pairs([13])), .protocolMismatch, "set http2: never"),
        (HTTP2Frame(.goAway, pairs([0, 0])), .reset, "gave up the request (NO_ERROR)"),
        (HTTP2Frame(.goAway, pairs([1, 11])), .reset, "gave up the request (ENHANCE_YOUR_CALM)"),
        (HTTP2Frame(.goAway, pairs([1, 99])), .reset, "gave up the request (error 99)"),
    ])
    func aServerThatGivesUpSaysWhy(_ frame: HTTP2Frame, _ cause: Cause, _ why: String) throws {
        let step = try verdict(Self.bytes([Self.settings, frame]))
        guard case .fail(cause, _, let message, _)? = step else {
            Issue.record("\(String(describing: step))")
            return
        }
        #expect(message.contains(why))
    }

    @Test(
        "what is unusual and right passes",
        arguments: [
            [settings, HTTP2Frame(.goAway, pairs([1, 0])), good, data("x", flags: 1)],
            [settings, head([0x88], flags: 5)],
            [settings, head(field(":status", "103")), good, data("x"), data("", flags: 1)],
            [settings, good, data("x"), head(field("trailer", "1"), flags: 5)],
            [
                settings, head([], flags: 0),
                HTTP2Frame(.continuation, flags: 4, stream: 1, ByteBuffer(bytes: [0x88])),
                data("x", flags: 1),
            ],
            [
                settings,
                HTTP2Frame(
                    .headers, flags: 8 | 32 | 4 | 1, stream: 1,
                    ByteBuffer(bytes: [1, 0, 0, 0, 0, 7, 0x88, 0])),
            ],
            [
                settings, HTTP2Frame(.priority, stream: 3, ByteBuffer(repeating: 0, count: 5)), good,
                data("x", flags: 1),
            ],
            [settings, good, data(String(repeating: "x", count: 2_000))],
        ])
    func unusual(_ frames: [HTTP2Frame]) throws {
        guard case .pass? = try verdict(Self.bytes(frames)) else {
            Issue.record("no pass")
            return
        }
    }

    @Test func headersThatUnfoldBeyondMeasureAreRefused() throws {
        // One long value put into the table, then named again and again: a byte for each kilobyte.
        let long =
            [UInt8(0x40), 1, UInt8(ascii: "x"), 127, 0x81, 0x1E] + [UInt8](repeating: 65, count: 4_000)
        let block = [0x88] + long + [UInt8](repeating: 0xBE, count: 1_000)
        let step = try verdict(Self.bytes([Self.settings, Self.head(block)]))
        guard case .fail(.unexpectedReply, _, let message, _)? = step else {
            Issue.record("\(String(describing: step))")
            return
        }
        #expect(message.contains("too many"))
    }

    @Test func whatIsNoFrameIsToldAtOnce() throws {
        for text in ["HTTP/1.1 400 Bad Request\r\n", "\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}\u{1}"] {
            guard case .fail(.unexpectedReply, _, _, _)? = try verdict(ByteBuffer(string: text), ends: false)
            else {
                Issue.record("no fault")
                return
            }
        }
    }
}
