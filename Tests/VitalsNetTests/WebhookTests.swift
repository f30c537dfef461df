import Crypto
import FoundationEssentials
import NIOPosix
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite struct WebhookTests {
    private let notification = NotificationID("01JD")
    private let now = Timestamp(microseconds: 1_795_000_000_250_000)

    private func send(
        _ url: String, secret: String? = nil, tls: TLSSettings = TLSSettings(.verifyFull),
        timeout: Duration = .seconds(30)
    ) async throws -> DeliveryOutcome {
        let network = try TestNetwork()
        let channel = try WebhookChannel(
            ChannelID("ops"), url: url, secret: secret.map { Secret($0) }, userAgent: "vitals/test",
            client: HTTPClient(loops: network.loops, tls: tls))
        return await channel.send(notification, body: #"{"id":"01JD"}"#, at: now, timeout: timeout)
    }

    private func send(
        _ script: ScriptedPeer.Script, timeout: Duration = .seconds(30)
    ) async throws -> DeliveryOutcome {
        let peer = try await ScriptedPeer(script)
        return try await send("http://127.0.0.1:\(peer.port)/hook", timeout: timeout)
    }

    @Test func aMessageIsPostedAndSigned() async throws {
        let key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let peer = try await ScriptedPeer(.reply("HTTP/1.1 204 No Content\r\n\r\n"))
        let outcome = try await send("http://127.0.0.1:\(peer.port)/hook?x=1", secret: "whsec_\(key)")
        #expect(outcome == .delivered(httpStatus: 204))
        let lines = peer.received.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.first == "POST /hook?x=1 HTTP/1.1")
        #expect(lines.last == #"{"id":"01JD"}"#)
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(#"01JD.1795000000.{"id":"01JD"}"#.utf8),
            using: SymmetricKey(data: try #require(Data(base64Encoded: key))))
        for header in [
            "Content-Type: application/json", "webhook-id: 01JD", "webhook-timestamp: 1795000000",
            "webhook-signature: v1,\(Data(code).base64EncodedString())", "Content-Length: 13",
        ] {
            #expect(lines.contains { $0 == header })
        }
    }

    /// The example of the convention's own libraries.
    @Test func theSignatureIsThatOfTheStandard() throws {
        let signature = try WebhookSignature(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let value = signature.value(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: #"{"test": 2432232314}"#)
        #expect(value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func aSecretWithoutThePrefixIsItsBytes() throws {
        let plain = try WebhookSignature(Secret("hello"))
        let encoded = try WebhookSignature(Secret("whsec_aGVsbG8="))
        #expect(
            plain.value(id: "1", timestamp: 2, body: "3") == encoded.value(id: "1", timestamp: 2, body: "3"))
        let error = #expect(throws: TargetError.self) { try WebhookSignature(Secret("whsec_***")) }
        #expect(error?.message.contains("***") == false)
    }

    @Test func withoutASecretItIsUnsigned() async throws {
        let peer = try await ScriptedPeer(.reply("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
        #expect(try await send("http://127.0.0.1:\(peer.port)/") == .delivered(httpStatus: 200))
        #expect(!peer.received.contains("webhook-signature"))
    }

    @Test func theAnswerDecides() async throws {
        func answer(_ head: String) async throws -> DeliveryOutcome {
            try await send(.reply("HTTP/1.1 \(head)\r\nContent-Length: 0\r\n\r\n"))
        }
        #expect(try await answer("410 Gone") == .refused(httpStatus: 410, message: "answered 410"))
        #expect(
            try await answer("302 Found\r\nLocation: /x")
                == .failed(httpStatus: 302, message: "answered 302", retryAfter: nil))
        #expect(
            try await answer("429 Slow\r\nRetry-After: 120")
                == .failed(httpStatus: 429, message: "answered 429", retryAfter: .seconds(120)))
    }

    @Test func aReceiverThatHangsEndsInTime() async throws {
        let outcome = try await send(.silence, timeout: .milliseconds(300))
        guard case .failed(nil, let message, nil) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(message.hasPrefix("http://127.0.0.1:"))
        #expect(message.contains("within 300 ms"))
    }

    @Test func aReceiverThatTricklesEndsInTime() async throws {
        let outcome = try await send(
            .trickle("", String(repeating: "HTTP/1.1 200 OK\r\nX: y\r\n", count: 99)),
            timeout: .milliseconds(400))
        guard case .failed(nil, _, nil) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func onceTheStatusIsThereTheBodyIsNotWaitedFor() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
        #expect(try await send(.trickle(head, "xxx")) == .delivered(httpStatus: 200))
        let flood = ScriptedPeer.Script.flood(head, "x")
        #expect(try await send(flood) == .delivered(httpStatus: 200))
    }

    @Test func noMessageHoldsTheTokenInThePathOrTheSecret() async throws {
        let closed = try RefusingPort()
        let port = closed.number
        let outcome = try await send("http://127.0.0.1:\(port)/services/T0KEN?k=v4lue", secret: "s3cret")
        #expect(
            outcome
                == .failed(
                    httpStatus: nil,
                    message: "http://127.0.0.1:\(port): connection refused by 127.0.0.1:\(port)",
                    retryAfter: nil))
        let error = await #expect(throws: TargetError.self) { try await send("https://u:s3cret@h/T0KEN") }
        #expect(error?.message.contains("s3cret") == false)
        #expect(error?.message.contains("T0KEN") == false)
    }

    @Test func overTLSTheReceiverIsVerified() async throws {
        let authority = try await TestAuthority()
        let nginx = try await Nginx([try await authority.issue(for: ["localhost"])])
        let url = "https://localhost:\(nginx.securePorts[0])/"
        let tls = TLSSettings(.verifyFull, authorities: authority.certificate)
        #expect(try await send(url, tls: tls) == .delivered(httpStatus: 200))
        guard case .failed(nil, let message, nil) = try await send(url) else {
            Issue.record("delivered to a stranger")
            return
        }
        #expect(message.contains("no trusted authority"))
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("99999999999999999999", 86_400), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Wed, 18 Nov 2026 11:08:20 GMT", 99), ("Fri, 01 Jan 2027 00:00:00 GMT", 86_400), ("soon", nil),
            ("-1", nil),
            ("", nil), ("Wed, 99 Foo 2026 06:26:40 GMT", nil),
        ] as [(String, Int64?)])
    func retryAfterIsSecondsOrADateAndBounded(_ text: String, _ seconds: Int64?) {
        let duration = RetryAfter.duration(text, at: now)
        guard let seconds else { return #expect(duration == nil) }
        #expect(duration.map { $0.microseconds / 1_000_000 } == seconds)
    }
}
