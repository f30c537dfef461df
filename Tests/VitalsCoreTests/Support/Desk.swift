import Testing
import VitalsCore

/// A channel's desk: the pager, the binding as it is now, and all that was ever written down or sent.
///
/// It checks what must hold of every step, whatever the test is about.
struct Desk {
    private(set) var pager: Pager
    /// Goes on as the test says; what is held is only sent once it may be.
    var now = Timestamp.second(0)
    var binding: Binding? = Binding(ops)
    /// Messages whose sending was begun, in that order.
    private(set) var sent: [Notice] = []
    /// Pages that were closed without a word, and whether that was as promised.
    private(set) var closedUnsent: [EpisodeID: Bool] = [:]
    /// What each page promised when it was opened.
    private var promises: [EpisodeID: Bool] = [:]
    /// Written down, neither begun nor cancelled.
    private var written: [NotificationID: Notice] = [:]
    private var everWritten: Set<NotificationID> = []
    private var ready: NotificationID?
    /// When what is ready may be sent; nothing: at once.
    private var readyFrom: Timestamp?
    private var lastDelivered: Timestamp?

    init(cooldown: Duration = .zero) {
        pager = Pager(ordersSQL, ops, cooldown: cooldown)
    }

    @discardableResult
    mutating func hear(_ event: HealthEvent) -> [PagerEffect] {
        let before = pager.page
        let effects = pager.apply(event, binding, at: now)
        follow(effects, of: event)
        if let page = pager.page, before == nil {
            promises[page.episode] = binding?.onRecovered
        } else if let before, before.told != nil, pager.page == nil {
            closedUnsent[before.episode] = promises[before.episode] == false
        }
        return effects
    }

    /// The first attempt at what is ready begins.
    ///
    /// - Returns: whether there was something.
    @discardableResult
    mutating func begin() -> Bool {
        guard let id = ready, let notice = written[id], readyFrom ?? now <= now else { return false }
        let isEscalation = notice.kind == .down && pager.page?.told == .degraded
        #expect(
            isEscalation || lastDelivered.map { now >= $0 + pager.cooldown } ?? true,
            "inside the cooldown only an escalation goes out")
        let isEnd = notice.kind == .recovered || notice.kind == .ended
        #expect(
            isEnd || pager.snoozedUntil.map { now >= $0 } ?? true,
            "what is snoozed is told of nothing but the end")
        let (isBegun, isBegunAgain) = (pager.claim(id, at: now), pager.claim(id, at: now))
        #expect(isBegun, "what is ready may be begun")
        #expect(!isBegunAgain, "and only once")
        (ready, readyFrom) = (nil, nil)
        written[id] = nil
        if let page = notice.episode, notice.kind == .recovered || notice.kind == .ended {
            #expect(promises[page] == true, "an end is told where it was promised")
        }
        sent.append(notice)
        return true
    }

    /// The last attempt at what is being sent ends.
    @discardableResult
    mutating func finish(isDelivered: Bool = true) -> [PagerEffect] {
        guard let active = pager.active else { return [] }
        let instant = isDelivered ? now : nil
        if pager.cooldown > .zero { lastDelivered = instant ?? lastDelivered }
        let effects = pager.finish(active, deliveredAt: instant, at: now)
        follow(effects, of: nil)
        let again = pager.finish(active, deliveredAt: instant, at: now)
        #expect(again.isEmpty, "an end is taken in once")
        return effects
    }

    /// Sends all that is to be sent, once it may be.
    mutating func flush() {
        repeat {
            finish()
            if pager.active == nil { now = max(now, readyFrom ?? now) }
        } while begin()
        #expect(written.isEmpty, "nothing stays behind")
    }

    @discardableResult
    mutating func drop() -> [PagerEffect] {
        if let page = pager.page, page.told != nil { closedUnsent[page.episode] = true }
        if let active = pager.active { written[active] = sent.last }
        lastDelivered = nil
        let effects = pager.drop()
        follow(effects, of: nil)
        #expect(pager.isIdle)
        return effects
    }

    /// The process ends and another one begins with what was stored.
    mutating func restart() {
        let waiting = pager.waiting.map {
            Notice(id: $0.id, channel: $0.channel, kind: $0.kind, at: $0.at, episode: $0.episode)
        }
        let page = pager.page.map {
            Page(episode: $0.episode, tellsRecovery: $0.tellsRecovery, told: $0.told)
        }
        pager = Pager(
            ordersSQL, ops, cooldown: pager.cooldown, snoozedUntil: pager.snoozedUntil, page: page,
            active: pager.active, waiting: waiting,
            deliveredAt: pager.deliveredAt)
        #expect(pager.deliveredAt == lastDelivered)
        readyFrom = pager.heldUntil
    }

    /// The channel is given another cooldown.
    mutating func change(cooldown: Duration) {
        follow(cooldown: cooldown, snoozedUntil: pager.snoozedUntil)
        if cooldown == .zero { lastDelivered = nil }
    }

    /// Somebody wants no bad news of it until then; nothing: all of them.
    mutating func snooze(until instant: Timestamp?) {
        follow(cooldown: pager.cooldown, snoozedUntil: instant)
    }

    private mutating func follow(cooldown: Duration, snoozedUntil: Timestamp?) {
        let effects = pager.follow(cooldown: cooldown, snoozedUntil: snoozedUntil, at: now)
        if !effects.isEmpty { (ready, readyFrom) = (nil, nil) }
        follow(effects, of: nil)
    }

    private mutating func follow(_ effects: [PagerEffect], of event: HealthEvent?) {
        for effect in effects {
            switch effect {
            case .create(let notice):
                #expect(everWritten.insert(notice.id).inserted, "no message is written twice")
                #expect(notice.event == event)
                #expect(notice.channel == ops)
                #expect(notice.episode == pager.page?.episode)
                written[notice.id] = notice
            case .cancel(let id):
                #expect(written.removeValue(forKey: id) != nil, "only what was written is cancelled")
                if ready == id { (ready, readyFrom) = (nil, nil) }
            case .ready(let id):
                #expect(written[id] != nil && pager.active == nil && ready == nil)
                ready = id
            case .held(let id, let until):
                #expect(written[id] != nil && pager.active == nil && ready == nil && until > now)
                (ready, readyFrom) = (id, until)
            }
        }
        #expect(Set(written.keys) == Set(pager.waiting.map { [$0.id] } ?? []), "at most one waits")
        #expect((ready == nil) == (pager.waiting == nil || pager.active != nil))
    }
}
