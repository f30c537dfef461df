import Testing
import VitalsCore

@testable import VitalsNet

/// The examples that Amazon publishes
/// (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
@Suite("A request is signed as Amazon's own examples are")
struct AWSSignatureTests {
    private static let host = "examplebucket.s3.amazonaws.com"
    private static let secretKey = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    /// 2013-05-24T00:00:00Z.
    private static let now = Timestamp(microseconds: 1_369_353_600_000_000)
    private static let signer = AWSSignature(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: secretKey, region: "us-east-1")

    private struct Example {
        let request: AWSSignature.Request
        let signed: String
        let signature: String
    }

    private static let examples = [
        Example(
            request: .init(
                method: "GET", path: "/test.txt", host: host, headers: [HTTPHeader("Range", "bytes=0-9")]),
            signed: "host;range;x-amz-content-sha256;x-amz-date",
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Example(
            request: .init(
                method: "PUT", path: "/test%24file.text", host: host,
                headers: [
                    HTTPHeader("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                    HTTPHeader("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ], body: "Welcome to Amazon S3."),
            signed: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Example(
            request: .init(method: "GET", path: "/", query: [("lifecycle", "")], host: host),
            signed: "host;x-amz-content-sha256;x-amz-date",
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Example(
            request: .init(
                method: "GET", path: "/", query: [("prefix", "J"), ("max-keys", "2")], host: host),
            signed: "host;x-amz-content-sha256;x-amz-date",
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    @Test("an object read and written, a list, a parameter without a value", arguments: 0..<4)
    func published(index: Int) {
        let example = Self.examples[index]
        let headers = Self.signer.headers(for: example.request, at: Self.now)
        #expect(
            headers.first { $0.name == "Authorization" }?.value
                == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=\(example.signed),Signature=\(example.signature)")
        #expect(headers.contains(HTTPHeader("x-amz-date", "20130524T000000Z")))
    }

    @Test("a session's token is sent, and signed")
    func token() {
        var signer = Self.signer
        signer.sessionToken = Secret("FwoGZ+XIvY=")
        let request = AWSSignature.Request(method: "GET", path: "/", host: Self.host)
        let headers = signer.headers(for: request, at: Self.now)
        #expect(headers.contains(HTTPHeader("x-amz-security-token", "FwoGZ+XIvY=")))
        let value = headers.first { $0.name == "Authorization" }?.value
        #expect(value?.contains("x-amz-date;x-amz-security-token,") == true)
    }

    @Test("an instant with a fraction is written to the second")
    func time() {
        let instant = Timestamp(microseconds: Self.now.microseconds + 59_999_999)
        #expect(AWSSignature.time(instant) == "20130524T000059Z")
    }
}
