import NIOCore
import VitalsCore

/// One HTTP request, and the same ready for the wire of HTTP/1.1, on a connection that is closed after it.
struct HTTPRequest: Sendable {
    let method: String
    let url: HTTPURL
    /// All but those of the connection and of the body's length, the host included.
    let headers: [HTTPHeader]
    let body: String?
    let bytes: ByteBuffer

    /// - Parameters:
    ///   - headers: beside Host, User-Agent, Accept, Connection and Content-Length, of which the first three
    ///     may be given in another form; valid already.
    ///   - body: nothing for methods without one.
    ///   - proxy: what it is sent to in the place of the server; for `https` the tunnel through it is another
    ///     matter.
    init(
        _ method: String, _ url: HTTPURL, userAgent: String, headers: [(name: String, value: String)] = [],
        body: String? = nil, proxy: HTTPProxy? = nil
    ) {
        self.method = method
        self.url = url
        self.body = body
        let usual = [("Host", url.authority), ("User-Agent", userAgent), ("Accept", "*/*")]
        let first = usual.map { name, value in
            HTTPHeader(name, headers.first { $0.name.lowercased() == name.lowercased() }?.value ?? value)
        }
        let rest = headers.filter { !Self.usualNames.contains($0.name.lowercased()) }
            .map { HTTPHeader($0.name, $0.value) }
        self.headers = first + rest

        let absolute = proxy == nil ? "" : url.origin
        var head = "\(method) \(absolute)\(url.requestTarget) HTTP/1.1\r\n"
        for header in first { head += "\(header.name): \(header.value)\r\n" }
        head += "Connection: close\r\n"
        if let authorization = proxy?.authorization {
            head += "Proxy-Authorization: \(authorization.revealed)\r\n"
        }
        for header in rest { head += "\(header.name): \(header.value)\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        bytes = ByteBuffer(string: head + "\r\n" + (body ?? ""))
    }

    private static let usualNames: Set = ["host", "user-agent", "accept"]
}
