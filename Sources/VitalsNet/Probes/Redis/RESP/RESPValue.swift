/// One value of the protocol (RESP2 and RESP3, redis.io/docs/reference/protocol-spec), whichever way it was
/// written.
indirect enum RESPValue: Sendable, Equatable {
    /// A simple, bulk or verbatim string; what is no UTF-8 is repaired.
    case text(String)
    case integer(Int64)
    /// A double or a big number, as it was written.
    case number(String)
    case bool(Bool)
    case null
    case error(RedisServerError)
    /// A set and what is pushed, too.
    case array([RESPValue])
    /// Key and value by turns.
    case map([RESPValue])
}

extension RESPValue {
    /// A scalar as text; nothing for null, an error and what has parts.
    var scalar: String? {
        switch self {
        case .text(let text), .number(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): flag ? "1" : "0"
        case .null, .error, .array, .map: nil
        }
    }

    /// Its parts, one after the other; nothing where it has none.
    var parts: [RESPValue]? {
        switch self {
        case .array(let parts), .map(let parts): parts
        default: nil
        }
    }

    /// The value of a key in a map, or in a list that has keys and values by turns, as RESP2 writes maps.
    subscript(key: String) -> RESPValue? {
        guard let parts else { return nil }
        let index = stride(from: 0, to: parts.count - 1, by: 2).first { parts[$0].scalar == key }
        return index.map { parts[$0 + 1] }
    }
}
