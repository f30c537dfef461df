import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("When which notification is sent")
struct DispatchTests {
    private static let now = Fixture.at(0)
    private static let failed = DeliveryOutcome.failed(httpStatus: 503, message: "no", retryAfter: nil)

    private static func notification(_ id: String, _ channel: String = "ops") -> VitalsEngine.Notification {
        VitalsEngine.Notification(
            id: NotificationID(id), channel: ChannelID(channel), kind: .down, at: now, createdAt: now,
            episode: EpisodeID("E"), healthCheck: HealthCheckID("db.sql"), body: "{}")
    }

    private static func dispatch(_ ids: String..., isBegun: Bool = false) -> Dispatch {
        var dispatch = Dispatch()
        for id in ids { dispatch.add(notification(id), isBegun: isBegun, ended: 0, due: now) }
        return dispatch
    }

    private var generator = SeededGenerator(seed: 1)

    @Test("the first attempt is claimed before anything is sent, and sent once the claim is granted")
    func claim() {
        var dispatch = Self.dispatch("N")
        let id = NotificationID("N")
        #expect(dispatch.tick(at: Self.now) == [.claim(id)])
        #expect(dispatch.tick(at: Self.now) == [])
        #expect(dispatch.claimed(id, isGranted: true) == [.send(Self.notification("N"))])
        #expect(dispatch.claimed(id, isGranted: true) == [])
    }

    @Test("one that was begun before a restart is sent without another claim")
    func begun() {
        var dispatch = Self.dispatch("N", isBegun: true)
        #expect(dispatch.tick(at: Self.now) == [.send(Self.notification("N"))])
    }

    @Test("what falls due together goes in the order of its ids")
    func inOrder() {
        var dispatch = Self.dispatch("D", "B", "A", "C")
        #expect(dispatch.tick(at: Self.now) == ["A", "B", "C", "D"].map { .claim(NotificationID($0)) })
    }

    @Test("a claim that is refused frees its place")
    func refusedClaim() {
        var dispatch = Self.dispatch("A", "B", "C", "D", "E")
        #expect(dispatch.tick(at: Self.now).count == 4)
        #expect(dispatch.claimed(NotificationID("A"), isGranted: false) == [])
        #expect(dispatch.tick(at: Self.now) == [.claim(NotificationID("E"))])
    }

    @Test("four at a time go to a channel, oldest first; another channel has four of its own")
    func lanes() {
        var dispatch = Self.dispatch("F", "E", "D", "C", "B", "A")
        dispatch.add(Self.notification("X", "mail"), isBegun: false, ended: 0, due: Self.now)
        let claimed = dispatch.tick(at: Self.now).compactMap { action -> String? in
            if case .claim(let id) = action { id.text } else { nil }
        }
        #expect(claimed.sorted() == ["A", "B", "C", "D", "X"])
        #expect(dispatch.nextDue == nil)
    }

    @Test("a failed attempt is followed by another of the next number, without a claim, when it is due")
    mutating func retry() throws {
        var dispatch = Self.dispatch("N", isBegun: true)
        var now = Self.now
        for number in 1...5 {
            #expect(dispatch.tick(at: now) == [.send(Self.notification("N"))])
            let ended = dispatch.sent(NotificationID("N"), Self.failed, at: now, using: &generator)
            guard case .ended(let attempt, _)? = ended.first else { return }
            #expect(attempt.number == number)
            let next = try #require(attempt.nextAttemptAt)
            #expect(next > now)
            #expect(dispatch.nextDue == next)
            #expect(dispatch.tick(at: next - .microseconds(1)) == [])
            now = next
        }
    }

    @Test(
        "delivered, refused, or failed for a day: that was the last attempt",
        arguments: [
            (DeliveryOutcome.delivered(httpStatus: 200), Int64(0)),
            (.refused(httpStatus: 410, message: "gone"), 0),
            (failed, 25 * 3_600),
        ])
    func last(outcome: DeliveryOutcome, seconds: Int64) {
        var generator = SeededGenerator(seed: 1)
        var dispatch = Self.dispatch("N", isBegun: true)
        _ = dispatch.tick(at: Self.now)
        let at = Fixture.at(seconds)
        let attempt = Attempt(
            notification: NotificationID("N"), number: 1, at: at, outcome: outcome, nextAttemptAt: nil)
        #expect(
            dispatch.sent(NotificationID("N"), outcome, at: at, using: &generator)
                == [.ended(attempt, of: Self.notification("N"))])
        #expect(dispatch.nextDue == nil)
    }

    @Test("what is cancelled is not sent, and what is on its way leaves its place")
    mutating func cancel() {
        var dispatch = Self.dispatch("A", "B", "C", "D", "E", "F")
        dispatch.cancel(NotificationID("F"))
        _ = dispatch.tick(at: Self.now)
        _ = dispatch.claimed(NotificationID("A"), isGranted: true)
        dispatch.cancel(NotificationID("A"))
        #expect(dispatch.sent(NotificationID("A"), Self.failed, at: Self.now, using: &generator) == [])
        #expect(dispatch.tick(at: Self.now) == [.claim(NotificationID("E"))])
        #expect(dispatch.tick(at: Self.now) == [])
    }

    @Test("no lane is wider than it may be, and all of it is sent in the end", arguments: 0..<20)
    func walk(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var dispatch = Dispatch()
        var now = Self.now
        var busy: [NotificationID: Bool] = [:]
        var open: Set<NotificationID> = []
        for step in 0..<3_000 {
            now = now + .milliseconds(Int.random(in: 0...2_000, using: &generator))
            if step < 2_000, Int.random(in: 0..<3, using: &generator) == 0 {
                let id = "N\(step)"
                dispatch.add(Self.notification(id), isBegun: false, ended: 0, due: now)
                open.insert(NotificationID(id))
            }
            if let id = busy.keys.randomElement(using: &generator), let isSending = busy[id] {
                let isLucky = step >= 2_000 || Bool.random(using: &generator)
                if isSending {
                    busy[id] = nil
                    let outcome = isLucky ? DeliveryOutcome.delivered(httpStatus: nil) : Self.failed
                    let ended = dispatch.sent(id, outcome, at: now, using: &generator)
                    #expect(ended.count == 1)
                    if isLucky { open.remove(id) }
                } else {
                    busy[id] = isLucky ? true : nil
                    #expect(dispatch.claimed(id, isGranted: isLucky).count == (isLucky ? 1 : 0))
                    if !isLucky { open.remove(id) }
                }
            }
            for action in dispatch.tick(at: now) {
                switch action {
                case .claim(let id): busy[id] = false
                case .send(let notification): busy[notification.id] = true
                case .ended: Issue.record("ended by itself")
                }
            }
            #expect(busy.count <= Lane.width)
        }
        #expect(open.count == busy.count || dispatch.nextDue != nil)
        #expect(open.count < 100)
    }
}
