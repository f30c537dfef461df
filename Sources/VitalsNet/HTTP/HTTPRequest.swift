import NIOCore

/// One HTTP/1.1 request, ready for the wire, on a connection that is closed after it.
struct HTTPRequest: Sendable {
    let url: HTTPURL
    let bytes: ByteBuffer

    /// - Parameters:
    ///   - headers: beside Host, User-Agent, Accept, Connection and Content-Length; valid already.
    ///   - body: nothing for methods without one.
    init(
        _ method: String, _ url: HTTPURL, userAgent: String, headers: [(name: String, value: String)] = [],
        body: String? = nil
    ) {
        self.url = url
        var head = "\(method) \(url.requestTarget) HTTP/1.1\r\nHost: \(url.authority)\r\n"
        head += "User-Agent: \(userAgent)\r\nAccept: */*\r\nConnection: close\r\n"
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        bytes = ByteBuffer(string: head + "\r\n" + (body ?? ""))
    }
}
