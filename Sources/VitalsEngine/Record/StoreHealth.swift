import VitalsCore

/// Whether the store can be written, and when somebody is to be told that it cannot.
struct StoreHealth: Sendable {
    /// Commits that failed, in a row.
    private(set) var failures = 0
    /// All of them since the start.
    private(set) var totalFailures = 0
    private var failingSince: Timestamp?
    private var commitBegan: Timestamp?
    /// Something in it is not what anybody wrote, which no later commit mends.
    private(set) var isDamaged = false
    /// When it was last told that it is damaged (`true`), or that it fails or hangs.
    private var told: [Bool: Timestamp] = [:]
    /// Whether the end of what was told is still to be told.
    private var owesEnd = false

    private static let patience: Duration = .seconds(10)
    /// A store that fails now and then is told of this often at most.
    private static let pause: Duration = .seconds(3_600)

    /// It has failed neither three times nor for 10 s, and no commit hangs.
    func isWritable(at now: Timestamp) -> Bool {
        failures < 3 && !isOver(failingSince, at: now) && !hangs(at: now)
    }

    mutating func began(at now: Timestamp) {
        commitBegan = now
    }

    /// - Returns: whether to tell.
    mutating func failed(as trouble: StoreTrouble, at now: Timestamp) -> Bool {
        commitBegan = nil
        failures += 1
        totalFailures += 1
        failingSince = failingSince ?? now
        if trouble == .damaged { isDamaged = true }
        // A blip is in the log; people are called when it lasts. Damage does not pass.
        guard trouble == .damaged || !isWritable(at: now) else { return false }
        return mustTell(trouble, at: now)
    }

    /// - Returns: whether to tell that it is well again.
    mutating func committed() -> Bool {
        commitBegan = nil
        failures = 0
        failingSince = nil
        defer { owesEnd = false }
        return owesEnd
    }

    /// Looks whether a commit hangs.
    ///
    /// - Returns: whether to tell.
    mutating func looked(at now: Timestamp) -> Bool {
        hangs(at: now) && mustTell(.hanging, at: now)
    }

    /// Something was found in it that nobody wrote.
    ///
    /// - Returns: whether to tell.
    mutating func foundDamage(at now: Timestamp) -> Bool {
        isDamaged = true
        return mayTell(.damaged, at: now)
    }

    private func hangs(at now: Timestamp) -> Bool { isOver(commitBegan, at: now) }

    private func isOver(_ since: Timestamp?, at now: Timestamp) -> Bool {
        since.map { now - $0 > Self.patience } ?? false
    }

    private mutating func mustTell(_ trouble: StoreTrouble, at now: Timestamp) -> Bool {
        let isTold = mayTell(trouble, at: now)
        if isTold { owesEnd = true }
        return isTold
    }

    private mutating func mayTell(_ trouble: StoreTrouble, at now: Timestamp) -> Bool {
        let isDamage = trouble == .damaged
        if let last = told[isDamage], now - last < Self.pause { return false }
        told[isDamage] = now
        return true
    }
}
