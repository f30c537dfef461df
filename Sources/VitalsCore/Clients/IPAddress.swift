/// An address of the Internet. One of IPv4 that is written as one of IPv6 (`::ffff:192.0.2.1`, as a listener
/// on both families sees it) is the one of IPv4.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 4 of IPv4, 16 of IPv6.
    package let bytes: [UInt8]

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    private init(bytes: [UInt8]) {
        self.bytes = bytes.starts(with: Self.mapped) && bytes.count == 16 ? Array(bytes.suffix(4)) : bytes
    }

    /// As it is normally written, IPv6 without brackets and zone; nothing for anything else.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45, let bytes = Self.four(text) ?? Self.sixteen(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// Whether it is this machine itself.
    package var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// The first bits of it, the others zero.
    package func prefix(_ bits: Int) -> IPAddress {
        IPAddress(
            bytes: bytes.enumerated().map { index, byte in
                let kept = min(8, max(0, bits - index * 8))
                return kept == 0 ? 0 : byte & (0xFF << (8 - kept))
            })
    }

    /// IPv6 in its short form (RFC 5952).
    package var description: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let zeros = Self.longestZeros(groups)
        let texts = groups.map { String($0, radix: 16) }
        guard zeros.count > 1 else { return texts.joined(separator: ":") }
        return texts[..<zeros.lowerBound].joined(separator: ":") + "::"
            + texts[zeros.upperBound...].joined(separator: ":")
    }

    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest
    }

    private static func four(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        // Neither `+1` nor `01`, which some read as octal.
        let bytes = parts.compactMap { part in UInt8(part).flatMap { String($0) == part ? $0 : nil } }
        return bytes.count == 4 ? bytes : nil
    }

    private static func sixteen(_ text: some StringProtocol) -> [UInt8]? {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (3...9).contains(parts.count) else { return nil }
        if parts[0].isEmpty {
            guard parts[1].isEmpty else { return nil }
            parts.removeFirst()
        }
        if parts[parts.count - 1].isEmpty, parts.count > 1 {
            guard parts[parts.count - 2].isEmpty else { return nil }
            parts.removeLast()
        }
        var head: [UInt8] = []
        var tail: [UInt8]?
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                guard tail == nil else { return nil }
                tail = []
                continue
            }
            let isLast = index == parts.count - 1
            guard let bytes = isLast && part.contains(".") ? four(part) : group(part) else { return nil }
            if tail == nil { head += bytes } else { tail? += bytes }
        }
        guard let tail else { return head.count == 16 ? head : nil }
        let gap = 16 - head.count - tail.count
        return gap >= 2 ? head + [UInt8](repeating: 0, count: gap) + tail : nil
    }

    private static func group(_ part: some StringProtocol) -> [UInt8]? {
        let isHexadecimal = (1...4).contains(part.utf8.count) && part.allSatisfy(\.isHexDigit)
        guard isHexadecimal, let value = UInt16(part, radix: 16) else { return nil }
        return [UInt8(value >> 8), UInt8(value & 0xFF)]
    }
}

/// All addresses that begin with the same bits.
package struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    private let first: IPAddress
    private let bits: Int

    /// `10.0.0.0/8`, `fd00::/8`, or one address alone; nothing for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress($0) }) else { return nil }
        let all = address.bytes.count * 8
        guard parts.count == 2 else {
            (first, bits) = (address, all)
            return
        }
        guard let bits = Int(parts[1]), String(bits) == parts[1], (0...all).contains(bits) else { return nil }
        (first, self.bits) = (address.prefix(bits), bits)
    }

    /// Whether an address is one of them.
    package func contains(_ address: IPAddress) -> Bool {
        address.bytes.count == first.bytes.count && address.prefix(bits) == first
    }

    package var description: String { "\(first)/\(bits)" }
}
