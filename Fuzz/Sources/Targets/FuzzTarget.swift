/// A decoder that is fed with whatever a stranger may have made up.
struct FuzzTarget: Sendable {
    let name: String
    /// Ends for any bytes, and throws if something does not hold that must hold for all of them.
    let feed: @Sendable ([UInt8]) throws(BrokenPromise) -> Void

    static let all: [FuzzTarget] = [
        .postgres, .http, .http2, .coding, .dns, .icmp, .dsn, .url, .yaml, .values, .packing, .spool, .json,
        .regex, .condition, .starttls, .tcp, .sketch, .instant,
        .smtp, .message, .template, .sqlite, .plugin, .cron, .accept, .gatus, .forwarded, .ping, .zone,
        .mysql, .mysqldsn, .redis, .redisdsn, .d1, .convex, .s3,
        .websocket, .phoenix,
        .sqlserver, .sqlserverdsn, .sqlserverquestion,
    ]
}

/// What should hold for every input, and does not for this one.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
}

/// Throws unless it holds.
func promise(_ holds: Bool, _ text: @autoclosure () -> String) throws(BrokenPromise) {
    guard holds else { throw BrokenPromise(description: text()) }
}
