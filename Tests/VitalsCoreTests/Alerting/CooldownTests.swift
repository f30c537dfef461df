import Testing
import VitalsCore

/// What happens, by its second, and what a channel with a cooldown is told, by the second in which it was.
///
/// Events: `degraded`, `down`, `recovered`, `stale`, `ended`. The receiver: `refuses`, `takes` (from then
/// on); `restart`, `drop` (the channel was disabled), `unbound`; `without`, `shorter` (100 s) and `longer`
/// (900 s) cooldown; `until600`: the health check is snoozed until that second, `awake`: not any more.
struct CooldownRow: Sendable, CustomTestStringConvertible {
    let script: String
    let told: String
    let cooldown: Int

    init(_ script: String, _ told: String, cooldown: Int = 300) {
        self.script = script
        self.told = told
        self.cooldown = cooldown
    }

    var testDescription: String { script }

    func check() {
        var play = CooldownPlay(cooldown: .seconds(cooldown))
        play.run(script)
        #expect(play.told == told)
    }
}

/// Tells at once whatever may be told; what is refused is tried again each second.
private struct CooldownPlay {
    private(set) var desk: Desk
    private(set) var told = ""
    private var takes = true
    private var episode: EpisodeID?
    private var state = State.healthy

    init(cooldown: Duration) {
        desk = Desk(cooldown: cooldown)
    }

    /// For an hour.
    mutating func run(_ script: String) {
        var acts: [Int: [String]] = [:]
        for act in script.split(separator: ", ") {
            let words = act.split(separator: " ").map(String.init)
            acts[Int(words[0]) ?? 0, default: []].append(words[1])
        }
        for second in 0...3_600 {
            desk.now = .second(Double(second))
            for act in acts[second] ?? [] { self.act(act) }
            send(second)
        }
    }

    private mutating func send(_ second: Int) {
        repeat {
            guard takes, let active = desk.pager.active else { continue }
            let kind = desk.sent.last { $0.id == active }?.kind
            told += (told.isEmpty ? "" : ", ") + "\(second) \(kind.map { "\($0)" } ?? "")"
            desk.finish()
        } while desk.begin()
    }

    private mutating func act(_ word: String) {
        switch word {
        case "refuses": takes = false
        case "takes": takes = true
        case "restart": desk.restart()
        case "drop": desk.drop()
        case "unbound": desk.binding = nil
        case "without": desk.change(cooldown: .zero)
        case "shorter": desk.change(cooldown: .seconds(100))
        case "longer": desk.change(cooldown: .seconds(900))
        case "awake": desk.snooze(until: nil)
        default:
            if let kind = HealthEvent.Kind(rawValue: word) { happen(kind) }
            if word.hasPrefix("until"), let second = Double(word.dropFirst(5)) {
                desk.snooze(until: .second(second))
            }
        }
    }

    private mutating func happen(_ kind: HealthEvent.Kind) {
        let before = state
        switch kind {
        case .down: state = .unhealthy
        case .degraded: state = .degraded
        case .recovered: state = .healthy
        case .ended, .stale: state = .unknown
        }
        if kind == .down || kind == .degraded {
            episode = episode ?? EpisodeID(of: ordersSQL, openedBy: desk.now)
        }
        desk.hear(
            HealthEvent(
                kind, of: ordersSQL, at: desk.now, episode: episode, reason: nil, from: before, to: state))
        if kind == .recovered || kind == .ended { episode = nil }
    }
}

@Suite("After a message was delivered a channel is left in peace for a while")
struct CooldownTests {
    @Test(
        "inside the cooldown nothing goes out, and when it ends the state as it is",
        arguments: [
            CooldownRow("0 degraded, 60 recovered", "0 degraded, 300 recovered"),
            CooldownRow("0 down, 60 recovered", "0 down, 300 recovered"),
            CooldownRow("0 down, 60 degraded", "0 down, 300 degraded"),
            CooldownRow("0 down, 60 stale", "0 down, 300 stale"),
            CooldownRow("0 down, 60 ended", "0 down, 300 ended"),
            CooldownRow("0 down, 60 degraded, 90 recovered", "0 down, 300 recovered"),
            CooldownRow("0 down, 299 recovered", "0 down, 300 recovered"),
            CooldownRow("0 down, 300 recovered", "0 down, 300 recovered"),
            CooldownRow("0 down, 301 recovered", "0 down, 301 recovered"),
        ])
    func held(row: CooldownRow) { row.check() }

    @Test(
        "if by then it is what was last told, nothing is",
        arguments: [
            CooldownRow("0 degraded, 60 recovered, 90 degraded", "0 degraded"),
            CooldownRow("0 down, 60 recovered, 90 down", "0 down"),
            CooldownRow(
                "0 down, 400 recovered, 420 down, 500 recovered", "0 down, 400 recovered"),
            CooldownRow(
                "0 degraded, 60 recovered, 90 degraded, 400 recovered", "0 degraded, 400 recovered"),
        ])
    func back(row: CooldownRow) { row.check() }

    @Test(
        "an escalation, from degraded to unhealthy, goes out all the same, and begins a cooldown of its own",
        arguments: [
            CooldownRow("0 degraded, 60 down", "0 degraded, 60 down"),
            CooldownRow("0 degraded, 60 down, 90 recovered", "0 degraded, 60 down, 360 recovered"),
            CooldownRow("0 degraded, 60 recovered, 90 down", "0 degraded, 90 down"),
            CooldownRow(
                "0 degraded, 60 down, 90 degraded, 120 down", "0 degraded, 60 down"),
            CooldownRow("0 degraded, 10 down, 20 degraded", "0 degraded, 10 down, 310 degraded"),
        ])
    func escalation(row: CooldownRow) { row.check() }

    @Test(
        "nothing else is one: neither to unhealthy from anything that was not told as degraded",
        arguments: [
            CooldownRow("0 down, 400 recovered, 420 down", "0 down, 400 recovered, 700 down"),
            CooldownRow("0 down, 400 stale, 420 down", "0 down, 400 stale, 700 down"),
        ])
    func noEscalation(row: CooldownRow) { row.check() }

    @Test(
        "one that flaps every so often for 10 min is told of three times at most until then",
        arguments: [
            (30, 0, "0 degraded, 330 recovered"), (30, 1, "1 degraded, 331 recovered"),
            (29, 0, "0 degraded, 319 recovered, 619 degraded, 919 recovered"),
            (10, 0, "0 degraded, 310 recovered, 610 degraded, 910 recovered"),
            (45, 0, "0 degraded, 315 recovered"),
        ])
    func flapping(pause: Int, first: Int, told: String) {
        let script = (0...600 / pause).map { number in
            "\(first + number * pause) \(number % 2 == 0 ? "degraded" : "recovered")"
        }
        CooldownRow((script + ["630 recovered"]).joined(separator: ", "), told).check()
        let untilThen = told.split(separator: ", ").compactMap {
            $0.split(separator: " ").first.flatMap { Int($0) }
        }
        #expect(untilThen.count { $0 <= 600 } <= 3)
    }

    @Test(
        "another cooldown holds at once, for what waits too",
        arguments: [
            CooldownRow("0 down, 60 recovered, 90 without", "0 down, 90 recovered"),
            CooldownRow("0 down, 60 recovered, 90 shorter", "0 down, 100 recovered"),
            CooldownRow("0 down, 60 recovered, 200 shorter", "0 down, 200 recovered"),
            CooldownRow("0 down, 60 recovered, 90 longer", "0 down, 900 recovered"),
            CooldownRow("0 down, 90 longer, 400 recovered", "0 down, 900 recovered"),
            CooldownRow("0 down, 90 without, 95 longer, 400 recovered", "0 down, 400 recovered"),
        ])
    func changed(row: CooldownRow) { row.check() }

    @Test(
        "it begins with a delivered message, not with an attempted one",
        arguments: [
            CooldownRow("0 refuses, 0 degraded, 40 takes, 60 recovered", "40 degraded, 340 recovered"),
            CooldownRow("0 refuses, 0 degraded, 60 recovered, 90 takes", "90 degraded, 390 recovered"),
            CooldownRow("0 refuses, 0 degraded, 60 down, 90 takes", "90 degraded, 90 down"),
        ])
    func delivered(row: CooldownRow) { row.check() }

    @Test("a message that failed for good begins none")
    func failed() {
        var desk = Desk(cooldown: .seconds(300))
        let episode = EpisodeID(of: ordersSQL, openedBy: .second(0))
        func event(_ kind: HealthEvent.Kind, _ second: Double) -> HealthEvent {
            HealthEvent(
                kind, of: ordersSQL, at: .second(second), episode: episode, reason: nil, from: .unknown,
                to: .unknown)
        }
        desk.hear(event(.down, 0))
        desk.begin()
        desk.finish(isDelivered: false)
        #expect(desk.pager.deliveredAt == nil)
        desk.now = .second(10)
        desk.hear(event(.recovered, 10))
        let isBegun = desk.begin()
        #expect(isBegun)
    }

    @Test(
        "a restart changes nothing of it",
        arguments: [
            CooldownRow("0 down, 10 restart, 60 recovered", "0 down, 300 recovered"),
            CooldownRow("0 down, 60 recovered, 90 restart", "0 down, 300 recovered"),
            CooldownRow("0 down, 400 recovered, 410 restart, 420 down", "0 down, 400 recovered, 700 down"),
            CooldownRow("0 degraded, 10 restart, 60 down", "0 degraded, 60 down"),
        ])
    func restarted(row: CooldownRow) { row.check() }

    @Test(
        "what is held is told, whatever was rebound; a channel that was disabled is told nothing more",
        arguments: [
            CooldownRow("0 down, 60 unbound, 90 recovered", "0 down, 300 recovered"),
            CooldownRow("0 down, 60 recovered, 90 unbound", "0 down, 300 recovered"),
            CooldownRow("0 down, 60 recovered, 90 drop", "0 down"),
            CooldownRow("0 down, 60 drop, 90 recovered, 120 down", "0 down, 120 down"),
        ])
    func rebound(row: CooldownRow) { row.check() }

    @Test(
        "without one, everything goes out at once",
        arguments: [
            CooldownRow("0 degraded, 60 recovered", "0 degraded, 60 recovered", cooldown: 0),
            CooldownRow(
                "0 down, 1 recovered, 2 down, 3 recovered", "0 down, 1 recovered, 2 down, 3 recovered",
                cooldown: 0),
        ])
    func none(row: CooldownRow) { row.check() }

    @Test("a channel that has none any more forgets when it was last told, with the next message")
    func switchedOff() {
        var pager = Pager(ordersSQL, ops, deliveredAt: .second(0))
        #expect(!pager.isIdle)
        let event = HealthEvent(
            .down, of: ordersSQL, at: .second(5), episode: EpisodeID(of: ordersSQL, openedBy: .second(5)),
            reason: nil, from: .healthy, to: .unhealthy)
        let effects = pager.apply(event, Binding(ops), at: .second(5))
        #expect(effects.last == pager.waiting.map { .ready($0.id) })
        #expect(pager.heldUntil == nil)
        if let waiting = pager.waiting {
            let isBegun = pager.claim(waiting.id, at: .second(6))
            _ = pager.finish(waiting.id, deliveredAt: .second(6), at: .second(6))
            #expect(isBegun)
        }
        #expect(pager.deliveredAt == nil)
    }
}
