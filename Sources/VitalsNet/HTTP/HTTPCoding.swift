/// How a body is encoded (RFC 9110, 8.4.1).
enum HTTPCoding: Sendable, Equatable {
    case identity
    case gzip
    /// The zlib format, or what many take it for: deflate without any frame.
    case deflate
    /// Something else, or several on top of each other.
    case other(String)

    /// What we can undo, as offered in `Accept-Encoding`.
    static let offered = "gzip, deflate"

    /// - Parameter value: of `Content-Encoding`.
    init(_ value: String) {
        switch value.lowercased() {
        case "", "identity": self = .identity
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        default: self = .other(value)
        }
    }
}
