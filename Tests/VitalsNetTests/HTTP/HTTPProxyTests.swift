import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// The probe through a real proxy, and through one that does what it likes.
@Suite struct HTTPProxyTests {
    private func run(
        _ proxy: String, _ url: String, _ others: [String: Settings.Value] = [:]
    ) async throws -> ProbeResult {
        var all = others
        all["proxy"] = .text(proxy)
        return try await TestNetwork().run(http: url, all)
    }

    @Test func plainAndThroughATunnel() async throws {
        let authority = try await TestAuthority()
        let nginx = try await Nginx(
            [try await authority.issue(for: ["localhost"])], speaksHTTP2: true)
        let proxy = try await Tinyproxy()
        let address = "http://127.0.0.1:\(proxy.port)"
        let plain = try await run(address, "http://localhost:\(nginx.port)/")
        #expect(plain.fault == nil)
        #expect(plain.facts[.addresses] == .list(["127.0.0.1"]))
        let broken = try await run(address, "http://localhost:\(nginx.port)/broken")
        #expect(broken.fault?.message == "answered 503")

        let trust = ["tls": Settings.Value.object(["ca": .text(authority.certificate)])]
        let url = "https://localhost:\(nginx.securePorts[0])/"
        let secure = try await run(address, url, trust)
        #expect(secure.fault == nil)
        #expect(secure.facts[.httpVersion] == .text("2"))
        #expect(secure.facts[.certificateNames] == .list(["localhost"]))
        #expect(secure.phases.map(\.phase) == [.connect, .tls, .request, .firstByte, .body])
        // The name that is verified is the target's.
        let other = try await run(address, "https://127.0.0.1:\(nginx.securePorts[0])/", trust)
        #expect(other.fault?.cause == .tlsCertNameMismatch)
    }

    @Test func whatTheProxyRefusesIsToldApart() async throws {
        let nginx = try await Nginx([try await TestAuthority().issue(for: ["localhost"])])
        let proxy = try await Tinyproxy(login: ("ann", "pa55word"), tunnels: [nginx.securePorts[0]])
        let base = "127.0.0.1:\(proxy.port)"
        let urls = ["http://localhost:\(nginx.port)/", "https://localhost:\(nginx.securePorts[0])/"]
        let trusting = ["tls": Settings.Value.object(["verify": .text("none")])]
        for url in urls {
            #expect(try await run("http://ann:pa55word@\(base)", url, trusting).fault == nil)
            let stranger = try await run("http://\(base)", url, trusting).fault
            #expect(stranger?.cause == .authFailed)
            #expect(stranger?.code == "407")
            #expect(stranger?.phase == .authenticate)
        }
        // This proxy answers a wrong password as a server would, so that only of a tunnel it can be told.
        let wrong = try await run("http://ann:wrong-one@\(base)", urls[1], trusting).fault
        #expect(wrong?.cause == .authFailed)
        #expect(wrong?.code == "401")
        #expect(wrong?.message.contains("wrong-one") == false)
        let refused = try await run(
            "http://ann:pa55word@\(base)", "https://localhost:\(nginx.port)/", trusting)
        #expect(refused.fault?.cause == .badConfiguration)
        #expect(refused.fault?.code == "403")
        await nginx.server.stop()
        let gone = try await run("http://ann:pa55word@\(base)", urls[1], trusting)
        #expect(gone.fault?.cause == .unreachable)
        await proxy.server.stop()
        let none = try await run("http://\(base)", urls[0])
        #expect(none.fault?.cause == .refused)
    }

    @Test func theProxyIsAskedForTheWholeURL() async throws {
        let peer = try await ScriptedPeer(.reply(httpResponse()))
        let result = try await run("http://a%3A:b%40@127.0.0.1:\(peer.port)/", "http://h.example/x?y")
        #expect(result.fault == nil)
        #expect(
            peer.received
                == "GET http://h.example/x?y HTTP/1.1\r\nHost: h.example\r\nUser-Agent: vitals/test\r\n"
                + "Accept: */*\r\nConnection: close\r\nProxy-Authorization: Basic YTo6YkA=\r\n\r\n")
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\n\u{16}\u{3}\u{3}", Cause.unexpectedReply),
        ("SSH-2.0-x\r\n", .protocolMismatch),
        ("HTTP/1.1 302 Found\r\n\r\n", .unexpectedReply), ("HTTP/1.1 502 No\r\n\r\n", .unreachable),
        (String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 50), .unexpectedReply), ("", .reset),
        ("HTTP/1.1 200 OK\r\n\r\n", .tlsHandshake),
    ])
    func aTunnelThatIsNone(_ answer: String, _ cause: Cause) async throws {
        let peer = try await ScriptedPeer(.replyAndClose(answer))
        let result = try await run("http://127.0.0.1:\(peer.port)", "https://h.example/")
        #expect(result.fault?.cause == cause)
        #expect(
            peer.received
                == "CONNECT h.example:443 HTTP/1.1\r\nHost: h.example:443\r\nUser-Agent: vitals/test\r\n\r\n"
                || cause == .tlsHandshake)
    }
}
