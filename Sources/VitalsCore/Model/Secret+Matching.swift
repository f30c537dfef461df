extension Secret {
    /// Whether a text is this one. Takes as long whatever is in them, so that a secret cannot be found out
    /// letter by letter; the empty text matches nothing.
    package func matches(_ given: String) -> Bool {
        let given = Array(given.utf8)
        let expected = Array(revealed.utf8)
        guard !given.isEmpty, !expected.isEmpty else { return false }
        var difference: UInt8 = given.count == expected.count ? 0 : 1
        for (index, byte) in given.enumerated() {
            difference |= byte ^ expected[index % expected.count]
        }
        return difference == 0
    }
}
