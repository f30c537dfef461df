import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

/// What may be written of a check over HTTP, and what becomes of it on the wire.
@Suite struct HTTPSettingsTests {
    private func sent(_ others: [String: Settings.Value]) async throws -> String {
        let peer = try await ScriptedPeer(.reply(httpResponse()))
        let result = try await TestNetwork().run(http: "http://127.0.0.1:\(peer.port)/a?b=c", others)
        #expect(result.fault == nil)
        return peer.received.replacing("127.0.0.1:\(peer.port)", with: "HOST")
    }

    private static let usual = "Host: HOST\r\nUser-Agent: vitals/test\r\nAccept: */*\r\nConnection: close\r\n"

    @Test func methodHeadersAndBodyGoOverTheWireAsWritten() async throws {
        let headers = Settings.Value.pairs(["Content-Type": "text/plain", "X-Twice": "1", "x-twice": " ä\t"])
        let sent = try await sent(["method": .text("PUT"), "headers": headers, "body": .text("grüß\n")])
        #expect(
            sent == "PUT /a?b=c HTTP/1.1\r\n\(Self.usual)"
                + "Content-Type: text/plain\r\nX-Twice: 1\r\nx-twice: ä\r\nContent-Length: 7\r\n\r\ngrüß\n")
    }

    @Test func whatIsUsualCanBeReplaced() async throws {
        let sent = try await sent([
            "headers": .pairs(["host": "other.example", "User-Agent": "me", "accept": "text/html"])
        ])
        #expect(
            sent == "GET /a?b=c HTTP/1.1\r\nHost: other.example\r\nUser-Agent: me\r\nAccept: text/html\r\n"
                + "Connection: close\r\n\r\n")
    }

    @Test(arguments: [
        (
            "basic", Settings.Value.object(["username": .text("ann"), "password": .text("a:b")]),
            "Basic YW5uOmE6Yg=="
        ),
        ("bearer", .text("t0ken"), "Bearer t0ken"),
    ])
    func whoAsksIsSaidInTheHead(_ field: String, _ value: Settings.Value, _ expected: String) async throws {
        #expect(
            try await sent([field: value])
                == "GET /a?b=c HTTP/1.1\r\n\(Self.usual)Authorization: \(expected)\r\n\r\n")
    }

    @Test func aHeadHasNoBodyWhateverItSays() async throws {
        let peer = try await ScriptedPeer(.reply("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"))
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(peer.port)/", ["method": .text("HEAD")], timeout: .seconds(5))
        #expect(result.fault == nil)
        #expect(peer.received.hasPrefix("HEAD / HTTP/1.1\r\n"))
    }

    @Test(arguments: [
        (["204"], 204, true), (["204"], 200, false), (["2xx"], 299, true), (["2XX"], 300, false),
        (["200-299", "404"], 404, true), (["200-299", "404"], 403, false), (["any"], 599, true),
        (["500"], 500, true),
    ])
    func theStatusesThatAreGoodAreWritten(_ rule: [String], _ status: Int, _ isGood: Bool) async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse(status)))
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(peer.port)/", ["status": .texts(rule)])
        #expect(result.fault?.cause == (isGood ? nil : .httpStatus))
    }

    @Test(arguments: ["", "20", "2x", "6xx", "0xx", "abc", "299-200", "99", "600", "200-", "-200", "1-2-3"])
    func whatIsNoStatusIsRefused(_ text: String) {
        let error = #expect(throws: TargetError.self) { try HTTPStatusRule([text]) }
        #expect(error?.field == "status")
    }

    @Test func ofTheBodyNoMoreIsWaitedForThanWritten() async throws {
        let peer = try await ScriptedPeer(.reply("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n0123456789"))
        let network = try TestNetwork()
        let url = "http://127.0.0.1:\(peer.port)/"
        for (limit, isEnough) in [(0, true), (10, true), (11, false)] {
            let result = try await network.run(
                http: url, ["max_body_bytes": .integer(limit)], timeout: .seconds(1))
            #expect(result.fault?.cause == (isEnough ? nil : .timeout))
        }
    }

    private static let oauth2 = Settings.Value.object([
        "token_url": .text("https://h/t"), "client_id": .text("a"), "client_secret": .text("pa55word"),
    ])
    private static let basic = Settings.Value.object(["username": .text("a"), "password": .text("pa55word")])

    @Test(
        arguments: [
            (["body": .text("x")], "body", "needs a method"),
            (["headers": .pairs(["A b": "pa55word"])], "headers", "no name"),
            (["headers": .pairs(["": "pa55word"])], "headers", "no name"),
            (["headers": .pairs(["X": "pa55word\r\nY: 1"])], "headers", "a line's end"),
            (["headers": .pairs(["content-length": "5"])], "headers", "not to be set"),
            (["headers": .pairs(["Transfer-Encoding": "chunked"])], "headers", "not to be set"),
            (["basic": basic, "bearer": .text("pa55word")], "bearer", "only one"),
            (["basic": basic, "oauth2": oauth2], "oauth2", "only one"),
            (["bearer": .text("pa55word"), "headers": .pairs(["authorization": "x"])], "bearer", "already"),
            (["bearer": .text("pa55 word")], "bearer", "spaces"),
            (
                ["basic": .object(["username": .text("a:b"), "password": .text("pa55word")])], "basic",
                "a colon"
            ),
            (["http2": .text("required")], "http2", "https"),
            (["insecure_redirects": .flag(true)], "insecure_redirects", "set redirects"),
            (["tls": .object(["key": .text("pa55word")])], "tls", "no certificate"),
            (["tls": .object(["verify": .text("none"), "ca": .text("/x")])], "tls", "does not matter"),
            (["proxy": .text("https://u:pa55word@h:1")], "proxy", "begin with http://"),
            (["proxy": .text("socks5://u:pa55word@h:1")], "proxy", "SOCKS"),
            (["proxy": .text("http://u:pa55word@h:1/x")], "proxy", "has a path"),
            (["proxy": .text("http://u:pa55word@h:x")], "proxy", "port"),
            (["proxy": .text("http://u:pa55word%zz@h:1")], "proxy", "percent-encoded"),
            (["status": .texts(["2xx", "nonsense"])], "status", "“nonsense” is no status"),
            (["status": .texts([])], "status", "no status would be good"),
        ] as [([String: Settings.Value], String, String)])
    func whatCannotBeIsRefusedWithItsFieldAndWithoutASecret(
        _ others: [String: Settings.Value], _ field: String, _ why: String
    ) throws {
        let network = try TestNetwork()
        let error = #expect(throws: TargetError.self) {
            try network.http(Settings(http: "http://h/", others))
        }
        #expect(error?.field == field)
        #expect(error?.message.contains(why) == true)
        #expect(error?.message.contains("pa55") == false)
    }

    @Test func whatTheServerSaysBackHidesOurSecrets() async throws {
        let body = "you sent k3y-in-header Basic YW5uOmE6Yg== and a:b and v4riable"
        let peer = try await ScriptedPeer(.reply(httpResponse(500, body: body)))
        let variable = TargetText("x=v4riable", variables: [2..<10])
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(peer.port)/",
            [
                "headers": .pairs(["X-Api-Key": "k3y-in-header"]), "method": .text("POST"),
                "basic": .object(["username": .text("ann"), "password": .text("a:b")]),
                "body": .text(variable),
            ])
        #expect(result.trace.contains("the body begins: you sent ••• Basic ••• and ••• and •••"))
    }

    @Test func eachSettingThatChangesWhatIsAskedMakesAnotherTarget() throws {
        let network = try TestNetwork()
        let all: [[String: Settings.Value]] = [
            [:], ["method": .text("HEAD")], ["headers": .pairs(["a": "b"])],
            ["method": .text("POST"), "body": .text("x")], ["method": .text("POST"), "body": .text("y")],
            ["basic": Self.basic], ["bearer": .text("a")], ["bearer": .text("b")], ["oauth2": Self.oauth2],
            ["proxy": .text("http://h:1")], ["proxy": .text("http://a:b@h:1")], ["redirects": .integer(1)],
            ["redirects": .integer(1), "insecure_redirects": .flag(true)], ["http2": .text("never")],
            ["decompress": .flag(true)], ["family": .text("ip6")],
            ["tls": .object(["verify": .text("none")])],
            ["tls": .object(["certificate": .text("/a")])],
            ["tls": .object(["certificate": .text("/a"), "key": .text("/b")])],
            ["tls": .object(["server_name": .text("b")])], ["tls": .object(["ca": .text("b")])],
        ]
        let identities = try all.map { try network.http(Settings(http: "http://h/", $0)).identity }
        #expect(Set(identities).count == all.count)
        let judged = try network.http(
            Settings(http: "http://h/", ["status": .texts(["any"]), "max_body_bytes": .integer(5)]))
        #expect(judged.identity == identities[0])
    }

    @Test func onlyAddressesOfTheFamilyAreUsed() async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse()))
        let network = try TestNetwork()
        for (family, cause) in [("ip4", nil), ("any", nil), ("ip6", Cause.badConfiguration)] {
            let result = try await network.run(
                http: "http://127.0.0.1:\(peer.port)/", ["family": .text(family)])
            #expect(result.fault?.cause == cause)
        }
    }

    @Test func whatGoesUnencryptedIsWarnedOf() throws {
        let network = try TestNetwork()
        func warnings(_ url: String, _ others: [String: Settings.Value]) throws -> [String] {
            try network.http(Settings(http: url, others)).warnings
        }
        #expect(
            try warnings("http://h/", ["basic": Self.basic]) == ["the password goes to http://h unencrypted"])
        #expect(
            try warnings("http://h/", ["oauth2": Self.oauth2]) == ["the token goes to http://h unencrypted"])
        #expect(try warnings("https://h/", ["basic": Self.basic]).isEmpty)
        #expect(try warnings("http://127.0.0.1/", ["bearer": .text("x")]).isEmpty)
    }
}
