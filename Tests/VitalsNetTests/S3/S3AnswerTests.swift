import NIOCore
import Testing
import VitalsCore

@testable import VitalsNet

@Suite("What an object store answers has a cause")
struct S3AnswerTests {
    /// 2026-11-22T03:00:00Z.
    private static let now = Timestamp(microseconds: 1_795_316_400_000_000)

    private func verdict(
        _ status: Int, _ body: String, _ headers: [HTTPHeader] = [], of step: S3Answer.Step = .list,
        retryAfter: String? = nil
    ) -> HTTPVerdict {
        var head = HTTPResponseHead(status: status, framing: .untilClose)
        head.headers = headers
        head.retryAfter = retryAfter
        let response = HTTPResponse(head: head, body: ByteBuffer(string: body), isCut: false)
        return S3Answer.judge(response, of: step, region: "us-east-1", at: Self.now)
    }

    private func error(_ code: String, _ more: String = "") -> String {
        "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>words</Message>\(more)</Error>"
    }

    @Test(
        "by its code, whatever the status and the words",
        arguments: [
            (403, "InvalidAccessKeyId", Cause.authFailed), (403, "SignatureDoesNotMatch", .authFailed),
            (400, "ExpiredToken", .authFailed), (400, "InvalidToken", .authFailed),
            (403, "AccessDenied", .privilege), (403, "AllAccessDisabled", .accountState),
            (404, "NoSuchBucket", .dbMissing), (403, "RequestTimeTooSkewed", .internal),
            (400, "AuthorizationHeaderMalformed", .badConfiguration),
            (301, "PermanentRedirect", .badConfiguration), (400, "InvalidBucketName", .badConfiguration),
            (503, "SlowDown", .rateLimited), (429, "TooManyRequests", .rateLimited),
            (503, "ServiceUnavailable", .backendUnavailable), (500, "InternalError", .backendUnavailable),
            (503, "XMinioServerNotInitialized", .startingUp), (418, "Teapot", .httpStatus),
            (502, "SomethingNew", .backendUnavailable), (507, "QuotaExceeded", .backendUnavailable),
        ])
    func codes(status: Int, code: String, cause: Cause) {
        let complaint = verdict(status, error(code)).complaint
        #expect(complaint?.cause == cause)
        #expect(complaint?.code == code)
        #expect(complaint?.message.contains("\(code): words") == true)
    }

    @Test("what only writing meets is partial", arguments: ["QuotaExceeded", "XMinioStorageFull"])
    func writing(code: String) {
        #expect(verdict(507, error(code), of: .put).complaint?.cause == .writeRefusedResource)
    }

    @Test("another clock is ours, with how far it is off")
    func skew() {
        let there = "<RequestTime>20261122T030000Z</RequestTime><ServerTime>2026-11-22T03:20:00Z</ServerTime>"
        let complaint = verdict(403, error("RequestTimeTooSkewed", there)).complaint
        #expect(complaint?.message.hasPrefix("the clock of this machine is 1200 s behind; ") == true)
        let silent = verdict(403, error("RequestTimeTooSkewed")).complaint
        #expect(silent?.message.hasPrefix("the clock of this machine is wrong; ") == true)
    }

    @Test("a wrong region is told with the right one, wherever that stands")
    func region() {
        let hint = "the bucket is in the region eu-west-1, not us-east-1: write ?region=eu-west-1; "
        let told = verdict(400, error("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"))
        #expect(told.complaint?.message.hasPrefix(hint) == true)
        let header = HTTPHeader("x-amz-bucket-region", "eu-west-1")
        let silent = verdict(301, "", [header])
        #expect(silent.complaint?.message == hint + "answered 301")
        #expect(silent.facts[.region] == .text("eu-west-1"))
        let elsewhere = verdict(
            301, error("PermanentRedirect", "<Endpoint>s3.eu-west-1.amazonaws.com</Endpoint>"))
        #expect(elsewhere.complaint?.message.contains("asked for at s3.eu-west-1.amazonaws.com") == true)
    }

    @Test(
        "what says nothing but a status is judged by that",
        arguments: [
            (401, Cause.authFailed), (403, .privilege), (404, .httpStatus), (429, .rateLimited),
            (500, .backendUnavailable), (503, .backendUnavailable), (302, .httpStatus),
        ])
    func statuses(status: Int, cause: Cause) {
        #expect(verdict(status, "<html>").complaint?.cause == cause)
    }

    @Test("a list is a list")
    func list() {
        let good = verdict(
            200, "<ListBucketResult><Name>o</Name></ListBucketResult>",
            [
                HTTPHeader("Server", "MinIO"), HTTPHeader("Date", "Sun, 22 Nov 2026 02:59:30 GMT"),
            ])
        #expect(good.complaint == nil)
        #expect(good.facts[.serverFlavour] == .text("MinIO"))
        #expect(good.vitals == [Vital("clock_skew_seconds", 30, unit: "s")])
        for body in ["", "ok", "<html></html>", "{}", "<ListAllMyBucketsResult/>"] {
            #expect(verdict(200, body).complaint?.cause == .unexpectedReply)
        }
        #expect(verdict(200, "<html>").complaint?.message.contains("a page of HTML") == true)
    }

    @Test("what is read back is what was written")
    func readBack() {
        #expect(verdict(200, "t0k3n", of: .get("t0k3n")).facts[.write] == .text("done"))
        for body in ["", "t0k3", "t0k3nn", error("NoSuchKey")] {
            #expect(verdict(200, body, of: .get("t0k3n")).complaint?.cause == .unexpectedReply)
        }
    }

    @Test("a pause is taken from Retry-After")
    func pause() {
        #expect(verdict(503, error("SlowDown"), retryAfter: "120").retryAfter == .seconds(120))
        #expect(verdict(503, error("SlowDown")).retryAfter == nil)
        #expect(verdict(503, error("InternalError"), retryAfter: "120").retryAfter == nil)
    }
}
