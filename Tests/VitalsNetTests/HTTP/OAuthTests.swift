import NIOCore
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite struct OAuthTests {
    private static let good = #"{"access_token":"t0ken-one","token_type":"Bearer","expires_in":3600}"#

    private func settings(
        _ tokens: ScriptedPeer, _ others: [String: Settings.Value] = [:]
    ) -> [String: Settings.Value] {
        var all: [String: Settings.Value] = [
            "token_url": .text("http://127.0.0.1:\(tokens.port)/token"), "client_id": .text("a:b"),
            "client_secret": .text("s3cret/x"),
        ]
        all.merge(others) { $1 }
        return ["oauth2": .object(all)]
    }

    @Test func aTokenIsFetchedAsTheStandardSaysAndKept() async throws {
        let tokens = try await ScriptedPeer(.reply(httpResponse(body: Self.good)))
        let target = try await ScriptedPeer(.reply(httpResponse()))
        let network = try TestNetwork()
        let settings = settings(tokens, ["scopes": .texts(["a", "b c"]), "audience": .text("x&y")])
        for _ in 0..<3 {
            let result = try await network.run(http: "http://127.0.0.1:\(target.port)/", settings)
            #expect(result.fault == nil)
            #expect(result.phases.map(\.phase) == [.connect, .request, .firstByte, .body])
        }
        #expect(
            tokens.received
                == "POST /token HTTP/1.1\r\nHost: 127.0.0.1:\(tokens.port)\r\nUser-Agent: vitals/test\r\n"
                + "Accept: application/json\r\nConnection: close\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\n"
                + "Authorization: Basic YSUzQWI6czNjcmV0JTJGeA==\r\nContent-Length: 60\r\n\r\n"
                + "grant_type=client_credentials&scope=a%20b%20c&audience=x%26y")
        #expect(target.received.ranges(of: "Authorization: Bearer t0ken-one\r\n").count == 3)
    }

    @Test func theClientMaySayWhoItIsInTheBody() async throws {
        let tokens = try await ScriptedPeer(.reply(httpResponse(body: Self.good)))
        let target = try await ScriptedPeer(.reply(httpResponse()))
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(target.port)/", settings(tokens, ["client_auth": .text("body")]))
        #expect(result.fault == nil)
        #expect(
            tokens.received.hasSuffix(
                "\r\n\r\ngrant_type=client_credentials&client_id=a%3Ab&client_secret=s3cret%2Fx"))
        #expect(!tokens.received.contains("Authorization"))
    }

    @Test func whoeverWaitsSharesOneFetch() async throws {
        let tokens = try await ScriptedPeer(.reply(httpResponse(body: Self.good)))
        let target = try await ScriptedPeer(.reply(httpResponse()))
        let network = try TestNetwork()
        let probe = try network.http(
            Settings(http: "http://127.0.0.1:\(target.port)/", settings(tokens)))
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { await network.run(probe) } }
            for await result in group { #expect(result.fault == nil) }
        }
        #expect(tokens.connections == 1)
        #expect(target.connections == 20)
    }

    @Test func whatEndsAtOnceIsFetchedEachTime() async throws {
        let body = #"{"access_token":"t0ken","expires_in":"0"}"#
        let tokens = try await ScriptedPeer(.reply(httpResponse(body: body)))
        let target = try await ScriptedPeer(.reply(httpResponse()))
        let network = try TestNetwork()
        for _ in 0..<3 {
            let result = try await network.run(http: "http://127.0.0.1:\(target.port)/", settings(tokens))
            #expect(result.fault == nil)
        }
        #expect(tokens.connections == 3)
    }

    @Test func aKeptTokenThatIsRefusedIsReplacedOnce() async throws {
        let tokens = try await ScriptedPeer(.reply(httpResponse(body: Self.good)))
        let target = try await ScriptedPeer(.reply(httpResponse(401)))
        let network = try TestNetwork()
        func run() async throws -> ProbeResult {
            try await network.run(http: "http://127.0.0.1:\(target.port)/", settings(tokens))
        }
        let first = try await run()
        #expect(first.fault?.cause == .httpStatus)
        #expect(first.fault?.code == "401")
        #expect((tokens.connections, target.connections) == (1, 1))
        let second = try await run()
        #expect(second.fault?.code == "401")
        #expect(second.trace.contains("asking for a new one"))
        #expect((tokens.connections, target.connections) == (2, 3))
    }

    @Test(arguments: [
        (
            httpResponse(401, body: #"{"error":"invalid_client s3cret/x"}"#), Cause.authFailed,
            "answered 401: invalid_client •••"
        ),
        (httpResponse(400, body: "not JSON"), .authFailed, "answered 400"),
        (httpResponse(503), .httpStatus, "answered 503"), (httpResponse(404), .httpStatus, "answered 404"),
        (httpResponse(302, ["Location: /"]), .httpStatus, "answered 302"),
        (httpResponse(body: "{}"), .unexpectedReply, "the answer holds no token to be used"),
        (
            httpResponse(body: #"{"access_token":"a\r\nX: y"}"#), .unexpectedReply,
            "the answer holds no token to be used"
        ),
        (
            httpResponse(body: #"{"access_token":"a","token_type":"mac"}"#), .unexpectedReply,
            "the answer holds no token to be used"
        ),
        (
            httpResponse(body: String(repeating: "[", count: 60_000)), .unexpectedReply,
            "the answer holds no token to be used"
        ),
        (
            "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 70_000), .unexpectedReply,
            "the answer holds no token to be used"
        ),
        ("SSH-2.0-x\r\n", .protocolMismatch, "does not speak HTTP but SSH"),
    ])
    func withoutATokenItIsToldWhy(_ answer: String, _ cause: Cause, _ message: String) async throws {
        let tokens = try await ScriptedPeer(.replyAndClose(answer))
        let target = try await ScriptedPeer(.reply(httpResponse()))
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(target.port)/", settings(tokens))
        #expect(result.fault?.cause == cause)
        #expect(result.fault?.phase == .authenticate)
        #expect(result.fault?.message == "no token from http://127.0.0.1:\(tokens.port): \(message)")
        #expect(result.phases.map(\.phase) == [.authenticate])
        #expect(target.connections == 0)
    }

    @Test func whereNobodyAnswersTheCauseIsTheSockets() async throws {
        let port = try freePort()
        let network = try TestNetwork()
        let nobody: [String: Settings.Value] = [
            "oauth2": .object([
                "token_url": .text("http://127.0.0.1:\(port)/"), "client_id": .text("a"),
                "client_secret": .text("b"),
            ])
        ]
        let refused = try await network.run(http: "http://127.0.0.1:1/", nobody)
        #expect(refused.fault?.cause == .refused)
        #expect(refused.fault?.phase == .authenticate)
        let silent = try await ScriptedPeer(.silence)
        let late = try await network.run(
            http: "http://127.0.0.1:1/", settings(silent), timeout: .milliseconds(500))
        #expect(late.fault?.cause == .timeout)
        #expect(late.fault?.phase == .authenticate)
    }

    @Test func aRunThatIsCutShortWhileItWaitsSaysSo() async throws {
        let silent = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let probe = try network.http(Settings(http: "http://127.0.0.1:1/", settings(silent)))
        let cancellations = Cancellations()
        async let result = network.run(probe, cancellations)
        try await eventually(that: "the token is asked for") { !silent.received.isEmpty }
        cancellations.cancelAll()
        #expect(await result.fault?.cause == .internal)
    }

    @Test(arguments: [
        ("3600", Duration.seconds(3_600)), ("\"60\"", .seconds(60)), ("1e300", .seconds(86_400)),
        ("-5", .zero), ("null", .seconds(300)), ("0.5", .milliseconds(500)),
    ])
    func theLifeOfATokenIsBounded(_ written: String, _ life: Duration) {
        let head = HTTPResponseHead(status: 200, framing: .untilClose)
        let body = ByteBuffer(string: #"{"access_token":"a","expires_in":"# + written + "}")
        let answer = OAuthAnswer(HTTPResponse(head: head, body: body, isCut: false))
        #expect(answer == .token(Secret("a"), lifetime: life))
    }
}
