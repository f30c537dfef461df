/// Speaks to a running server as any program would.
struct APIClient: Sendable {
    let port: UInt16
    var token: String?
    /// What the request names as its host.
    var host: String?

    /// Sends one request over a connection of its own.
    func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: String = ""
    ) async throws -> HTTPMessage {
        let request = bytes(of: method, path, headers: headers, body: body)
        let port = port
        return try await onThread {
            let socket = try Socket.connected(to: port)
            defer { socket.close() }
            socket.send(request)
            guard let answer = HTTPMessage.read(from: socket, isAnswerTo: method) else {
                throw NoAnswer(description: "\(method) \(path) got no answer")
            }
            return answer
        }
    }

    func get(_ path: String) async throws -> HTTPMessage {
        try await send("GET", path)
    }

    /// The JSON at a path of the API (`systems`, `health-checks/a.b`), which must answer 200.
    func json(_ path: String) async throws -> JSONValue {
        let answer = try await get("/api/v1/\(path)")
        guard answer.status == 200 else {
            throw NoAnswer(description: "\(path) answered \(answer.status): \(answer.text)")
        }
        return try JSONValue(parsing: answer.text)
    }

    func healthCheck(_ id: String) async throws -> JSONValue {
        try await json("health-checks/\(id)")
    }

    /// Asks for one run now.
    func run(_ id: String) async throws -> HTTPMessage {
        try await send("POST", "/api/v1/health-checks/\(id)/run")
    }

    /// Every item of a list, page by page.
    func all(_ path: String) async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var cursor: String?
        repeat {
            let separator = path.contains("?") ? "&" : "?"
            let page = try await json(path + (cursor.map { "\(separator)cursor=\($0)" } ?? ""))
            items += page["items"].items
            cursor = page["next_cursor"].string
        } while cursor != nil
        return items
    }

    /// Opens the live stream.
    func stream(
        _ query: String, lastEventID: String? = nil, noticed: @escaping @Sendable () -> Void = {}
    ) async throws -> EventStream {
        let request = bytes(
            of: "GET", "/api/v1/stream?\(query)", headers: lastEventID.map { [("Last-Event-ID", $0)] } ?? [],
            body: "")
        return try await EventStream(port: port, request: request, noticed: noticed)
    }

    private func bytes(
        of method: String, _ path: String, headers: [(String, String)], body: String
    ) -> [UInt8] {
        var all = [("host", host ?? "127.0.0.1:\(port)"), ("connection", "close")] + headers
        if let token { all.append(("authorization", "Bearer \(token)")) }
        if method == "POST" || !body.isEmpty { all.append(("content-length", "\(body.utf8.count)")) }
        let head = all.map { "\($0): \($1)\r\n" }.joined()
        return Array("\(method) \(path) HTTP/1.1\r\n\(head)\r\n\(body)".utf8)
    }
}

/// A request that got no answer, or one that the test cannot use.
struct NoAnswer: Error, CustomStringConvertible {
    let description: String
}
