import NIOCore
import VitalsCore

/// What a deployment of Convex answers.
enum ConvexAnswer {
    private static let longestVersion = 64

    /// Of `GET /version`: whatever is no fault of the server shows that it is there (RFC 9110, 15.6).
    static func version(_ response: HTTPResponse, at now: Timestamp) -> HTTPVerdict {
        if let verdict = unserved(response, at: now) { return verdict }
        var verdict = HTTPVerdict()
        let text = String(decoding: response.body.readableBytesView, as: UTF8.self)
        let isVersion =
            (1...longestVersion).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "<") }
        if response.head.status == 200, isVersion { verdict.facts[.serverVersion] = .text(text) }
        return verdict
    }

    /// Of `POST /api/query`. What goes wrong in the application comes with status 200 and `status: "error"`.
    static func query(_ response: HTTPResponse, _ path: String, at now: Timestamp) -> HTTPVerdict {
        let json = response.json
        // Some versions send an error of the application with a status of their own, 560.
        let isOfApplication = json?.member("status")?.asText == "error"
        if !isOfApplication, let verdict = unserved(response, at: now) { return verdict }
        let status = response.head.status
        let said = json?.member("errorMessage")?.asText ?? json?.member("message")?.asText
        let words = said.map { ": \($0)" } ?? ""
        switch json?.member("status")?.asText {
        case "success"? where status == 200:
            return HTTPVerdict()
        // No code says so, only these words.
        case "error"? where said?.contains("Could not find public function") == true:
            return .bad(.notProvisioned, code: "\(status)", "there is no query \(path)\(words)")
        case "error"?:
            return .bad(.unexpectedReply, code: "\(status)", "the query \(path) failed\(words)")
        default: break
        }
        switch status {
        case 200:
            return .bad(.unexpectedReply, "answered \(response.seemingly) instead of JSON with `status`")
        case 401, 403:
            return .bad(.authFailed, in: .authenticate, code: "\(status)", "answered \(status)\(words)")
        case 404:
            return .bad(.dbMissing, code: "404", "answered 404: there is no such deployment\(words)")
        default:
            return .bad(.httpStatus, code: "\(status)", "answered \(status)\(words)")
        }
    }

    private static func unserved(_ response: HTTPResponse, at now: Timestamp) -> HTTPVerdict? {
        let status = response.head.status
        if status == 429 {
            return .bad(
                .rateLimited, code: "429", "answered 429: it wants to be asked less often",
                retryAfter: response.head.retryAfter.flatMap { RetryAfter.duration($0, at: now) })
        }
        guard status >= 500 else { return nil }
        return .bad(.backendUnavailable, code: "\(status)", "answered \(status)")
    }
}
