import Crypto
import FoundationEssentials
import VitalsCore

/// Signs requests by Signature Version 4 (docs.aws.amazon.com, "Authenticating Requests: Using the
/// Authorization Header"). A path is encoded once, as S3 wants it.
struct AWSSignature: Sendable {
    /// What is signed of a request, beside what is signed of every one.
    struct Request: Sendable {
        let method: String
        /// Encoded, as it goes over the wire.
        let path: String
        /// Encoded, as they go over the wire, in any order.
        var query: [(name: String, value: String)] = []
        /// As the header `Host` has it: with the port, unless it is the scheme's own.
        let host: String
        var headers: [HTTPHeader] = []
        var body = ""
    }

    let accessKey: String
    let secretKey: Secret
    var sessionToken: Secret?
    let region: String
    var service = "s3"

    private static let algorithm = "AWS4-HMAC-SHA256"

    /// The headers that a request is to have beside its own: its time, what its body is, and the signature.
    func headers(for request: Request, at now: Timestamp) -> [HTTPHeader] {
        let time = Self.time(now)
        let digest = Self.hexadecimal(SHA256.hash(data: Data(request.body.utf8)))
        var added = [HTTPHeader("x-amz-content-sha256", digest), HTTPHeader("x-amz-date", time)]
        if let sessionToken { added.append(HTTPHeader("x-amz-security-token", sessionToken.revealed)) }
        let signed = ([HTTPHeader("host", request.host)] + request.headers + added)
            .map { HTTPHeader($0.name.lowercased(), Self.trimmed($0.value)) }
            .sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let query = request.query.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let canonical = [
            request.method, request.path, query, signed.map { "\($0.name):\($0.value)\n" }.joined(), names,
            digest,
        ].joined(separator: "\n")
        let day = String(time.prefix(8))
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = [
            Self.algorithm, time, scope, Self.hexadecimal(SHA256.hash(data: Data(canonical.utf8))),
        ].joined(separator: "\n")
        let signature = Self.hexadecimal(Self.code(text, by: key(for: day)))
        let value =
            "\(Self.algorithm) Credential=\(accessKey)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
        return added + [HTTPHeader("Authorization", value)]
    }

    private func key(for day: String) -> SymmetricKey {
        var key = SymmetricKey(data: Data("AWS4\(secretKey.revealed)".utf8))
        for part in [day, region, service, "aws4_request"] {
            key = SymmetricKey(data: Data(Self.code(part, by: key)))
        }
        return key
    }

    private static func code(_ text: String, by key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    /// `20130524T000000Z`.
    static func time(_ now: Timestamp) -> String {
        let text = now.iso8601.prefix { $0 != "." && $0 != "Z" }
        return text.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
