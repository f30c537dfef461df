/// An HTTP/1.1 request or answer as the tests read it from a socket.
struct HTTPMessage: Sendable {
    /// `GET /readyz HTTP/1.1`, `HTTP/1.1 200 OK`.
    let startLine: String
    /// By their names in lower case; of one that came twice, the last.
    let headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// Of an answer: its status; 0 when it has none.
    var status: Int {
        let words = startLine.split(separator: " ")
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    /// Of a request.
    var method: String { String(startLine.prefix { $0 != " " }) }
    var path: String { startLine.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

    /// The start line and headers, and whatever of the body came with them; nothing if none came.
    static func head(from socket: Socket) -> (message: HTTPMessage, rest: [UInt8])? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while bytes.count < 1_048_576 {
            if let range = bytes.firstRange(of: end) {
                let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).split(
                    separator: "\r\n")
                let headers = lines.dropFirst().map { line in
                    let name = line.prefix { $0 != ":" }
                    let value = line.dropFirst(name.count + 1).drop { $0 == " " }
                    return (name.lowercased(), String(value))
                }
                let message = HTTPMessage(
                    startLine: String(lines.first ?? ""),
                    headers: Dictionary(headers, uniquingKeysWith: { $1 }), body: [])
                return (message, Array(bytes[range.upperBound...]))
            }
            guard let more = socket.received() else { return nil }
            bytes += more
        }
        return nil
    }

    /// A whole message, its body by `Content-Length`, by chunks or, of an answer, up to the end.
    static func read(from socket: Socket, isAnswerTo method: String? = nil) -> HTTPMessage? {
        guard var (message, rest) = head(from: socket) else { return nil }
        if method == "HEAD" { return message }
        if message.headers["transfer-encoding"] == "chunked" {
            var chunks = ChunkReader(socket: socket, buffer: rest)
            while let chunk = chunks.next() { message.body += chunk }
            return message
        }
        let length = message.headers["content-length"].flatMap { Int($0) } ?? (method == nil ? 0 : Int.max)
        while rest.count < length, let more = socket.received() { rest += more }
        message.body = Array(rest.prefix(length))
        return message
    }

    /// An answer that ends its connection.
    static func answer(_ status: Int, headers: [(String, String)] = [], body: String = "") -> [UInt8] {
        let all = headers + [("content-length", "\(body.utf8.count)"), ("connection", "close")]
        let head = all.map { "\($0): \($1)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) \(status < 400 ? "OK" : "No")\r\n\(head)\r\n\(body)".utf8)
    }
}

/// The chunks of a chunked body, as they arrive.
struct ChunkReader {
    let socket: Socket
    var buffer: [UInt8]

    /// The next chunk; nothing after the last one, or when the other side is gone.
    mutating func next() -> [UInt8]? {
        guard let line = takeLine(), let length = Int(line.prefix { $0 != ";" }, radix: 16), length > 0 else {
            return nil
        }
        guard fill(length + 2) else { return nil }
        defer { buffer.removeFirst(length + 2) }
        return Array(buffer.prefix(length))
    }

    private mutating func takeLine() -> String? {
        while true {
            if let end = buffer.firstRange(of: [13, 10]) {
                defer { buffer.removeSubrange(..<end.upperBound) }
                return String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
            }
            guard fill(buffer.count + 1) else { return nil }
        }
    }

    private mutating func fill(_ count: Int) -> Bool {
        while buffer.count < count {
            guard let more = socket.received() else { return false }
            buffer += more
        }
        return true
    }
}
