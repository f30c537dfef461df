import VitalsCore
import VitalsEngine

/// A bucket of an object store: `s3://key:secret@s3.eu-west-1.amazonaws.com/bucket?region=eu-west-1`.
struct S3Target: Sendable {
    let origin: HTTPURL
    let bucket: String
    /// Whether the bucket is a part of the path rather than of the host's name.
    let isPathStyle: Bool
    /// What is listed begins with it.
    let prefix: String
    let signature: AWSSignature

    static let schemes = ["s3", "s3+https", "s3+http"]
    private static let parameters = ["region", "path_style", "prefix"]

    /// - Throws: what is missing or cannot be, and in which field; without any secret.
    init(_ settings: Settings) throws(TargetError) {
        let text = settings.text("url") ?? ""
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard text.contains("://"), Self.schemes.contains(scheme) else {
            throw TargetError("does not begin with s3://, as in s3://s3.example.com/bucket")
        }
        let rest = text.dropFirst(scheme.count + "://".count)
        let place = rest.prefix { $0 != "?" }
        guard !rest.contains("#") else { throw TargetError("holds a fragment: write # as %23") }
        let query = try Self.query(rest.dropFirst(place.count + 1))
        let authority = place.prefix { $0 != "/" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let user = authority.dropLast(host.count + 1)
        bucket = try Self.bucket(place.dropFirst(authority.count + 1))
        isPathStyle = try Self.style(query["path_style"], String(host), bucket)
        prefix = query["prefix"] ?? ""
        let web = scheme == "s3+http" ? "http" : "https"
        origin = try HTTPURL(parsing: "\(web)://\(isPathStyle ? "" : "\(bucket).")\(host)/")
        let region = query["region"] ?? "us-east-1"
        guard !region.isEmpty, region.utf8.allSatisfy({ Self.isPlain($0) }) else {
            throw TargetError("has a region that is not of letters, digits and dashes")
        }
        signature = try Self.signature(String(user), settings, region)
    }

    /// As people may see it.
    var address: String {
        let scheme = origin.isSecure ? "s3" : "s3+http"
        let host = isPathStyle ? origin.authority : String(origin.authority.dropFirst(bucket.count + 1))
        return "\(scheme)://\(host)/\(bucket)?region=\(signature.region)"
    }

    /// What nobody is to see.
    var secrets: [Secret] { [signature.secretKey] + (signature.sessionToken.map { [$0] } ?? []) }

    /// One request, signed.
    ///
    /// - Parameter key: of an object; nothing: the bucket itself.
    func request(
        _ method: String, key: String? = nil, query: [(String, String)] = [], body: String? = nil,
        at now: Timestamp
    ) throws(TargetError) -> (url: HTTPURL, headers: [HTTPHeader]) {
        let object = key.map { "/" + PercentEncoding.encode($0, keeping: "/") } ?? ""
        let path = isPathStyle ? "/\(bucket)\(object)" : object.isEmpty ? "/" : object
        let encoded = query.map { (name: PercentEncoding.encode($0), value: PercentEncoding.encode($1)) }
        let text = encoded.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let url = try HTTPURL(parsing: "\(origin.origin)\(path)\(text.isEmpty ? "" : "?\(text)")")
        let request = AWSSignature.Request(
            method: method, path: path, query: encoded, host: url.authority, body: body ?? "")
        return (url, signature.headers(for: request, at: now))
    }

    private static func query(_ text: Substring) throws(TargetError) -> [String: String] {
        var query: [String: String] = [:]
        for part in text.split(separator: "&") {
            let name = String(part.prefix { $0 != "=" })
            guard parameters.contains(name) else {
                throw TargetError("has a parameter that is none of \(parameters.joined(separator: ", "))")
            }
            query[name] = try decoded(part.dropFirst(name.count + 1))
        }
        return query
    }

    private static func bucket(_ path: Substring) throws(TargetError) -> String {
        let bucket = path.hasSuffix("/") ? path.dropLast() : path
        guard !bucket.isEmpty else { throw TargetError("names no bucket: write s3://host/bucket") }
        guard !bucket.contains("/") else {
            throw TargetError("has more than a bucket behind the host: the beginning of names is ?prefix=")
        }
        guard bucket.utf8.count <= 255, bucket.utf8.allSatisfy({ isPlain($0) }) else {
            throw TargetError("has a bucket that is not of letters, digits, dots, dashes and underscores")
        }
        return String(bucket)
    }

    /// Where nothing is said: as Amazon wants it at Amazon, and as all others understand it elsewhere. A
    /// bucket with a dot in its name would be more than the certificate is for.
    private static func style(
        _ text: String?, _ host: String, _ bucket: String
    ) throws(TargetError) -> Bool {
        switch text {
        case "true": true
        case "false": false
        case nil: !host.lowercased().hasSuffix(".amazonaws.com") || bucket.contains(".")
        default: throw TargetError("has a path_style that is neither true nor false")
        }
    }

    private static func signature(
        _ user: String, _ settings: Settings, _ region: String
    ) throws(TargetError) -> AWSSignature {
        let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let (inURL, secretInURL) = (
            try decoded(parts.first ?? ""), try decoded(parts.dropFirst().first ?? "")
        )
        let key = settings.text("access_key") ?? inURL
        let secret = settings.text("secret_key") ?? secretInURL
        guard !key.isEmpty else { throw TargetError("has no access key: write `access_key`") }
        guard !secret.isEmpty else { throw TargetError("has no secret key: write `secret_key`") }
        let token = settings.text("session_token")
        for (text, field) in [(key, "access_key"), (secret, "secret_key"), (token ?? "", "session_token")]
        where !text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw TargetError(
                "holds a space or a letter outside ASCII", field: settings.has(field) ? field : nil)
        }
        return AWSSignature(
            accessKey: key, secretKey: Secret(secret), sessionToken: token.map { Secret($0) }, region: region)
    }

    private static func decoded(_ text: Substring) throws(TargetError) -> String {
        do {
            return try PercentEncoding.decode(text)
        } catch {
            throw TargetError("holds a % that two hexadecimal digits do not follow")
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        let character = Unicode.Scalar(byte)
        return character.isASCII && (character.properties.isAlphabetic || (0x30...0x39).contains(byte))
            || "._-".utf8.contains(byte)
    }
}
