import VitalsCore

extension FuzzTarget {
    /// An instant as whoever asks for history writes it.
    static let instant = FuzzTarget(name: "instant", feed: InstantTarget.feed)
}

private enum InstantTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let instant = Timestamp(iso8601: String(decoding: bytes, as: UTF8.self)) else { return }
        let isInReach = (-62_300_000_000...253_500_000_000).contains(instant.microseconds / 1_000_000)
        try promise(isInReach, "\(instant) is not in ten thousand years")
        // An offset may lead beyond the years that can be written with four digits.
        let isWritten = (-62_167_219_200_000_000..<253_402_300_800_000_000).contains(instant.microseconds)
        guard isWritten else { return }
        let cut = Timestamp(iso8601: instant.iso8601)
        let difference = cut.map { (instant - $0).microseconds } ?? -1
        try promise(
            (0..<1_000).contains(difference), "\(instant.iso8601) reads back as \(String(describing: cut))")
    }
}
