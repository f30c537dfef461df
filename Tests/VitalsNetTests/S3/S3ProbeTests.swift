import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

/// One object store for all tests that leave it whole.
private final class Store: SuiteTrait, TestScoping {
    @TaskLocal static var server: SeaweedServer?

    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let server = try await SeaweedServer([
            .init("READER", "s3cr3tReader/+", ["Read:orders", "List:orders"]),
            .init("WRITER", "s3cr3tWriter", ["Read:orders", "List:orders", "Write:orders"]),
            .init("NOBODY", "s3cr3tNobody", ["Read:other"]),
        ])
        try await server.makeBucket("orders")
        try await Self.$server.withValue(server) { try await function() }
        await server.stop()
    }
}

@Suite("An S3 check of a real object store", Store())
struct S3ProbeTests {
    private func run(
        _ user: String, bucket: String = "orders", _ others: [String: Settings.Value] = [:],
        at wall: @escaping @Sendable () -> Timestamp = { wallClock() }, measuring: VitalRound = .none
    ) async throws -> ProbeResult {
        let server = try #require(Store.server)
        let network = try TestNetwork(wall: wall)
        let url = "s3+http://\(user)@127.0.0.1:\(server.port)/\(bucket)?prefix=or"
        let probe = try S3Probe.form(on: network.loops, userAgent: "vitals/test")
            .make(Settings(http: url, others))
        return await network.run(probe, measuring: measuring)
    }

    private static let reader = "READER:s3cr3tReader%2F%2B"
    private static let writer = "WRITER:s3cr3tWriter"

    @Test("lists a bucket that may be read, and measures whose clock is off")
    func lists() async throws {
        let result = try await run(Self.reader, measuring: .all)
        #expect(result.fault == nil, "\(result)")
        #expect(result.phases.map(\.phase) == [.connect, .request, .firstByte, .body, .vitals])
        guard case .text(let flavour) = result.facts[.serverFlavour] else {
            Issue.record("no flavour")
            return
        }
        #expect(flavour.contains("SeaweedFS"))
        let skew = try #require(result.vitals.first { $0.name == "clock_skew_seconds" }?.value)
        #expect(skew < 60)
    }

    @Test("writes one object, and reads it back; always the same one")
    func writes() async throws {
        for _ in 0..<2 {
            let result = try await run(Self.writer, ["write": .flag(true)])
            #expect(result.fault == nil, "\(result)")
            #expect(result.facts[.write] == .text("done"))
            #expect(result.phases.contains { $0.phase == .write })
        }
        let folder = ["write": Settings.Value.object(["folder": .text("a-b/c$d/")])]
        let named = try await run(Self.writer, folder)
        #expect(named.fault == nil)
    }

    @Test("whoever may only read, and is to write, lacks a right")
    func mayNotWrite() async throws {
        let result = try await run(Self.reader, ["write": .flag(true)])
        #expect(result.fault?.cause == .privilege)
        #expect(result.fault?.phase == .write)
        #expect(result.fault?.code == "AccessDenied")
        #expect(result.facts[.write] == nil)
    }

    @Test(
        "a wrong key, an unknown one, a bucket that is not ours, one that is not there",
        arguments: [
            ("READER:s3cr3tWrong", "orders", Cause.authFailed, "SignatureDoesNotMatch"),
            ("STRANGER:s3cr3tWrong", "orders", .authFailed, "InvalidAccessKeyId"),
            ("NOBODY:s3cr3tNobody", "orders", .privilege, "AccessDenied"),
            ("ADMIN:adm1nSecret", "nowhere", .dbMissing, "NoSuchBucket"),
        ])
    func refusals(user: String, bucket: String, cause: Cause, code: String) async throws {
        let result = try await run(user, bucket: bucket)
        #expect(result.fault?.cause == cause)
        #expect(result.fault?.code == code)
        #expect(!"\(result)".contains("s3cr3t"))
    }

    @Test("a clock of ours that is off is ours to mend, and no outage")
    func skewed() async throws {
        let result = try await run(
            Self.reader, at: { wallClock() - .seconds(3_600) })
        #expect(result.fault?.cause == .internal)
        #expect(result.fault?.code == "RequestTimeTooSkewed")
        #expect(result.fault?.message.hasPrefix("the clock of this machine is ") == true)
    }
}

@Suite("An S3 check of what no store does at will")
struct S3PeerTests {
    private func result(
        _ script: ScriptedPeer.Script, _ others: [String: Settings.Value] = [:],
        timeout: Duration = .seconds(30)
    ) async throws -> (result: ProbeResult, peer: ScriptedPeer) {
        let peer = try await ScriptedPeer(script)
        let network = try TestNetwork()
        let url = "s3+http://KEY:s3cr3tKey@127.0.0.1:\(peer.port)/orders"
        let probe = try S3Probe.form(on: network.loops, userAgent: "vitals/test")
            .make(Settings(http: url, others))
        return (await network.run(probe, timeout: timeout), peer)
    }

    private static func error(_ code: String, _ more: String = "") -> String {
        "<Error><Code>\(code)</Code><Message>words</Message>\(more)</Error>"
    }

    @Test("a refusal for a wrong region is one to an S3 client that is not ours, too")
    func acceptedByBoto() async throws {
        let body = Self.error("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")
        let peer = try await ScriptedPeer(
            .replyAndClose(httpResponse(400, ["Content-Type: application/xml"], body: body)))
        let directory = try TemporaryDirectory()
        try directory.write(
            "list.py",
            """
            import boto3, botocore
            from botocore.config import Config
            client = boto3.client('s3', endpoint_url='http://127.0.0.1:\(peer.port)',
                aws_access_key_id='KEY', aws_secret_access_key='s3cr3tKey', region_name='us-east-1',
                config=Config(s3={'addressing_style': 'path'}, retries={'total_max_attempts': 1}))
            try:
                client.list_objects_v2(Bucket='orders', MaxKeys=1)
            except botocore.exceptions.ClientError as error:
                print(error.response['Error']['Code'], error.response['Error'].get('Region'))
            """)
        let output = try await run([SeaweedServer.python, "list.py"], in: directory)
        #expect(output.contains("AuthorizationHeaderMalformed eu-west-1"))
        #expect(peer.received.contains("GET /orders?list-type=2&max-keys=1"))
        let (ours, _) = try await result(.reply(httpResponse(400, body: body)))
        #expect(ours.fault?.cause == .badConfiguration)
        #expect(ours.fault?.message.contains("?region=eu-west-1") == true)
    }

    @Test("a store that wants to be asked less often is left alone, and not down")
    func limited() async throws {
        let (result, _) = try await result(
            .reply(httpResponse(503, ["Retry-After: 40"], body: Self.error("SlowDown"))))
        #expect(result.fault?.cause == .rateLimited)
        #expect(result.retryAfter == .seconds(40))
    }

    @Test("requests are signed, and carry no secret")
    func request() async throws {
        let (result, peer) = try await result(
            .reply(httpResponse(body: "<ListBucketResult/>")), ["session_token": .text("t0ken")])
        #expect(result.fault == nil)
        #expect(
            peer.received.hasPrefix("GET /orders?list-type=2&max-keys=1&prefix= HTTP/1.1\r\n"))
        #expect(peer.received.contains("x-amz-security-token: t0ken\r\n"))
        #expect(peer.received.contains("Authorization: AWS4-HMAC-SHA256 Credential=KEY/"))
        #expect(!peer.received.contains("s3cr3tKey"))
    }

    @Test("what quotes our secret is shown without it")
    func secrets() async throws {
        let quoting = "<Error><Code>SignatureDoesNotMatch</Code><Message>s3cr3tKey</Message></Error>"
        let (result, _) = try await result(.reply(httpResponse(403, body: quoting)))
        #expect(result.fault?.message == "SignatureDoesNotMatch: •••")
        #expect(!"\(result)".contains("s3cr3tKey"))
    }

    @Test(
        "a peer that is no server, or never ends, is told in time",
        arguments: [
            (ScriptedPeer.Script.silence, Cause.timeout), (.closeAtOnce, .reset),
            (.flood("HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n", "<a>"), .unexpectedReply),
            (.replyAndClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Error>"), .unexpectedReply),
            (.trickle("HTTP/1.1 200 OK\r\n\r\n", String(repeating: " ", count: 10_000)), .timeout),
        ])
    func hostile(script: ScriptedPeer.Script, cause: Cause) async throws {
        let (result, _) = try await result(script, timeout: .seconds(1))
        #expect(result.fault?.cause == cause)
    }

    @Test("a run of several requests is one, and ends with the first that goes wrong")
    func sequence() async throws {
        let (result, peer) = try await result(
            .reply(httpResponse(body: "<ListBucketResult/>")), ["write": .flag(true)])
        // The list is taken for what was written: it is not what was.
        #expect(result.fault?.cause == .unexpectedReply)
        #expect(result.fault?.phase == .write)
        #expect(peer.connections == 3)
        #expect(result.phases.map(\.phase) == [.connect, .request, .firstByte, .body, .write])
        let (refused, other) = try await self.result(
            .reply(httpResponse(403, body: Self.error("AccessDenied"))), ["write": .flag(true)])
        #expect(refused.fault?.cause == .privilege)
        #expect(other.connections == 1)
    }

    @Test("a run that is cut short ends at once, whichever of its requests it waits for")
    func cancelled() async throws {
        let peer = try await ScriptedPeer(.silence)
        let network = try TestNetwork()
        let probe = try S3Probe.form(on: network.loops, userAgent: "vitals/test").make(
            Settings(
                http: "s3+http://KEY:s3cr3tKey@127.0.0.1:\(peer.port)/orders", ["write": .flag(true)]))
        let cancellations = Cancellations()
        async let result = network.run(probe, timeout: .seconds(60), cancellations)
        try await eventually(that: "the request is there") { peer.received.contains("GET /orders") }
        cancellations.cancelAll()
        #expect(await result.fault?.cause == .internal)
        #expect(peer.connections == 1)
    }
}
