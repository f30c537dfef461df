import VitalsCore

/// A message of a Phoenix channel as JSON (its serializer 1.0.0): `topic`, `event`, `payload` and `ref`, by
/// which a reply is known.
struct PhoenixMessage: Sendable, Equatable {
    let topic: String
    let event: String
    let payload: JSON
    let ref: String?

    init(_ event: String, on topic: String, _ payload: JSON = [:], ref: String?) {
        self.topic = topic
        self.event = event
        self.payload = payload
        self.ref = ref
    }

    /// Nothing: it is none.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes), let topic = json["topic"]?.string,
            let event = json["event"]?.string, let payload = json["payload"]
        else { return nil }
        self.init(event, on: topic, payload, ref: json["ref"]?.string)
    }

    /// - Parameter joinRef: the `ref` of what joined the topic.
    func bytes(joinRef: String? = nil) -> [UInt8] {
        let message: JSON = [
            "topic": .string(topic), "event": .string(event), "payload": payload, "ref": JSON(ref),
            "join_ref": JSON(joinRef),
        ]
        return message.bytes
    }

    /// Whether it says that what was asked for is done; nothing: it is no reply.
    var isGood: Bool? {
        guard event == "phx_reply" else { return nil }
        return payload["status"]?.string == "ok"
    }

    /// Why not, in the server's words.
    var reason: String {
        let response = payload["response"] ?? payload
        let reason = response["reason"] ?? response["message"] ?? response
        return reason.string ?? reason.text
    }
}

extension JSON {
    /// The last member of this name; nothing where there is none, or no object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
