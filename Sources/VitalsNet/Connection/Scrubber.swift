import VitalsCore

/// Hides known secrets in texts: as they are, percent-encoded, and the pieces that a reader may have split
/// them into.
struct Scrubber: Sendable {
    private static let mask = Array("•••".utf8)
    /// Pieces shorter than this would hide half of every text.
    private static let shortestPiece = 4

    /// Longest first, so that a piece never spoils the whole that it is part of.
    private let needles: [[UInt8]]

    init(_ secrets: [Secret]) {
        var forms: Set<[UInt8]> = []
        for secret in secrets where !secret.revealed.isEmpty {
            let raw = Array(secret.revealed.utf8)
            let encoded = Array(PercentEncoding.encode(secret.revealed).utf8)
            forms.formUnion([raw, encoded, Self.lowercaseEscapes(encoded)])
            for piece in raw.split(whereSeparator: Self.separators.contains)
            where piece.count >= Self.shortestPiece {
                forms.insert(Array(piece))
            }
        }
        needles = forms.sorted { $0.count > $1.count }
    }

    func scrub(_ text: String) -> String {
        guard !needles.isEmpty else { return text }
        var bytes = Array(text.utf8)
        var isChanged = false
        for needle in needles where Self.replace(needle, in: &bytes) {
            isChanged = true
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    private static let separators = Set("@:/?#&= \t\r\n".utf8)

    private static func replace(_ needle: [UInt8], in bytes: inout [UInt8]) -> Bool {
        guard bytes.count >= needle.count else { return false }
        var result: [UInt8] = []
        var index = 0
        var isFound = false
        while index < bytes.count {
            if bytes[index] == needle[0], bytes[index...].starts(with: needle) {
                result += mask
                index += needle.count
                isFound = true
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        if isFound { bytes = result }
        return isFound
    }

    /// What is percent-encoded, with `%3a` for `%3A`.
    private static func lowercaseEscapes(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") {
            for digit in index + 1...index + 2 where result[digit] >= UInt8(ascii: "A") {
                result[digit] |= 0x20
            }
        }
        return result
    }
}
