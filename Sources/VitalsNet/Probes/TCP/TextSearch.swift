/// Finds some bytes in what comes one byte after the other (Knuth, Morris and Pratt): each is looked at once,
/// whatever a peer sends.
struct TextSearch: Sendable, Equatable {
    let bytes: [UInt8]
    /// For each length found so far: how much of it may be the start of another find.
    private let fallbacks: [Int]
    private var found = 0

    /// - Parameter bytes: at least one.
    init(_ bytes: [UInt8]) {
        precondition(!bytes.isEmpty)
        self.bytes = bytes
        var fallbacks = [0]
        var length = 0
        for byte in bytes.dropFirst() {
            while length > 0, bytes[length] != byte { length = fallbacks[length - 1] }
            if bytes[length] == byte { length += 1 }
            fallbacks.append(length)
        }
        self.fallbacks = fallbacks
    }

    /// - Returns: whether what is looked for ends with this byte; nothing may be taken after that.
    mutating func take(_ byte: UInt8) -> Bool {
        while found > 0, bytes[found] != byte { found = fallbacks[found - 1] }
        if bytes[found] == byte { found += 1 }
        return found == bytes.count
    }
}
