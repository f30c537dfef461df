import NIOCore
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

/// The probe against a real server, over TLS with every kind of certificate.
@Suite struct NginxTests {
    private func days(_ result: ProbeResult) -> Int? {
        guard case .number(let days)? = result.facts[.certificateDaysLeft] else { return nil }
        return days
    }

    @Test func aRealServerPasses() async throws {
        let nginx = try await Nginx()
        let network = try TestNetwork()
        let good = await network.run(try network.http("http://127.0.0.1:\(nginx.port)/"))
        #expect(good.fault == nil)
        let moved = await network.run(try network.http("http://localhost:\(nginx.port)/moved"))
        #expect(moved.fault == nil)
        #expect(moved.facts[.httpStatus] == .number(302))
        let broken = await network.run(try network.http("http://127.0.0.1:\(nginx.port)/broken"))
        #expect(broken.fault?.cause == .httpStatus)
        #expect(broken.fault?.message == "answered 503")
        await nginx.server.stop()
        let gone = await network.run(try network.http("http://127.0.0.1:\(nginx.port)/"))
        #expect(gone.fault?.message == "connection refused by 127.0.0.1:\(nginx.port)")
    }

    @Test func aGoodCertificatePassesWithItsFacts() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(
            for: ["localhost", "127.0.0.1"], subject: "/O=Example, Inc/CN=localhost")
        let nginx = try await Nginx([identity], directives: "ssl_protocols TLSv1.3;")
        let network = try TestNetwork()
        let tls = TLSSettings(.verifyFull, authorities: authority.certificate)
        for host in ["localhost", "127.0.0.1"] {
            let probe = try network.http("https://\(host):\(nginx.securePorts[0])/", tls: tls)
            let result = await network.run(probe)
            #expect(result.fault == nil)
            #expect(result.phases.map(\.phase).contains(.tls))
            #expect(result.facts[.tlsProtocol] == .text("TLSv1.3"))
            #expect(result.facts[.tlsCipher] == .text("TLS_AES_128_GCM_SHA256"))
            #expect(result.facts[.certificateSubject] == .text("CN=localhost,O=Example\\, Inc"))
            #expect(result.facts[.certificateNames] == .list(["localhost", "127.0.0.1"]))
            #expect(days(result) == 19 || days(result) == 20)
        }
    }

    @Test func anOlderProtocolIsToldAsWhatItIs() async throws {
        let authority = try await TestAuthority()
        let identity = try await authority.issue(for: ["localhost"])
        let nginx = try await Nginx(
            [identity], directives: "ssl_protocols TLSv1.2; ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;")
        let network = try TestNetwork()
        let tls = TLSSettings(.verifyFull, authorities: authority.certificate)
        let result = await network.run(
            try network.http("https://localhost:\(nginx.securePorts[0])/", tls: tls))
        #expect(result.fault == nil)
        #expect(result.facts[.tlsProtocol] == .text("TLSv1.2"))
        #expect(result.facts[.tlsCipher] == .text("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
    }

    @Test func whatIsWrongWithACertificateIsToldApart() async throws {
        let authority = try await TestAuthority()
        let expired = try await authority.issue(
            for: ["localhost"], validity: ("20200101000000Z", "20200201000000Z"))
        let early = try await authority.issue(
            for: ["localhost"], validity: ("20990101000000Z", "20990201000000Z"))
        let other = try await authority.issue(for: ["db9.example.com", "10.9.9.9"])
        let stranger = try await TestAuthority().issue(for: ["localhost"])
        let nginx = try await Nginx([expired, early, other, stranger])
        let network = try TestNetwork()
        let causes: [Cause] = [.tlsCertExpired, .tlsCertExpired, .tlsCertNameMismatch, .tlsCertUntrusted]
        for (port, cause) in zip(nginx.securePorts, causes) {
            let url = "https://localhost:\(port)/"
            let strict = TLSSettings(.verifyFull, authorities: authority.certificate)
            let result = await network.run(try network.http(url, tls: strict))
            #expect(result.fault?.cause == cause)
            #expect(result.fault?.phase == .tls)
            #expect(result.facts[.certificateNames] != nil)
            #expect(((days(result) ?? 0) < 0) == (port == nginx.securePorts[0]))
            // Without verification each of them serves.
            #expect(await network.run(try network.http(url, tls: TLSSettings(.require))).fault == nil)
            // With the chain alone verified, only the name is not looked at.
            let chain = TLSSettings(.verifyCA, authorities: authority.certificate)
            let partly = await network.run(try network.http(url, tls: chain))
            #expect(partly.fault?.cause == (cause == .tlsCertNameMismatch ? nil : cause))
        }
        let mismatch = await network.run(
            try network.http(
                "https://localhost:\(nginx.securePorts[2])/",
                tls: TLSSettings(.verifyFull, authorities: authority.certificate)))
        #expect(
            mismatch.fault?.message
                == "the certificate is not for localhost but for db9.example.com, 10.9.9.9")
    }

    @Test func theSystemsAuthoritiesDoNotTrustAnUnknownOne() async throws {
        let authority = try await TestAuthority()
        let nginx = try await Nginx([try await authority.issue(for: ["localhost"])])
        let network = try TestNetwork()
        let result = await network.run(try network.http("https://localhost:\(nginx.securePorts[0])/"))
        #expect(result.fault?.cause == .tlsCertUntrusted)
    }

    @Test func authoritiesThatCannotBeReadAreOurMistake() async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let tls = TLSSettings(.verifyFull, authorities: "/nowhere/authorities.pem")
        let result = await network.run(try network.http("https://127.0.0.1:\(peer.port)/", tls: tls))
        #expect(result.fault?.cause == .badConfiguration)
        #expect(result.fault?.message == "cannot read the authorities in /nowhere/authorities.pem")
    }

    @Test func onlyACommonNameIsEnoughWhenThereIsNoOther() async throws {
        let authority = try await TestAuthority()
        let nginx = try await Nginx([try await authority.issue(for: [], subject: "/CN=localhost")])
        let network = try TestNetwork()
        let tls = TLSSettings(.verifyFull, authorities: authority.certificate)
        let result = await network.run(
            try network.http("https://localhost:\(nginx.securePorts[0])/", tls: tls))
        #expect(result.fault == nil)
        #expect(result.facts[.certificateSubject] == .text("CN=localhost"))
    }

    @Test func tlsToAPlainPortAndPlainToATLSPort() async throws {
        let authority = try await TestAuthority()
        let nginx = try await Nginx([try await authority.issue(for: ["localhost"])])
        let network = try TestNetwork()
        let secure = await network.run(try network.http("https://localhost:\(nginx.port)/"))
        #expect(secure.fault?.cause == .protocolMismatch)
        #expect(secure.fault?.message.contains("does not speak TLS; it sent “HTTP/1.1 400") == true)
        let plain = await network.run(try network.http("http://localhost:\(nginx.securePorts[0])/"))
        #expect(plain.fault?.message == "answered 400")
    }

    @Test(arguments: [
        (ScriptedPeer.Script.silence, Cause.timeout), (.closeAtOnce, .tlsHandshake),
        (.reply("220 mail ESMTP\r\n"), .protocolMismatch),
        (.replyAndClose("\u{15}\u{3}\u{1}\0\u{2}\u{2}\u{28}"), .tlsHandshake),
        (.flood("\u{16}\u{3}\u{3}\u{3F}\u{7F}", "\u{1}"), .tlsHandshake),
    ])
    func aPeerThatDoesNotShakeHands(_ script: ScriptedPeer.Script, _ cause: Cause) async throws {
        let peer = try await ScriptedPeer(script)
        let network = try TestNetwork()
        let probe = try network.http("https://127.0.0.1:\(peer.port)/", tls: TLSSettings(.require))
        let result = await network.run(probe, timeout: .seconds(2))
        #expect(result.fault?.cause == cause)
        #expect(result.fault?.phase == .tls)
    }

    @Test func ofAGigabyteOverTLSOnlyTheFirstMegabyteIsRead() async throws {
        let directory = try TemporaryDirectory("vitals-big")
        try await run(["truncate", "-s", "1G", "big"], in: directory)
        let identity = try await TestAuthority().issue(for: ["localhost"])
        let nginx = try await Nginx([identity], directives: "location /big { root \(directory.path); }")
        let network = try TestNetwork()
        let probe = try network.http(
            "https://localhost:\(nginx.securePorts[0])/big", tls: TLSSettings(.require))
        for _ in 0..<3 {
            #expect(await network.run(probe).fault == nil)
        }
    }
}
