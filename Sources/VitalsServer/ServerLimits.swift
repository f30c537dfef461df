import Hummingbird
import NIOCore
import VitalsCore

/// What one server bears.
struct ServerLimits: Sendable {
    /// Connections open at once; more wait to be accepted.
    var connections = 4_000
    /// Streams open at once; fewer than connections, so that they never keep everybody else out.
    var streams = 2_000
    /// From one heartbeat of a stream to the next.
    var heartbeat: Duration = .seconds(15)
    /// How long a stream's client may take nothing.
    var patience: Duration = .seconds(30)
    /// How long a connection may be silent between requests, or in the middle of one.
    var idle: Duration = .seconds(60)
    /// Bytes of one header field, and of all of them.
    var header = 16_384
    var headerFields = 100
    /// Bytes of a request's body where none is asked for.
    var body = 65_536
    /// Bytes of one that says how something is to be.
    var document = 1_048_576
    /// How long a body may take to come in.
    var bodyTime: Duration = .seconds(10)
    /// How often one client may ask for `/health`.
    var health = RateLimit(perSecond: 20, burst: 40)
    /// How long requests in progress are waited for when the server stops.
    var grace: Duration = .seconds(3)

    /// Reads the body, so that the connection can be used again.
    ///
    /// - Returns: the body where one is asked for.
    func readBody(of request: Request) async throws -> ByteBuffer? {
        let isAsked = Document.isAsked(by: request)
        let limit = isAsked ? document : body
        guard request.headers.contains(.contentLength) || request.headers.contains(.transferEncoding) else {
            return nil
        }
        let tooLarge = Problem(.contentTooLarge, "The body is larger than \(limit) bytes.")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw tooLarge
        }
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                var count = 0
                var whole = ByteBuffer()
                for try await part in request.body {
                    count += part.readableBytes
                    guard count <= limit else { throw tooLarge }
                    if isAsked { whole.writeImmutableBuffer(part) }
                }
                return isAsked ? whole : nil
            }
            group.addTask {
                try await Task.sleep(for: bodyTime)
                throw Problem(.requestTimeout, "The body did not come in time.")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
