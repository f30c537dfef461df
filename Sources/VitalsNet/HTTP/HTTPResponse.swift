import NIOCore

/// A response, as much of it as was wanted.
struct HTTPResponse: Sendable {
    /// Its headers are there if they were to be kept.
    let head: HTTPResponseHead
    /// Decoded; empty unless it was to be kept.
    let body: ByteBuffer
    /// Whether there was more of it than was wanted.
    let isCut: Bool
}

/// A dialogue that asks for something over HTTP.
protocol HTTPExchange: ProbeDialogue {
    /// What came, once its head has.
    var response: HTTPResponse? { get }
}
