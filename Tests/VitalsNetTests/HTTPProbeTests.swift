import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite struct HTTPProbeTests {
    private func result(
        of script: ScriptedPeer.Script, timeout: Duration = .seconds(30)
    ) async throws -> ProbeResult {
        let peer = try await ScriptedPeer(script)
        let network = try TestNetwork()
        return await network.run(try network.http("http://127.0.0.1:\(peer.port)/"), timeout: timeout)
    }

    @Test func asksAsHTTPWantsItAndTellsWhatItWas() async throws {
        let peer = try await ScriptedPeer(.reply("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
        let network = try TestNetwork()
        let result = await network.run(try network.http("http://127.0.0.1:\(peer.port)/health?deep=1#part"))
        #expect(result.fault == nil)
        #expect(result.phases.map(\.phase) == [.connect, .request, .firstByte, .body])
        #expect(result.facts[.httpStatus] == .number(200))
        #expect(
            peer.received
                == "GET /health?deep=1 HTTP/1.1\r\nHost: 127.0.0.1:\(peer.port)\r\n"
                + "User-Agent: vitals/test\r\nAccept: */*\r\nConnection: close\r\n\r\n")
    }

    @Test(
        "a status of 2xx or 3xx passes, any other fails with it",
        arguments: [
            (200, true), (204, true), (299, true), (301, true), (304, true), (400, false), (404, false),
            (500, false), (503, false),
        ])
    func status(_ status: Int, _ isGood: Bool) async throws {
        let result = try await result(of: .reply("HTTP/1.1 \(status) Whatever\r\nContent-Length: 0\r\n\r\n"))
        #expect(result.facts[.httpStatus] == .number(status))
        guard !isGood else { return #expect(result.fault == nil) }
        #expect(result.fault?.cause == .httpStatus)
        #expect(result.fault?.code == "\(status)")
        #expect(result.fault?.message == "answered \(status)")
    }

    @Test(
        "whatever ends a body in order passes",
        arguments: [
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\nok\r\n0\r\nTrailer: 1\r\n\r\n",
            "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok and more", "HTTP/1.0 200 OK\n\nok",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ])
    func passes(_ response: String) async throws {
        #expect(try await result(of: .replyAndClose(response)).fault == nil)
    }

    @Test(
        "what is not HTTP, or not whole, is told by its cause",
        arguments: [
            ("lorem ipsum\r\n", Cause.unexpectedReply), ("SSH-2.0-OpenSSH_9.2\r\n", .protocolMismatch),
            ("220 mail ESMTP\r\n", .protocolMismatch), ("-ERR unknown command\r\n", .protocolMismatch),
            ("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{46}", .protocolMismatch),
            ("HTTP/1.1 OK\r\n\r\n", .unexpectedReply),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", .unexpectedReply),
            ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .unexpectedReply),
            ("HTTP/1.1 200 OK\r\nContent-Length : 1\r\n\r\n", .unexpectedReply),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .unexpectedReply),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", .unexpectedReply),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", .unexpectedReply),
            ("HTTP/1.1 101 Switching Protocols\r\n\r\n", .unexpectedReply), ("HTTP/1.1 20", .reset),
            ("", .reset),
        ])
    func fails(_ response: String, _ cause: Cause) async throws {
        #expect(try await result(of: .replyAndClose(response)).fault?.cause == cause)
    }

    @Test func theTraceOfABadStatusHoldsTheStartOfItsBody() async throws {
        let body = "overloaded:\r\npool exhausted " + String(repeating: "x", count: 5_000)
        let result = try await result(of: .reply("HTTP/1.1 503 No\r\nContent-Length: 5025\r\n\r\n\(body)"))
        #expect(result.fault?.phase == .firstByte)
        #expect(result.trace.contains("the body begins: overloaded:  pool exhausted xxx"))
        #expect(result.trace.utf8.count <= 2_048)
    }

    @Test func aConnectionClosedAtOnceIsReset() async throws {
        let result = try await result(of: .closeAtOnce)
        #expect(result.fault?.cause == .reset)
    }

    @Test func ofAGigabyteOnlyTheFirstMegabyteIsRead() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"
        let result = try await result(of: .flood(head, "x"))
        #expect(result.fault == nil)
    }

    @Test func aHeadWithoutEndIsNotReadForEver() async throws {
        let head = "HTTP/1.1 200 OK\r\n"
        let result = try await result(of: .flood(head, "X-Filler: x\r\n"))
        #expect(result.fault?.cause == .unexpectedReply)
        #expect(result.fault?.message == "sent a head of more than 65536 bytes")
    }

    @Test func garbageWithoutEndEndsAtOnce() async throws {
        let result = try await result(of: .flood("x", "\u{1}"))
        #expect(result.fault?.cause == .unexpectedReply)
    }

    @Test func silenceIsATimeoutInFirstByte() async throws {
        let result = try await result(of: .silence, timeout: .seconds(1))
        #expect(result.fault?.cause == .timeout)
        #expect(result.fault?.phase == .firstByte)
        #expect(result.phases.map(\.phase) == [.connect, .request, .firstByte])
    }

    @Test func aHeadByteByByteIsATimeoutInFirstByte() async throws {
        let result = try await result(
            of: .trickle("", String(repeating: "HTTP/1.1 200 OK\r\n", count: 100)),
            timeout: .seconds(2))
        #expect(result.fault?.cause == .timeout)
        #expect(result.fault?.phase == .firstByte)
    }

    @Test func aBodyByteByByteIsATimeoutInBody() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        let result = try await result(
            of: .trickle(head, String(repeating: "x", count: 1_000)), timeout: .seconds(2))
        #expect(result.fault?.cause == .timeout)
        #expect(result.fault?.phase == .body)
    }

    @Test(arguments: [
        ("http://user:pa55word@h/", "not supported"), ("ftp://h/", "begin with http"),
        ("http:/h", "begin with http"),
        ("http://", "no host"), ("http://h:99999/", "1 to 65535"), ("http://münchen.example/", "xn--"),
        ("http://h/a b", "space"), ("http://h/\r\nX: 1", "space"), ("http://[::1/", "no ]"),
        ("http://ha_ha!/", "no name"), ("http://h../", "no name"), ("", "begin with http"),
    ])
    func aURLThatCannotBeReadSaysWhyWithoutASecret(_ text: String, _ why: String) throws {
        let network = try TestNetwork()
        let error = #expect(throws: TargetError.self) { try network.http(text) }
        #expect(error?.message.contains(why) == true)
        #expect(error?.message.contains("pa55word") == false)
    }

    @Test func whatAPersonSeesOfAURLHoldsNoSecret() throws {
        let network = try TestNetwork()
        let probe = try network.http("HTTPS://Orders.Example.com/x?a=1&api_token=abcdef&b=2#frag")
        #expect(probe.address == "https://orders.example.com/x?a=1&api_token=•••&b=2")
        #expect(probe.endpoint == "orders.example.com:443")
        #expect(probe.identity.contains("abcdef"))
    }

    @Test(
        "what variables put into path and query is shown nowhere",
        arguments: [
            ("http://h/a/", "k3y/x", "/b", "http://h/a/•••/b"),
            ("http://h/?id=", "k3y", "&b=1", "http://h/?id=•••&b=1"),
            ("", "http://h/hook/k3y", "", "http://h/•••"), ("http://h?x", "k3y", "#k3y", "http://h/?x•••"),
            ("http://", "h:81", "/a", "http://h:81/a"),
            ("http://h/a?token=", "k3y", "z", "http://h/a?token=•••"),
        ])
    func variables(before: String, value: String, after: String, expected: String) throws {
        let start = before.utf8.count
        let target = TargetText(before + value + after, variables: [start..<start + value.utf8.count])
        let network = try TestNetwork()
        let probe = try network.http(target)
        #expect(probe.address == expected)
    }

    @Test func aSecretOfTheURLIsHiddenAsItWasMeantToo() throws {
        let url = try HTTPURL(parsing: "http://h/?token=ab%2Fcd&key=ef")
        #expect(url.secrets.map(\.revealed) == ["ab%2Fcd", "ab/cd"])
        #expect(url.redacted == "http://h/?token=•••&key=•••")
    }

    @Test(arguments: [
        ("http://h", "h:80", "/", "h"), ("http://h:80?x", "h:80", "/?x", "h"),
        ("https://h:444/a", "h:444", "/a", "h:444"),
        ("http://[::1]:8080/", "[::1]:8080", "/", "[::1]:8080"), ("https://[::1]", "[::1]:443", "/", "[::1]"),
    ])
    func aURLIsTakenApart(_ text: String, _ endpoint: String, _ target: String, _ authority: String) throws {
        let url = try HTTPURL(parsing: text)
        #expect("\(url.endpoint)" == endpoint)
        #expect(url.requestTarget == target)
        #expect(url.authority == authority)
    }

    @Test func aResponseIsReadTheSameHoweverItIsCut() throws {
        let text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: x\r\n"
            + "TRANSFER-ENCODING: gzip, chunked\r\n"
            + "Retry-After: 5 \r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n"
        for size in 1...text.utf8.count {
            var reader = HTTPResponseReader(.good(bodyLimit: 1_000))
            var input = ByteBuffer()
            var progress = HTTPResponseReader.Progress.more
            var rest = ByteBuffer(string: text)
            while progress == .more, let piece = rest.readSlice(length: min(size, max(1, rest.readableBytes)))
            {
                input.writeImmutableBuffer(piece)
                progress = reader.read(&input)
                if case .head = progress { progress = reader.read(&input) }
            }
            #expect(progress == .complete)
            #expect(reader.bodyBytes == 13)
            #expect(reader.head == HTTPResponseHead(status: 200, framing: .chunked, retryAfter: "5"))
        }
    }

    @Test(
        "what answers in the place of a server is known however it is cut",
        arguments: [
            Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), Array("-DENIED Redis\r\n".utf8), Array("hello\r\n".utf8),
            Array("SSL?".utf8), [0x15, 3, 3, 0, 2], [0x4A, 0, 0, 0, 10, 0x31],
            [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3],
        ])
    func foreign(bytes: [UInt8]) {
        var whole = ByteBuffer(bytes: bytes)
        let expected = HTTPResponseHead.read(from: &whole)
        guard case .malformed(let cause, _) = expected else {
            Issue.record("\(expected) for \(bytes)")
            return
        }
        var input = ByteBuffer()
        var reading = HTTPResponseHead.Reading.more
        for byte in bytes where reading == .more {
            input.writeInteger(byte)
            reading = HTTPResponseHead.read(from: &input)
        }
        guard case .malformed(cause, _) = reading else {
            Issue.record("\(reading) instead of \(cause)")
            return
        }
    }

    @Test func everyChangedByteOfAResponseIsSurvived() {
        let whole = Array(
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                .utf8)
        for index in whole.indices {
            for value in stride(from: UInt8(0), to: 255, by: 17) {
                var changed = whole
                changed[index] = value
                var input = ByteBuffer(bytes: changed)
                var reader = HTTPResponseReader(.good(bodyLimit: 1_000))
                while case .head = reader.read(&input) {}
                #expect(reader.bodyBytes <= whole.count)
            }
        }
    }
}
