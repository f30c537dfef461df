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
        case badPoints = "bad_points"
        case badRange = "bad_range"
        case badJSON = "bad_json"
        case invalidConfiguration = "invalid_configuration"
        case unauthorized
        case forbiddenHost = "forbidden_host"
        case forbiddenOrigin = "forbidden_origin"
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case requestTimeout = "request_timeout"
        case contentTooLarge = "content_too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case keyReused = "key_reused"
        case inFlight = "in_flight"
        case taken
        case managedByFile = "managed_by_file"
        case managedByEnvironment = "managed_by_environment"
        case changedMeanwhile = "changed_meanwhile"
        case tooManyRequests = "too_many_requests"
        case cooldown
        case notDelivered = "not_delivered"
        case alreadyDelivered = "already_delivered"
        case withdrawn, overtaken
        case channelGone = "channel_gone"
        case channelDisabled = "channel_disabled"
        case `internal`
        case stopping
        case notRecorded = "not_recorded"
        case storeUnavailable = "store_unavailable"
        case tooManyStreams = "too_many_streams"
    }

    /// One thing that is wrong in what was sent.
    struct Fault: Equatable {
        /// As in `checks[0].interval_seconds`; empty: the whole.
        let path: String
        let message: String
    }

    let code: Code
    /// For people; no secret, no path, nothing of the inside.
    let detail: String
    /// Methods that this path knows; of `methodNotAllowed` alone.
    var allowed: [String] = []
    /// Of `invalidConfiguration` alone.
    var faults: [Fault] = []
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
        case .badRequest, .badLimit, .badCursor, .badTypes, .badPoints, .badRange, .badJSON,
            .invalidConfiguration:
            .badRequest
        case .unauthorized: .unauthorized
        case .forbiddenHost, .forbiddenOrigin: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .contentTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .changedMeanwhile: .preconditionFailed
        case .cooldown, .tooManyRequests: .tooManyRequests
        case .notDelivered: .badGateway
        case .alreadyDelivered, .withdrawn, .overtaken, .channelGone, .taken, .managedByFile,
            .managedByEnvironment, .channelDisabled, .inFlight:
            .conflict
        case .keyReused: .unprocessableContent
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
        if code == .invalidConfiguration {
            members.append(
                (
                    "problems",
                    .array(faults.map { ["path": .string($0.path), "message": .string($0.message)] })
                ))
        }
        if let retryAfterSeconds {
            headers[.retryAfter] = String(retryAfterSeconds)
            members.append(("retry_after_seconds", .integer(retryAfterSeconds)))
        }
        return Response(status: status, headers: headers, body: .text(JSON(members: members).text))
    }
}
