import Hummingbird
import VitalsCore
import VitalsEngine

/// `Idempotency-Key` of one request, by which one that is sent again is known.
struct RequestKey: Sendable, Equatable {
    /// That of the request being carried out; nothing: it has none.
    @TaskLocal static var current: RequestKey?

    let text: String
    let fingerprint: RequestFingerprint

    private static let longest = 255

    /// Nothing where none is given; throws `bad_request` where it cannot be one.
    static func text(in request: Request) throws(Problem) -> String? {
        let given = request.headers.all("idempotency-key")
        guard let text = given.first else { return nil }
        guard given.count == 1, (1...longest).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw Problem(
                .badRequest, "Idempotency-Key is given once, and is 1 to \(longest) letters of ASCII.")
        }
        return text
    }

    init(_ text: String, of request: Request, body: some Sequence<UInt8>) {
        self.text = text
        let head = "\(request.method.rawValue) \(request.uri.path)\n"
        fingerprint = RequestFingerprint(Array(head.utf8) + Array(body))
    }

    /// Where it is kept with what was made under it: not the key itself, which may mean something.
    var place: ResourceKey { ResourceKey(.request, RequestFingerprint(text.utf8).text) }

    /// What is kept.
    func record(at now: Timestamp) -> JSON {
        ["request": .string(fingerprint.text), "at": .integer(now.microseconds)]
    }
}

extension StoredConfiguration {
    private static let mostRequests = 1_000

    /// Whether something was made under this key, and by this very request; nothing: nothing was, lately.
    func isRepeated(_ key: RequestKey, at now: Timestamp) -> Bool? {
        guard let body = self[key.place]?.body, !Self.isOver(body, at: now) else { return nil }
        return body["request"]?.asText == key.fingerprint.text
    }

    /// Keeps it with what is made under it, and no more of them than are needed.
    mutating func keep(_ key: RequestKey, at now: Timestamp) {
        let others = items.filter { $0.key.kind == .request && $0.key != key.place }
            .sorted { Self.instant($0.value.body) < Self.instant($1.value.body) }
        for (index, other) in others.enumerated() {
            let isTooMany = others.count - index >= Self.mostRequests
            if isTooMany || Self.isOver(other.value.body, at: now) { remove(other.key) }
        }
        put(key.place, key.record(at: now))
    }

    private static func isOver(_ body: JSON, at now: Timestamp) -> Bool {
        now.microseconds - instant(body) >= RequestLedger<Never>.lifetime.microseconds
    }

    private static func instant(_ body: JSON) -> Int64 {
        if case .integer(let microseconds) = body["at"] { microseconds } else { 0 }
    }
}
