import Testing
import VitalsCore

@Suite("What a pager owes the outbox")
struct PagerEffectTests {
    private let first = EpisodeID(of: ordersSQL, openedBy: .second(0))

    private let down: Notice
    private let degraded: Notice
    private let recovered: Notice
    private var pager = Pager(ordersSQL, ops)

    init() {
        func notice(_ kind: HealthEvent.Kind, _ second: Double) -> Notice {
            let episode = EpisodeID(of: ordersSQL, openedBy: .second(0))
            let event = HealthEvent(
                kind, of: ordersSQL, at: .second(second), episode: episode, reason: nil, from: .healthy,
                to: .unhealthy)
            return Notice(of: event, to: ops, episode: episode)
        }
        degraded = notice(.degraded, 0)
        down = notice(.down, 1)
        recovered = notice(.recovered, 2)
    }

    private mutating func hear(_ notice: Notice) -> [PagerEffect] {
        notice.event.map { pager.apply($0, Binding(ops), at: .second(3)) } ?? []
    }

    private mutating func claim(_ notice: Notice) -> Bool { pager.claim(notice.id, at: .second(3)) }

    private mutating func finish(_ notice: Notice) -> [PagerEffect] {
        pager.finish(notice.id, deliveredAt: .second(3), at: .second(3))
    }

    @Test("a message is ready at once, or when the one before it has ended")
    mutating func ready() {
        expect(hear(down), [.create(down), .ready(down.id)])
        expect(claim(down), true)
        expect(hear(recovered), [.create(recovered)])
        expect(finish(down), [.ready(recovered.id)])
        expect(claim(recovered), true)
        expect(finish(recovered), [])
        #expect(pager == Pager(ordersSQL, ops))
        #expect(pager.isIdle)
    }

    @Test("what is replaced is cancelled before the other is written, and is never sent")
    mutating func replacing() {
        expect(hear(degraded), [.create(degraded), .ready(degraded.id)])
        expect(hear(down), [.cancel(degraded.id), .create(down), .ready(down.id)])
        expect(claim(degraded), false)
        expect(claim(down), true)
    }

    @Test("nothing is sent while another message is on its way")
    mutating func oneAtATime() {
        expect(hear(degraded), [.create(degraded), .ready(degraded.id)])
        expect(claim(degraded), true)
        expect(hear(down), [.create(down)])
        expect(claim(down), false)
        expect(finish(down), [])
        expect(finish(degraded), [.ready(down.id)])
        expect(claim(down), true)
    }

    @Test("the page is closed when the first attempt at its end begins, not when it is written")
    mutating func closing() {
        _ = hear(down)
        #expect(pager.page == Page(episode: first, tellsRecovery: true))
        _ = claim(down)
        #expect(pager.page == Page(episode: first, tellsRecovery: true, told: .down))
        _ = finish(down)
        _ = hear(recovered)
        #expect(pager.page == Page(episode: first, tellsRecovery: true, told: .down))
        _ = claim(recovered)
        #expect(pager.page == nil)
        #expect(!pager.isIdle, "the message is still on its way")
    }

    @Test("a dropped channel cancels what was begun and what waits")
    mutating func dropping() {
        _ = hear(down)
        _ = claim(down)
        _ = hear(recovered)
        expect(pager.drop(), [.cancel(down.id), .cancel(recovered.id)])
        #expect(pager.isIdle)
        expect(finish(down), [])
        expect(claim(recovered), false)
    }

    /// What changes the pager cannot stand inside of the macro.
    private func expect<Value: Equatable>(
        _ value: Value, _ expected: Value, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(value == expected, sourceLocation: location)
    }

    @Test("a notice says what happened, when, why, and under which page")
    func notice() {
        let ended = HealthEvent(
            .ended, of: ordersSQL, at: .second(5), episode: first, reason: "disabled", from: .unhealthy,
            to: .unknown)
        let notice = Notice(of: ended, to: ops, episode: EpisodeID("an earlier one"))
        #expect(notice.id == NotificationID(to: ops, of: ordersSQL.text, event: "ended", at: .second(5)))
        #expect(notice.kind == .ended)
        #expect(notice.at == .second(5))
        #expect(notice.reason == "disabled")
        #expect(notice.episode == EpisodeID("an earlier one"))
        #expect(notice.event == ended)
    }

    @Test("the server speaks of itself without a page, and each reason and time is a message of its own")
    func selfNotice() {
        let notice = Notice(ofItself: "store", to: ops, at: .second(5))
        #expect(notice.kind == .self)
        #expect(notice.reason == "store")
        #expect(notice.episode == nil)
        #expect(notice.event == nil)
        #expect(notice.id == Notice(ofItself: "store", to: ops, at: .second(5)).id)
        #expect(notice.id != Notice(ofItself: "clock", to: ops, at: .second(5)).id)
        #expect(notice.id != Notice(ofItself: "store", to: ops, at: .second(6)).id)
        #expect(notice.id != Notice(ofItself: "store", to: ChannelID("chat"), at: .second(5)).id)
    }
}
