import VitalsCore
import VitalsTesting

@testable import VitalsEngine

/// The engine's values under another shell: one thread, a virtual clock, a scripted network, a faulty store,
/// and a process that may end between any two effects. The seed decides everything.
struct Simulator {
    var scenario: Scenario
    var generator: SeededGenerator
    var trace = Trace()
    var auditor: Auditor
    var store = FaultyTables()
    /// By the place of the health check.
    var targets: [Target]
    var receivers: [ChannelID: Receiver] = [:]
    var network = Network()
    var node: SimulatedNode
    /// Microseconds since the machine's start.
    var boot: Int64 = 0
    /// Of the wall clock: what it says at boot.
    var wallAtBoot = Timestamp(microseconds: 1_795_219_200_000_000)
    /// How many effects are left before the process dies; so many that it does not.
    var effectsLeft = Int.max
    var nextEventAt: Int64 = 0
    /// When each target pings next, where it does, by the place of the health check.
    var pingsAt: [Int64]
    var nextPingAt: Int64 = 0
    /// Whether it said that it began, and not that it ended.
    var isAtWork: [Bool]
    var pingCount = 0
    var isTroubled = false
    var prunedAt = Timestamp(microseconds: 0)
    var commits = 0
    /// The length of all that can happen, and of the calm after it.
    let eventfulUntil: Int64
    let endsAt: Int64

    init(_ scenario: Scenario, _ generator: SeededGenerator) throws(Interruption) {
        self.scenario = scenario
        self.generator = generator
        auditor = Auditor(scenario)
        targets = scenario.ids.map { _ in Target() }
        pingsAt = scenario.ids.map { _ in 0 }
        isAtWork = scenario.ids.map { _ in false }
        for id in Scenario.channelIDs { receivers[id] = Receiver() }
        eventfulUntil = scenario.eventful.microseconds
        endsAt = eventfulUntil + Scenario.calm.microseconds
        node = Self.firstNode(scenario, at: wallAtBoot)
        nextEventAt = self.generator.microseconds(around: scenario.pause)
        // One that flaps from the start is unknown for long, and every run of it disagrees with that.
        for place in targets.indices where self.generator.oneIn(3) { targets[place].behaviour = .flaps }
        try start()
    }

    /// - Returns: how many slots there were.
    mutating func run() throws(Interruption) -> Int {
        while boot < endsAt {
            do {
                try step()
            } catch .crash {
                try die()
                try restart()
            }
        }
        try auditor.finish(node.ledger, store.tables.state, at: now())
        return auditor.slots
    }

    // MARK: Time

    var wall: Timestamp { wallAtBoot + .microseconds(boot) }

    /// The node's instant now.
    mutating func now() -> Timestamp {
        let now = node.clock.now(wall: wall, boot: boot)
        node.offset = now.microseconds - boot
        return now
    }

    private enum Wake {
        case slots, flight, reference, recorder, answer, sending, dispatcher, hop, cutShort, ping, chance
    }

    /// Time goes on to whatever comes first.
    private mutating func step() throws(Interruption) {
        var (first, wake) = (nextEventAt, Wake.chance)
        func consider(_ due: Int64?, _ other: Wake) {
            if let due, due < first { (first, wake) = (due, other) }
        }
        let offset = node.offset
        consider(node.flights.first?.endsAt, .flight)
        if let answersAt = node.writing?.answersAt {
            consider(answersAt, .answer)
        } else {
            consider(node.inbox.nextCommit.map { $0.microseconds - offset }, .recorder)
            consider(node.looksAt, .recorder)
        }
        if let cutsShortAt = node.cutsShortAt {
            consider(cutsShortAt, .cutShort)
        } else {
            consider(node.schedule.nextDue.map { $0.microseconds - offset }, .slots)
            consider(node.dispatch.nextDue.map { $0.microseconds - offset }, .dispatcher)
        }
        consider(nextPingAt, .ping)
        for place in node.answers.indices { consider(node.answers[place].endsAt, .reference) }
        for place in node.sendings.indices { consider(node.sendings[place].endsAt, .sending) }
        for place in node.hops.indices { consider(node.hops[place].arrivesAt, .hop) }
        boot = max(boot, first)
        // Now and then whoever is woken wakes late.
        if generator.next() & 127 == 0 { boot += Int64(generator.below(60_000)) }
        try perform(wake)
        if node.isStopping { try stopIfDone() }
    }

    private mutating func perform(_ wake: Wake) throws(Interruption) {
        switch wake {
        case .slots: try tick()
        case .flight: try endFlight()
        case .reference: try hearReferencePoint()
        case .recorder: try record()
        case .answer: try answer()
        case .sending: try endSending()
        case .dispatcher: try dispatch()
        case .hop: try arrive()
        case .cutShort: try cutShort()
        case .ping: try ping()
        case .chance: try happen()
        }
    }
}
