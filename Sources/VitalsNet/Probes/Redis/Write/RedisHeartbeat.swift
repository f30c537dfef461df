import VitalsCore

/// The key that a prober keeps on a Redis or Valkey server. It goes by itself when nobody writes it any more.
struct RedisHeartbeat: Sendable, Equatable {
    let prober: String
    /// What is written, and must read back: never used before.
    let token: String
    /// How long it stays without being written again.
    let expires: Duration

    /// What a user that watches may write.
    static let prefix = "vitals:"
    static let usualExpiry = Duration.seconds(3_600)

    /// One of the server's own, where it has a part of a cluster's slots: always the same, as long as the
    /// server has the same slots.
    ///
    /// - Parameter slots: that the server has; none: all there are.
    func key(in slots: [ClosedRange<Int>] = []) -> String {
        let key = "\(Self.prefix)hb:\(prober)"
        guard !slots.isEmpty else { return key }
        let tag = (0..<Self.mostTags).first { number in
            let slot = ClusterSlot.of(tag: String(number))
            return slots.contains { $0.contains(slot) }
        }
        return tag.map { "\(key):{\($0)}" } ?? key
    }

    /// Enough for a server with a single slot.
    private static let mostTags = 200_000

    func set(_ key: String) -> [String] {
        ["SET", key, token, "EX", String(max(expires.microseconds / 1_000_000, 1))]
    }
}

/// Which of a cluster's 16,384 slots a key belongs to (redis.io, cluster specification): the CRC of what
/// stands in its braces.
enum ClusterSlot {
    /// - Parameter tag: what stands in the braces.
    static func of(tag: String) -> Int { Int(crc(tag)) % ClusterState.slots }

    /// CRC-16/XMODEM: polynomial 0x1021, beginning with 0.
    private static func crc(_ text: String) -> UInt16 {
        text.utf8.reduce(UInt16(0)) { crc, byte in
            (0..<8).reduce(crc ^ UInt16(byte) << 8) { crc, _ in
                crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021
            }
        }
    }

    /// The slots of the node that was asked, of what `CLUSTER NODES` says: a line a node, the slots from the
    /// ninth word on; those on their way elsewhere stand in brackets.
    static func own(_ nodes: String) -> [ClosedRange<Int>] {
        let line = nodes.split(whereSeparator: \.isNewline).first { line in
            line.split(separator: " ").dropFirst(2).first?.split(separator: ",").contains("myself") ?? false
        }
        guard let line else { return [] }
        return line.split(separator: " ").dropFirst(8).compactMap { word in
            let ends = word.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, (0...last).contains(first), ends.count <= 2,
                last < ClusterState.slots
            else { return nil }
            return first...last
        }
    }
}
