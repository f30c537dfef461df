import Testing
import VitalsCore
import VitalsTesting

/// Believes what it is sent, and nothing else.
private struct Receiver {
    private(set) var openPage: EpisodeID?
    private(set) var last: NoticeKind?
    private var lastAt: Timestamp?
    private var ids: Set<NotificationID> = []
    private var ended: Set<EpisodeID> = []

    mutating func receive(_ notice: Notice) {
        #expect(ids.insert(notice.id).inserted, "no message comes twice")
        #expect(lastAt.map { $0 < notice.at } ?? true, "messages come in the order of what they tell")
        lastAt = notice.at
        guard let page = notice.episode else {
            #expect(notice.kind == .stale, "everything else belongs to a page")
            #expect(openPage == nil)
            return
        }
        #expect(!ended.contains(page), "nothing comes after the end of a page")
        switch notice.kind {
        case .recovered, .ended:
            #expect(openPage == page, "an end is told of the page that is open")
            openPage = nil
            ended.insert(page)
        case .down, .degraded, .stale:
            #expect(openPage == nil || openPage == page, "at most one page is open")
            #expect(openPage == nil || last != notice.kind, "what was told last is not told again")
            openPage = page
        case .self:
            Issue.record("the server does not speak of itself here")
        }
        last = notice.kind
    }

    /// The page was closed without a word, as was promised or because the channel was disabled.
    mutating func forgive(_ pages: [EpisodeID: Bool]) {
        guard let page = openPage, let wasPromised = pages[page] else { return }
        #expect(wasPromised, "a page that promised its end was closed without it")
        openPage = nil
    }
}

/// A health check, its channel and the channel's receiver, through whatever happens to them.
private struct Walk {
    private(set) var receiver = Receiver()
    private(set) var desk: Desk
    private(set) var evaluation = Evaluation()
    private var second = 0.0
    private var received = 0
    private var generator: SeededGenerator
    private let keepsBinding: Bool

    /// Every other one with a cooldown.
    init(seed: Int, keepsBinding: Bool) {
        var generator = SeededGenerator(seed: UInt64(seed))
        desk = Desk(cooldown: seed % 2 == 0 ? .zero : .seconds(Int.random(in: 1...40, using: &generator)))
        self.generator = generator
        self.keepsBinding = keepsBinding
    }

    mutating func step() {
        switch Int.random(in: 0..<22, using: &generator) {
        case 0..<10: observe("PPWFFF".randomElement(using: &generator) ?? "P")
        case 10: hear(evaluation.expire(ordersSQL, at: tick()))
        case 11: hear(evaluation.reset(ordersSQL, because: .disabled, at: tick()))
        case 12..<15: desk.begin()
        case 15, 16: desk.finish(isDelivered: Bool.random(using: &generator))
        case 17: desk.restart()
        case 20: desk.snooze(until: desk.now + .seconds(Int.random(in: 1...30, using: &generator)))
        case 21: desk.snooze(until: nil)
        case 18 where !keepsBinding: rebind()
        case 19 where !keepsBinding && Int.random(in: 0..<4, using: &generator) == 0: desk.drop()
        default: break
        }
        deliver()
    }

    /// Everything is sent that is to be sent.
    mutating func flush() {
        desk.flush()
        deliver()
    }

    mutating func flushesNow() -> Bool {
        guard Int.random(in: 0..<10, using: &generator) == 0 else { return false }
        flush()
        return true
    }

    mutating func recover() {
        observe("P")
        flush()
    }

    private mutating func observe(_ letter: Character) {
        guard let finding = Finding(rawValue: letter) else { return }
        let at = Double((tick() - .second(0)).microseconds) / 1_000_000
        let causeClass: CauseClass? = finding == .fail ? .target : finding == .warn ? .partial : nil
        hear(evaluation.apply(finding.run(at: at), causeClass, Thresholds(failure: 2, warn: 2)))
    }

    private mutating func hear(_ effects: [Effect]) {
        for case .event(let event) in effects {
            let wants =
                switch event.kind {
                case .down, .stale: desk.binding?.onDown == true
                case .degraded: desk.binding?.onDegraded == true
                case .recovered, .ended: false
                }
            let hadPage = desk.pager.page != nil
            let isWritten = desk.hear(event).contains { if case .create = $0 { true } else { false } }
            #expect(wants || hadPage || !isWritten, "nothing is told that nobody asked for")
            if event.kind == .down || event.kind == .degraded {
                #expect(!wants || desk.pager.page != nil, "what is asked for opens a page")
                #expect(wants || !isWritten)
            }
        }
    }

    private mutating func deliver() {
        for notice in desk.sent.dropFirst(received) { receiver.receive(notice) }
        received = desk.sent.count
        if desk.pager.page?.episode != receiver.openPage { receiver.forgive(desk.closedUnsent) }
    }

    private mutating func rebind() {
        let flags = (0..<4).map { _ in Bool.random(using: &generator) }
        desk.binding =
            flags[0] ? nil : Binding(ops, onDown: flags[1], onDegraded: flags[2], onRecovered: flags[3])
    }

    private mutating func tick() -> Timestamp {
        // Sending may have taken until now.
        second = max(second, Double((desk.now - .second(0)).microseconds) / 1_000_000) + 1
        desk.now = .second(second)
        return .second(second)
    }
}

@Suite("Whatever paged resolves, whatever happens")
struct PagerWalkTests {
    @Test("every page that was begun is ended once, or closed as was promised", arguments: 1...80)
    func everyPageEnds(seed: Int) {
        var walk = Walk(seed: seed, keepsBinding: false)
        for _ in 0..<300 { walk.step() }
        walk.recover()
        #expect(walk.receiver.openPage == nil)
        #expect(walk.desk.pager.isSilent)
    }

    @Test("once all is sent, a channel that is bound has been told the state as it is", arguments: 1...80)
    func toldTheTruth(seed: Int) {
        var walk = Walk(seed: seed, keepsBinding: true)
        for _ in 0..<300 {
            walk.step()
            guard walk.flushesNow() else { continue }
            let receiver = walk.receiver
            switch walk.evaluation.state {
            case .healthy: #expect(receiver.openPage == nil)
            case .degraded: #expect(receiver.openPage != nil && receiver.last == .degraded)
            case .unhealthy: #expect(receiver.openPage != nil && receiver.last == .down)
            case .unknown: #expect(receiver.openPage == nil || receiver.last == .stale)
            }
            #expect((walk.evaluation.episode == nil) == (receiver.openPage == nil))
        }
        #expect(walk.desk.closedUnsent.isEmpty)
    }
}
