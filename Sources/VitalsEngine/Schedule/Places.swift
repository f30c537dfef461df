/// The limits on probes in flight, and who waits for a place: so many on this node, so many to one target,
/// and at most half of them to targets that timed out lately, so that what hangs never starves what answers.
/// While the machine cannot keep up there are fewer of them: more runs at once would all be late with what
/// they hear, and none would end in time.
struct Places: Sendable {
    enum Line: Sendable, Equatable {
        /// Somebody waits for it.
        case urgent
        case slots
        /// Slots of targets that hang.
        case hanging
        /// Behind all slots.
        case confirmations
        /// For one of the target's own places.
        case target
        /// The same, behind those.
        case targetConfirmations
    }

    private struct Target: Sendable {
        var inFlight = 0
        var hangs = false
        var line = Queue()
        var confirmations = Queue()
    }

    private let total: Int
    /// How many of `total` there are while the machine is as busy as it is.
    private var limit: Int
    private let perTarget: Int
    /// How many more may be taken in this moment.
    private var left = Int.max
    private var inFlight = 0
    private var hangingInFlight = 0
    private var targets: [Target]
    /// Where each health check waits; what a line still holds of it elsewhere is void.
    private var lines: [Line?]
    /// What each health check wanted when it last had to wait.
    private var wanted: [Line]
    private var urgent = Queue()
    private var slots = Queue()
    private var hanging = Queue()
    private var confirmations = Queue()
    /// Places in a row that slots of answering targets were given while those of hanging ones waited.
    private var passedOver = 0

    /// After so many of them a hanging target has its turn: without it, what hangs under load would never be
    /// seen to answer again.
    private static let mostPassedOver = 8
    /// What falls due is begun within this, or we do too much at once.
    private static let tooLate: Duration = .milliseconds(100)
    private static let leastLimit = 32

    init(total: Int, perTarget: Int, targets: Int, healthChecks: Int) {
        precondition(total > 0)
        precondition(perTarget > 0)
        self.total = total
        limit = total
        self.perTarget = perTarget
        self.targets = Array(repeating: Target(), count: targets)
        lines = Array(repeating: nil, count: healthChecks)
        wanted = Array(repeating: .slots, count: healthChecks)
    }

    /// There are more of them from now on.
    mutating func grow(targets: Int, healthChecks: Int) {
        self.targets += Array(repeating: Target(), count: max(0, targets - self.targets.count))
        let more = max(0, healthChecks - lines.count)
        lines += Array(repeating: nil, count: more)
        wanted += Array(repeating: .slots, count: more)
    }

    /// What fell due was come to so late that less is to be done at once.
    ///
    /// - Returns: whether it was.
    mutating func slowDown(_ lateness: Duration) -> Bool {
        guard lateness > Self.tooLate else { return false }
        limit = min(limit, max(Self.leastLimit, inFlight / 4 * 3))
        return true
    }

    /// The timer rang when it should: a little more may be done at once.
    mutating func speedUp() {
        limit = min(total, limit + limit / 8 + 1)
    }

    /// A moment has begun in which so many places are given, free or not.
    mutating func allow(_ count: Int) {
        left = count
    }

    /// Whether somebody waits for the next moment, and for nothing else.
    var isHeldBack: Bool {
        left == 0 && inFlight < limit && !(slots.isEmpty && confirmations.isEmpty && hanging.isEmpty)
    }

    /// Whether a run to this target counts among those that hang.
    func hangs(_ target: Int) -> Bool { targets[target].hangs }

    /// Whether a health check waits for one of its target's own places.
    func waitsForTarget(_ index: Int) -> Bool {
        lines[index] == .target || lines[index] == .targetConfirmations
    }

    /// Takes a place; or waits for one, and is given back by `next` in its turn.
    mutating func take(_ index: Int, of target: Int, as line: Line) -> Bool {
        guard let other = obstacle(target, line) else {
            lines[index] = nil
            inFlight += 1
            left -= left == 0 || left == .max ? 0 : 1
            targets[target].inFlight += 1
            if targets[target].hangs { hangingInFlight += 1 }
            return true
        }
        wanted[index] = line
        wait(index, target, in: other)
        return false
    }

    /// Gives a place back.
    ///
    /// - Parameters:
    ///   - hung: whether the run was counted among those that hang when it took the place.
    ///   - timedOut: whether it ran into its deadline: then the target hangs, until a run of it does not.
    mutating func release(_ target: Int, hung: Bool, timedOut: Bool) {
        precondition(inFlight > 0)
        precondition(targets[target].inFlight > 0)
        inFlight -= 1
        targets[target].inFlight -= 1
        if hung { hangingInFlight -= 1 }
        targets[target].hangs = timedOut
        promote(target)
    }

    /// Lets the first that waits for this target wait for any place instead, in the line of what it wants.
    mutating func promote(_ target: Int) {
        guard targets[target].inFlight < perTarget,
            let index = popTarget(target, \.line, .target)
                ?? popTarget(target, \.confirmations, .targetConfirmations)
        else { return }
        wait(index, target, in: wanted[index])
    }

    /// Who is next for a free place; nothing when there is none or nobody waits. It does not wait any more.
    mutating func next() -> Int? {
        guard inFlight < limit else { return nil }
        if let index = pop(\.urgent, .urgent) { return index }
        guard left > 0 else { return nil }
        let isTurnOfHanging = passedOver >= Self.mostPassedOver
        if !isTurnOfHanging, let index = pop(\.slots, .slots) {
            passedOver += hanging.isEmpty ? 0 : 1
            return index
        }
        if hangingInFlight < half, let index = pop(\.hanging, .hanging) {
            passedOver = 0
            return index
        }
        return pop(\.slots, .slots) ?? pop(\.confirmations, .confirmations)
    }

    private var half: Int { max(1, total / 2) }

    /// The line in which to wait, if there is no place.
    private func obstacle(_ target: Int, _ line: Line) -> Line? {
        if targets[target].inFlight >= perTarget {
            return line == .confirmations ? .targetConfirmations : .target
        }
        let hangs = targets[target].hangs && line != .urgent
        if inFlight >= limit || left == 0 && line != .urgent {
            return hangs && line == .slots ? .hanging : line
        }
        return hangs && hangingInFlight >= half ? .hanging : nil
    }

    private mutating func wait(_ index: Int, _ target: Int, in line: Line) {
        guard lines[index] != line else { return }
        lines[index] = line
        switch line {
        case .urgent: urgent.append(index)
        case .slots: slots.append(index)
        case .hanging: hanging.append(index)
        case .confirmations: confirmations.append(index)
        case .target: targets[target].line.append(index)
        case .targetConfirmations: targets[target].confirmations.append(index)
        }
    }

    private mutating func popTarget(
        _ target: Int, _ queue: WritableKeyPath<Target, Queue>, _ line: Line
    ) -> Int? {
        while let index = targets[target][keyPath: queue].popFirst() {
            guard lines[index] == line else { continue }
            lines[index] = nil
            return index
        }
        return nil
    }

    private mutating func pop(_ queue: WritableKeyPath<Places, Queue>, _ line: Line) -> Int? {
        while let index = self[keyPath: queue].popFirst() {
            guard lines[index] == line else { continue }
            lines[index] = nil
            return index
        }
        return nil
    }
}

/// First in, first out; each step in constant time on average.
private struct Queue: Sendable {
    private var items: [Int] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }

    mutating func append(_ item: Int) {
        items.append(item)
    }

    mutating func popFirst() -> Int? {
        guard head < items.count else { return nil }
        defer {
            head += 1
            if head > 64, head * 2 > items.count {
                items.removeFirst(head)
                head = 0
            }
        }
        return items[head]
    }
}
