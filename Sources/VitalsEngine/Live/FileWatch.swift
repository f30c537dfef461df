/// When files are to be read again: once they have changed, and look the same twice, so that none is read
/// while it is being written.
package struct FileWatch: Sendable {
    /// As they were when they were last read.
    private var read: String
    private var seen: String
    private var isDemanded = false

    /// - Parameter fingerprint: another text once a file is another.
    package init(_ fingerprint: String) {
        read = fingerprint
        seen = fingerprint
    }

    /// Whoever wants them read knows that they are whole.
    package mutating func demand() { isDemanded = true }

    /// Looked at again.
    ///
    /// - Returns: whether they are to be read now.
    package mutating func isDue(_ fingerprint: String) -> Bool {
        defer { seen = fingerprint }
        return isDemanded || fingerprint != read && fingerprint == seen
    }

    /// They were read as they were then, and found to be right or wrong.
    package mutating func loaded(_ fingerprint: String) {
        read = fingerprint
        isDemanded = false
    }
}
