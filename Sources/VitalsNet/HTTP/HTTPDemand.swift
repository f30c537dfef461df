/// What is wanted of a response, and when it is a good one.
struct HTTPDemand: Sendable {
    /// Nothing: whatever the status says, somebody else judges it.
    var statuses: HTTPStatusRule?
    /// So much of the body is waited for, after decoding; 0: the head is all that is waited for.
    var bodyLimit: Int
    var keeps: ResponseParts = []
    /// Whether gzip and deflate are asked for, and undone.
    var decodes = false
    /// Whether the head has no body behind it, whatever it says (HEAD).
    var isWithoutBody = false
    /// Whether a redirect ends the exchange, because it will be followed.
    var follows = false
    /// Whether another protocol is asked for, so that 101 is an answer (RFC 9110, 7.8).
    var upgrades = false

    /// The head, whatever its status.
    static let any = HTTPDemand(statuses: nil, bodyLimit: 0)

    /// A status of 2xx or 3xx and the whole body, up to the limit.
    static func good(bodyLimit: Int) -> HTTPDemand {
        HTTPDemand(statuses: .usual, bodyLimit: bodyLimit)
    }

    /// Whatever the status, and so much of the body.
    static func whole(bodyLimit: Int) -> HTTPDemand {
        HTTPDemand(statuses: nil, bodyLimit: bodyLimit, keeps: .body)
    }
}

/// What of a response is kept, beyond what is needed to read it.
struct ResponseParts: OptionSet, Sendable {
    let rawValue: UInt8

    static let headers = ResponseParts(rawValue: 1)
    static let body = ResponseParts(rawValue: 2)
}
