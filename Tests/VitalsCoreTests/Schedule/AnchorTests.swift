import Testing
import VitalsCore
import VitalsTesting

@Suite("Instants follow the boot-time clock")
struct AnchorTests {
    @Test("an instant is the wall clock at the start plus the boot-time clock since then")
    func followsBoot() {
        var anchor = Anchor(wall: .second(0), boot: 7)
        let (instant, step) = anchor.now(wall: .second(5), boot: 5_000_007)
        #expect(instant == .second(5))
        #expect(step == .zero)
    }

    @Test("a clock that is slewed is no clock that jumps: a quarter of a second is let pass")
    func tolerance() {
        var anchor = Anchor(wall: .second(0), boot: 0)
        let within = anchor.now(wall: .second(1.25), boot: 1_000_000)
        #expect(within.instant == .second(1))
        #expect(within.step == .zero)
        let beyond = anchor.now(wall: .second(2.251), boot: 2_000_000)
        #expect(beyond.instant == .second(2.251))
        #expect(beyond.step == .milliseconds(251))
    }

    @Test("a forward step is followed at once, told once, and kept")
    func forwardStep() {
        var anchor = Anchor(wall: .second(0), boot: 0)
        let jump = anchor.now(wall: .second(3_601), boot: 1_000_000)
        #expect(jump.instant == .second(3_601))
        #expect(jump.step == .seconds(3_600))
        let after = anchor.now(wall: .second(3_602), boot: 2_000_000)
        #expect(after.instant == .second(3_602))
        #expect(after.step == .zero)
    }

    @Test("a backward step is not followed until the wall clock has caught up")
    func backwardStep() {
        var anchor = Anchor(wall: .second(0), boot: 0)
        let back = anchor.now(wall: .second(-99), boot: 1_000_000)
        #expect(back.instant == .second(1))
        #expect(back.step == .zero)
        // Put right again ten seconds later: nothing has jumped.
        let caughtUp = anchor.now(wall: .second(11), boot: 11_000_000)
        #expect(caughtUp.instant == .second(11))
        #expect(caughtUp.step == .zero)
        // And beyond: this is the step, counted from where the instants were.
        let ahead = anchor.now(wall: .second(22), boot: 12_000_000)
        #expect(ahead.instant == .second(22))
        #expect(ahead.step == .seconds(10))
    }

    @Test("small steps add up to one")
    func creeping() {
        var anchor = Anchor(wall: .second(0), boot: 0)
        #expect(anchor.now(wall: .second(1.2), boot: 1_000_000).step == .zero)
        #expect(anchor.now(wall: .second(2.4), boot: 2_000_000).step == .milliseconds(400))
    }

    @Test("instants never go back, whatever the clocks do and whoever reads them first", arguments: 1...20)
    func neverGoesBack(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var (wall, boot) = (Timestamp.second(0), Int64(1_000_000_000))
        var anchor = Anchor(wall: wall, boot: boot)
        var last = wall
        for _ in 0..<500 {
            let passed = Int64.random(in: 0...20_000_000, using: &generator)
            boot += passed
            wall = wall + .microseconds(passed)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                wall = wall + .milliseconds(Int.random(in: -5_000_000...5_000_000, using: &generator))
            }
            let before = last + .microseconds(passed)
            let (instant, step) = anchor.now(wall: wall, boot: boot)
            #expect(instant == max(before, step > .zero ? wall : before))
            #expect(step == (wall - before > .milliseconds(250) ? wall - before : .zero))
            // A reading that was taken before this one, and is handed in after it.
            let late = anchor.now(wall: wall - .microseconds(50), boot: boot - 50)
            #expect(late.instant == instant)
            last = instant
        }
    }

    @Test(
        "a start begins after the newest stored instant if that is at most an hour ahead, else is refused",
        arguments: [
            (nil, 0), (-86_400, 0), (-0.000001, 0), (0, 0.000001), (5, 5.000001),
            (3_600, 3_600.000001), (3_600.000001, nil), (86_400, nil),
        ] as [(Double?, Double?)])
    func start(newest: Double?, expected: Double?) {
        let stored = newest.map { Timestamp.second($0) }
        var anchor = Anchor(wall: .second(0), boot: 0, newestStored: stored)
        let (instant, step) = anchor?.now(wall: .second(0), boot: 0) ?? (nil, .zero)
        #expect(instant == expected.map { .second($0) })
        #expect(step == .zero)
    }
}
