import VitalsCore

/// What a step waits for, and what has come for it: the answer may come in any pieces.
struct AwaitedReply: Sendable {
    private let expectation: TCPScript.Expectation
    /// What came.
    private(set) var heard: [UInt8] = []
    private var search: TextSearch?
    /// A pattern is tried when so much has come.
    private var nextTrial = 1
    private var trials = 0

    /// Trials at every piece. After that only when a quarter more has come, and at the end: a peer that
    /// trickles does not make us look at the same bytes for ever.
    private static let trialsAtOnce = 64

    init(_ expectation: TCPScript.Expectation) {
        self.expectation = expectation
        if case .text(let search) = expectation.kind { self.search = search }
    }

    /// - Returns: how many of the bytes, with all that came before them, make what is waited for; nothing
    ///   while they do not.
    mutating func take(_ bytes: some Collection<UInt8>) throws(PatternOverrun) -> Int? {
        guard case .pattern(let pattern) = expectation.kind else { return find(in: bytes) }
        let before = heard.count
        heard += bytes
        guard heard.count >= nextTrial else { return nil }
        trials += 1
        nextTrial = heard.count + (trials < Self.trialsAtOnce ? 1 : heard.count / 4 + 1)
        guard let match = try pattern.firstMatch(in: heard) else { return nil }
        // It may end in what came before, where it was not tried then.
        return max(0, match.upperBound - before)
    }

    /// Whether a pattern matches all that came, when no more is to come.
    func matchesAtLast() -> Bool {
        guard case .pattern(let pattern) = expectation.kind else { return false }
        return (try? pattern.matches(heard)) ?? false
    }

    private mutating func find(in bytes: some Collection<UInt8>) -> Int? {
        var taken = 0
        for byte in bytes {
            taken += 1
            heard.append(byte)
            if search?.take(byte) == true { return taken }
        }
        return nil
    }
}
