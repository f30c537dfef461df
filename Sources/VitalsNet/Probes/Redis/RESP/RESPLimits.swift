/// How much is taken of one reply.
struct RESPLimits: Sendable, Equatable {
    /// Values in it, those within others included.
    var elements = 4_096
    /// Of its texts, together.
    var bytes = 256 << 10
    /// Whether what is beyond that is passed over, and the reply goes on; otherwise it is a fault.
    var passesOver = false

    /// Values within values: no reply of a server comes near.
    static let depth = 16
    /// Of what ends with a line break: numbers, errors, simple strings.
    static let line = 8_192
    /// A longer string breaks the protocol (`proto-max-bulk-len` is 512 MiB by default).
    static let longestBulk = 1 << 31
}

/// Why bytes are no reply.
enum RESPFault: Error, Equatable {
    /// Not this protocol from the first byte on.
    case foreign([UInt8])
    case malformed(String)
    case tooLong
}
