import Hummingbird
import VitalsCore
import VitalsEngine

/// An answer that is not what was asked for, as RFC 9457 (`application/problem+json`) tells it.
struct Problem: Error, Equatable {
    /// What programs switch on.
    enum Code: String, CaseIterable {
        case badRequest = "bad_request"
        case badLimit = "bad_limit"
        case badCursor = "bad_cursor"
        case badTypes = "bad_types"
        case unauthorized
        case forbiddenHost = "forbidden_host"
        case forbiddenOrigin = "forbidden_origin"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case requestTimeout = "request_timeout"
        case contentTooLarge = "content_too_large"
        case cooldown
        case `internal`
        case stopping
        case notRecorded = "not_recorded"
        case storeUnavailable = "store_unavailable"
        case tooManyStreams = "too_many_streams"
    }

    let code: Code
    /// For people; no secret, no path, nothing of the inside.
    let detail: String
    /// Methods that this path knows; of `methodNotAllowed` alone.
    var allowed: [String] = []
    /// Whole seconds; of what may be asked again later.
    var retryAfterSeconds: Int64?

    init(_ code: Code, _ detail: String, allowed: [String] = [], retryAfterSeconds: Int64? = nil) {
        self.code = code
        self.detail = detail
        self.allowed = allowed
        self.retryAfterSeconds = retryAfterSeconds
    }

    var status: HTTPResponse.Status {
        switch code {
        case .badRequest, .badLimit, .badCursor, .badTypes: .badRequest
        case .unauthorized: .unauthorized
        case .forbiddenHost, .forbiddenOrigin: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .contentTooLarge: .contentTooLarge
        case .cooldown: .tooManyRequests
        case .internal: .internalServerError
        case .stopping, .notRecorded, .storeUnavailable, .tooManyStreams: .serviceUnavailable
        }
    }

    var response: Response {
        var members: [(String, JSON)] = [
            ("type", "about:blank"),
            ("title", .string(status.reasonPhrase)),
            ("status", .integer(Int64(status.code))),
            ("detail", .string(detail)),
            ("code", .string(code.rawValue)),
        ]
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if code == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"vitals\"" }
        if code == .methodNotAllowed { headers[.allow] = allowed.joined(separator: ", ") }
        if let retryAfterSeconds {
            headers[.retryAfter] = String(retryAfterSeconds)
            members.append(("retry_after_seconds", .integer(retryAfterSeconds)))
        }
        return Response(status: status, headers: headers, body: .text(JSON(members: members).text))
    }
}
