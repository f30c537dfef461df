import Testing
import VitalsCore

/// A pool that is looked at each minute or so: how many of its connections are in use, and which looks let
/// somebody know.
private struct Pool {
    static let rule = VitalRule(
        "connections_used_percent", unit: "%", "connections in use", every: .seconds(60), warn: 80, clear: 60)

    let most: Double
    private var known = KnownVitals()
    private var desk: Desk
    private var episode: EpisodeID?
    private var told: [Int] = []

    init(of most: Double, cooldown: Duration = .zero) {
        self.most = most
        desk = Desk(cooldown: cooldown)
        desk.binding = Binding(ops, onDown: true, onDegraded: true, onRecovered: false)
    }

    /// Until a second.
    mutating func wait(until second: Int) {
        while desk.now < .second(Double(second)) {
            send()
            desk.now = desk.now + .seconds(1)
        }
    }

    mutating func look(at second: Int, _ active: Double) {
        wait(until: second)
        let found = ProbeResult(
            latency: .zero, vitals: [Vital(Self.rule.name, 100 * active / most, unit: "%")])
        let judged = known.judge(found, [Self.rule], keptFor: .seconds(3_600), at: desk.now)
        let isFiring = judged.fault?.cause == .vital
        #expect(isFiring == !known.alarming.isEmpty)
        guard isFiring == (episode == nil) else { return }
        let opened = episode ?? EpisodeID(of: ordersSQL, openedBy: desk.now)
        desk.hear(
            HealthEvent(
                isFiring ? .degraded : .recovered, of: ordersSQL, at: desk.now, episode: opened, reason: nil,
                from: .unknown, to: .unknown))
        episode = isFiring ? opened : nil
        send()
    }

    /// What may be told is told.
    private mutating func send() {
        guard desk.begin() else { return }
        if desk.sent.last?.kind == .degraded { told.append(desk.now.second) }
        desk.finish()
    }

    /// The seconds at which somebody was told that it is nearly full.
    mutating func tickets(until second: Int = 0) -> [Int] {
        wait(until: second)
        return told
    }
}

extension Timestamp {
    fileprivate var second: Int { Int((self - Timestamp.second(0)).microseconds / 1_000_000) }
}

@Suite("Pressure on a pool of connections is told")
struct PressureTests {
    @Test("S27: once above 80 %, and again only after it was below 60 %")
    func rearming() {
        var pool = Pool(of: 10, cooldown: .seconds(300))
        for (index, active) in [8, 9, 9, 7, 9, 6, 5, 9].enumerated() {
            pool.look(at: 600 * (index + 1), Double(active))
        }
        #expect(pool.tickets(until: 6_000) == [1_200, 4_800])
    }

    @Test("S28: above the edge, not on it; re-armed below the other, not on it")
    func edges() {
        var onEdge = Pool(of: 100)
        onEdge.look(at: 60, 80)
        #expect(onEdge.tickets() == [])
        onEdge.look(at: 120, 81)
        #expect(onEdge.tickets() == [120])
        onEdge.look(at: 180, 60)
        onEdge.look(at: 240, 81)
        #expect(onEdge.tickets() == [120])
        onEdge.look(at: 300, 59)
        onEdge.look(at: 360, 81)
        #expect(onEdge.tickets() == [120, 360])
    }

    @Test("S28: a crossing inside the cooldown waits for its end, and is told if it still holds")
    func cooldown() {
        var holding = Pool(of: 100, cooldown: .seconds(300))
        var passing = holding
        for (second, active) in [(60, 85.0), (120, 59), (180, 85)] {
            holding.look(at: second, active)
            passing.look(at: second, active)
        }
        #expect(holding.tickets(until: 350) == [60])
        #expect(holding.tickets(until: 600) == [60, 360])
        passing.look(at: 240, 59)
        #expect(passing.tickets(until: 600) == [60])
    }

    @Test("S29: never of a pool of which one connection is open")
    func idle() {
        var pool = Pool(of: 20)
        pool.look(at: 60, 1)
        #expect(pool.tickets(until: 120) == [])
    }

    @Test("S30: once in an hour in which it lasts, and again when it comes back")
    func lasting() {
        var pool = Pool(of: 100, cooldown: .seconds(300))
        for minute in 1...60 { pool.look(at: minute * 60, 85) }
        #expect(pool.tickets() == [60])
        pool.look(at: 3_660, 59)
        pool.look(at: 3_720, 85)
        #expect(pool.tickets(until: 4_200) == [60, 3_720])
    }
}
