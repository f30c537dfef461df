import NIOCore
import VitalsCore

/// What it means that Supabase Realtime refuses something. It says so by a code before its words, as in
/// `TenantNotFound: ...` (supabase.com/docs/guides/realtime/error_codes).
enum SupabaseRefusal {
    /// By their codes; what is not here is told as it came.
    static let causes: [String: Cause] = [
        "JwtSignatureError": .authFailed, "JwtSignerError": .authFailed, "MalformedJWT": .authFailed,
        "InvalidJWTToken": .authFailed, "InvalidJWTExpiration": .authFailed, "MissingAPIKey": .authFailed,
        "ErrorAuthorizingWebsocket": .authFailed,
        "Unauthorized": .privilege,
        "PrivateOnly": .badConfiguration, "TenantNotFound": .badConfiguration,
        "RealtimeDisabledForConfiguration": .badConfiguration, "TopicNameRequired": .badConfiguration,
        "InvalidJoinPayload": .badConfiguration,
        "RealtimeDisabledForTenant": .accountState,
        "ConnectionRateLimitReached": .tooManyConnections,
        "ClientJoinRateLimitReached": .rateLimited, "ChannelRateLimitReached": .rateLimited,
        "MessagePerSecondRateLimitReached": .rateLimited, "JoinsRateLimitReached": .rateLimited,
        "DatabaseConnectionRateLimitReached": .rateLimited,
        "ConnectionInitializing": .startingUp, "InitializingProjectConnection": .startingUp,
        "RealtimeRestarting": .shuttingDown,
        "UnableToConnectToProject": .backendUnavailable, "DatabaseConnectionIssue": .backendUnavailable,
        "UnableToConnectToTenantDatabase": .backendUnavailable,
        "DatabaseLackOfConnections": .backendUnavailable, "IncreaseConnectionPool": .backendUnavailable,
        "UnableCheckoutConnection": .backendUnavailable, "TooManyConnectAttempts": .backendUnavailable,
        "ErrorOnRpcCall": .backendUnavailable, "TimeoutOnRpcCall": .backendUnavailable,
    ]

    /// The first code that stands in a text, wherever a version of the server puts it.
    static func code(in text: String) -> String? {
        text.utf8.split { !isLetter($0) }.lazy.compactMap { String($0) }.first { causes[$0] != nil }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// - Parameter what: what was refused, for people: `the join`.
    static func steps(_ what: String, because reason: String, _ farewell: ByteBuffer?) -> [ProbeStep] {
        let code = code(in: reason)
        let cause = code.flatMap { causes[$0] } ?? .unexpectedReply
        let words = reason.isEmpty ? "without a reason" : "“\(reason)”"
        return (cause == .authFailed ? [.enter(.authenticate)] : []) + [
            .fail(cause, code: code, message: "refused \(what): \(words)", farewell: farewell)
        ]
    }

    /// An answer other than 101 to the wish for a WebSocket (supabase.com/docs/guides/platform/
    /// http-status-codes).
    static func steps(_ response: HTTPResponse) -> [ProbeStep] {
        let status = response.head.status
        let body = String(decoding: response.body.readableBytesView, as: UTF8.self)
        if status != 540, code(in: body) != nil {
            let words = String(body.prefix(WebSocketVerdict.excerpt))
            return [.fact(.httpStatus, .number(status))]
                + steps("the connection with \(status)", because: words, nil)
        }
        func verdict(_ cause: Cause, _ words: String) -> [ProbeStep] {
            WebSocketVerdict.noted(response) + [
                .fail(cause, code: "\(status)", message: "answered \(status): \(words)")
            ]
        }
        switch status {
        case 540:
            return verdict(.paused, "the project is paused, until its owner restores it")
        case 401, 403:
            return WebSocketVerdict.noted(response) + [
                .enter(.authenticate),
                .fail(
                    .authFailed, code: "\(status)",
                    message: "answered \(status): `api_key` is not a key of this project"),
            ]
        case 404:
            return verdict(.badConfiguration, "there is no Realtime at this address: look at its reference")
        case 429:
            return verdict(.rateLimited, "we ask too often")
        case 502, 503, 504, 544:
            return verdict(.backendUnavailable, "what stands before Realtime does not reach it")
        default:
            return WebSocketVerdict.refused(response)
        }
    }
}
