import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite struct HTTPRedirectTests {
    @Test(arguments: [
        ("https://b/x", "https://b/x"), ("HTTP://B:80", "http://b/"), ("//b/x?y", "https://b/x?y"),
        ("/x", "https://a:8443/x"), ("x", "https://a:8443/p/x"), ("?z", "https://a:8443/p/q?z"),
        ("", "https://a:8443/p/q?r=1"), ("#f", "https://a:8443/p/q?r=1"), ("../x", "https://a:8443/x"),
        ("../../../x", "https://a:8443/x"), ("./x/./y/../z", "https://a:8443/p/x/z"),
        ("/a/..", "https://a:8443/"), ("/a/../?b=../c", "https://a:8443/?b=../c"),
        ("/grüß dich", "https://a:8443/gr%C3%BC%C3%9F%20dich"), ("/%2e", "https://a:8443/%2e"),
        ("a/b:c", "https://a:8443/p/a/b:c"), ("/x#y#z", "https://a:8443/x"),
    ])
    func aLocationIsReadFromWhereItWasFound(_ location: String, _ expected: String) throws {
        let next = try HTTPURL(parsing: "https://a:8443/p/q?r=1").following(location)
        #expect(next.origin + next.requestTarget == expected)
    }

    @Test(arguments: [
        "ftp://b/", "javascript:x", "https://u:p@b/", "https://", "//", "http://b:x/", "https:/x",
    ])
    func whatCannotBeFollowedIsRefused(_ location: String) throws {
        let url = try HTTPURL(parsing: "https://a/")
        #expect(throws: TargetError.self) { try url.following(location) }
        #expect(throws: TargetError.self) { try url.following(String(repeating: "x", count: 10_000)) }
    }

    @Test(arguments: [
        ("GET", 301, "GET", false), ("POST", 301, "GET", false), ("POST", 302, "GET", false),
        ("PUT", 302, "PUT", true), ("PUT", 303, "GET", false), ("HEAD", 303, "HEAD", false),
        ("POST", 307, "POST", true), ("DELETE", 308, "DELETE", true),
    ])
    func theNextRequestIsWhatBrowsersMakeOfIt(
        _ method: String, _ status: Int, _ next: String, _ hasBody: Bool
    ) throws {
        let url = try HTTPURL(parsing: "http://a/")
        let hop = HTTPHop(method: method, url: url, hasBody: method != "GET" && method != "HEAD")
            .following(status, to: url)
        #expect(hop == HTTPHop(method: next, url: url, hasBody: hasBody))
    }

    @Test func theyAreFollowedAndCountedOnARealServer() async throws {
        let nginx = try await Nginx(
            plain: """
                location /one { return 301 /two?x=1; }
                location /two { return 307 /; }
                location /round { return 302 /about; }
                location /about { return 302 /round; }
                location /lost { return 302 /broken; }
                """)
        let network = try TestNetwork()
        let base = "http://localhost:\(nginx.port)"
        func run(_ path: String, _ bound: Int) async throws -> ProbeResult {
            try await network.run(
                http: base + path, ["redirects": .integer(bound), "status": .texts(["200"])])
        }
        let good = try await run("/one", 2)
        #expect(good.fault == nil)
        #expect(good.facts[.redirects] == .number(2))
        #expect(good.facts[.httpStatus] == .number(200))
        #expect(good.phases.map(\.phase) == [.resolve, .connect, .request, .firstByte, .body])
        #expect(good.phases.reduce(.zero) { $0 + $1.duration } == good.latency)

        let tooMany = try await run("/one", 1)
        #expect(tooMany.fault?.cause == .httpStatus)
        #expect(tooMany.fault?.code == "307")
        #expect(
            tooMany.fault?.message
                == "after a redirect, from \(base): answered 307: more than 1 redirects, the last to \(base)/"
        )
        #expect(tooMany.trace.contains("301 leads to GET \(base)/two?x=1"))

        let circle = try await run("/round", 20)
        #expect(circle.fault?.cause == .httpStatus)
        #expect(circle.fault?.message.hasSuffix("goes round in a circle, back to \(base)/round") == true)

        let lost = try await run("/lost", 5)
        #expect(lost.fault?.message == "after a redirect, from \(base): answered 503")
        #expect(lost.fault?.phase == .firstByte)
    }

    @Test func withoutThemARedirectIsAnAnswer() async throws {
        let nginx = try await Nginx()
        let result = try await TestNetwork().run(http: "http://127.0.0.1:\(nginx.port)/moved")
        #expect(result.fault == nil)
        #expect(result.facts[.httpStatus] == .number(302))
        #expect(result.facts[.redirects] == nil)
    }

    @Test func anotherOriginLearnsNoSecret() async throws {
        let other = try await ScriptedPeer(.reply(httpResponse()))
        let first = try await ScriptedPeer(
            .reply(httpResponse(307, ["Location: http://127.0.0.1:\(other.port)/there"])))
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(first.port)/",
            [
                "redirects": .integer(1), "bearer": .text("t0ken"), "method": .text("POST"),
                "body": .text("hello"),
                "headers": .pairs([
                    "Cookie": "c00kie", "X-Api-Key": "k3y", "Host": "a.example", "Content-Type": "text/plain",
                    "Accept-Language": "de",
                ]),
            ])
        #expect(result.fault == nil)
        for secret in ["t0ken", "c00kie", "k3y", "a.example"] { #expect(first.received.contains(secret)) }
        #expect(
            other.received
                == "POST /there HTTP/1.1\r\nHost: 127.0.0.1:\(other.port)\r\nUser-Agent: vitals/test\r\n"
                + "Accept: */*\r\nConnection: close\r\nContent-Type: text/plain\r\nAccept-Language: de\r\n"
                + "Content-Length: 5\r\n\r\nhello")
    }

    @Test func fromHTTPSToHTTPOnlyIfThatIsAllowed() async throws {
        let plain = try await Nginx()
        let authority = try await TestAuthority()
        let secure = try await Nginx(
            [try await authority.issue(for: ["localhost"])],
            directives: "location /down { return 301 http://127.0.0.1:\(plain.port)/; }")
        let network = try TestNetwork()
        func run(_ isAllowed: Bool) async throws -> ProbeResult {
            try await network.run(
                http: "https://localhost:\(secure.securePorts[0])/down",
                [
                    "redirects": .integer(3), "tls": .object(["ca": .text(authority.certificate)]),
                    "insecure_redirects": .flag(isAllowed),
                ])
        }
        let refused = try await run(false)
        #expect(refused.fault?.cause == .httpStatus)
        #expect(refused.fault?.message.hasSuffix("which is not encrypted") == true)
        let followed = try await run(true)
        #expect(followed.fault == nil)
        #expect(followed.facts[.redirects] == .number(1))
    }

    @Test func aLocationThatCannotBeReadIsNoReply() async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse(302, ["Location: ftp://h/"])))
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(peer.port)/", ["redirects": .integer(3)])
        #expect(result.fault?.cause == .unexpectedReply)
        #expect(result.fault?.message.contains("must begin with http") == true)
    }

    @Test func allOfThemHaveOneDeadline() async throws {
        let silent = try await ScriptedPeer(.silence)
        let first = try await ScriptedPeer(
            .reply(httpResponse(302, ["Location: http://127.0.0.1:\(silent.port)/"])))
        let result = try await TestNetwork().run(
            http: "http://127.0.0.1:\(first.port)/", ["redirects": .integer(3)], timeout: .seconds(1))
        #expect(result.fault?.cause == .timeout)
        #expect((.milliseconds(900) ... .milliseconds(1_900)).contains(result.latency))
    }

    @Test func aRunThatIsCutShortSaysSo() async throws {
        let silent = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let cancellations = Cancellations()
        let probe = try network.http(
            Settings(http: "http://127.0.0.1:\(silent.port)/", ["redirects": .integer(3)]))
        async let result = network.run(probe, cancellations)
        try await eventually("the request is there") { silent.received.isEmpty ? nil : true }
        cancellations.cancelAll()
        #expect(await result.fault?.cause == .internal)
    }
}
