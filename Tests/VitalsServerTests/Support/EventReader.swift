import Foundation

/// A live stream as a client reads it.
final class EventReader {
    struct Event: Equatable {
        var id: String?
        var type: String?
        var data: String?
        /// `:` alone.
        var isHeartbeat = false

        var json: [String: Any] {
            get throws {
                try JSONSerialization.jsonObject(with: Data((data ?? "").utf8)) as? [String: Any] ?? [:]
            }
        }
    }

    let connection: HTTPConnection
    let head: Answer
    private var text = ""

    /// Opens a stream and reads the head of the answer.
    static func open(
        _ server: TestServer, _ query: String = "", headers: [String] = [], readsByItself: Bool = true
    ) async throws -> EventReader {
        let connection = try await HTTPConnection.open(port: server.port)
        let lines = ["GET /api/v1/stream\(query) HTTP/1.1", "Host: localhost"] + headers + ["", ""]
        try await connection.send(lines.joined(separator: "\r\n"))
        let head = try await connection.head()
        if !readsByItself { try await connection.setReading(false) }
        return EventReader(connection, head)
    }

    private init(_ connection: HTTPConnection, _ head: Answer) {
        self.connection = connection
        self.head = head
    }

    /// The next block of the stream that is no heartbeat; nothing at its end.
    func next() async throws -> Event? {
        while let event = try await nextOfAny() {
            if !event.isHeartbeat { return event }
        }
        return nil
    }

    /// The next block of the stream; nothing at its end.
    func nextOfAny() async throws -> Event? {
        while true {
            if let end = text.range(of: "\n\n") {
                let block = text[..<end.lowerBound]
                text = String(text[end.upperBound...])
                return Self.event(String(block))
            }
            guard let chunk = try await connection.chunk() else { return nil }
            text += String(decoding: chunk, as: UTF8.self)
        }
    }

    private static func event(_ block: String) -> Event {
        guard block != ":" else { return Event(isHeartbeat: true) }
        var event = Event()
        for line in block.components(separatedBy: "\n") {
            let parts = line.components(separatedBy: ": ")
            let value = parts.dropFirst().joined(separator: ": ")
            switch parts[0] {
            case "id": event.id = value
            case "event": event.type = value
            case "data": event.data = value
            default: break
            }
        }
        return event
    }
}
