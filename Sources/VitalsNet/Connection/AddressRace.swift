/// Which of a target's addresses is tried when (RFC 8305, 5): the next one as soon as the one before has
/// failed or has had its head start; the first that connects wins.
///
/// Holds no more than three numbers, for every run has one.
struct AddressRace: Equatable {
    enum Move: Equatable {
        case begin(Int)
        /// Others are still under way.
        case wait
        case lost
    }

    private var count: UInt8
    /// So many have been begun, from the first on.
    private(set) var begun: UInt8 = 0
    /// One bit for each that has failed.
    private var failed: UInt64 = 0

    static let maximumCount = 64

    init(_ count: Int) {
        precondition(count <= Self.maximumCount)
        self.count = UInt8(count)
    }

    /// Whether there are more to begin.
    var hasMore: Bool { begun < count }

    /// Those under way, in the order in which they were begun.
    var pending: [Int] {
        (0..<Int(begun)).filter { !hasFailed($0) }
    }

    /// The race begins, or the last one begun has had its head start.
    mutating func proceed() -> Move {
        guard hasMore else { return failed.nonzeroBitCount < Int(begun) ? .wait : .lost }
        begun += 1
        return .begin(Int(begun) - 1)
    }

    /// One has failed.
    ///
    /// - Parameter isLasting: whether those not yet begun would fare no better.
    mutating func fail(_ index: Int, isLasting: Bool) -> Move {
        failed |= 1 << UInt64(index)
        if isLasting { count = begun }
        return proceed()
    }

    /// The next one in turn that has not failed, whatever has become of the one before: for protocols that
    /// know no connection, where silence is all that tells.
    mutating func turn(from index: Int) -> Int? {
        guard count > 0 else { return nil }
        let others = (1...Int(count)).map { (index + $0) % Int(count) }
        guard let next = others.first(where: { !hasFailed($0) }) else { return nil }
        begun = max(begun, UInt8(next + 1))
        return next
    }

    private func hasFailed(_ index: Int) -> Bool { failed & 1 << UInt64(index) != 0 }
}
