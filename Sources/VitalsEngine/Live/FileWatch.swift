/// When files are to be read again: once they have changed, and look the same twice, so that none is read
/// while it is being written.
struct FileWatch: Sendable {
    /// As they were when they were last read.
    private var read: String
    private var seen: String
    private var isDemanded = false

    /// - Parameter fingerprint: another text once a file is another.
    init(_ fingerprint: String) {
        read = fingerprint
        seen = fingerprint
    }

    /// Whoever wants them read knows that they are whole.
    mutating func demand() { isDemanded = true }

    /// Looked at again.
    ///
    /// - Returns: whether they are to be read now.
    mutating func isDue(_ fingerprint: String) -> Bool {
        defer { seen = fingerprint }
        return isDemanded || fingerprint != read && fingerprint == seen
    }

    /// They were read as they were then, and found to be right or wrong.
    mutating func loaded(_ fingerprint: String) {
        read = fingerprint
        isDemanded = false
    }
}
