import VitalsCore

/// The header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date.
enum RetryAfter {
    /// A receiver cannot put us off for longer.
    static let maximum: Duration = .seconds(86_400)

    /// From `now` on; nothing if the text is neither, zero if the date is past.
    static func duration(_ text: String, at now: Timestamp) -> Duration? {
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return min(.seconds(Int64(text) ?? .max / 2_000_000), maximum)
        }
        guard let seconds = HTTPDate.secondsSinceEpoch(text) else { return nil }
        return min(max(.seconds(seconds) - .microseconds(now.microseconds), .zero), maximum)
    }
}
