import Testing
import VitalsCore

/// The words are those of `CooldownRow`; there is no cooldown unless one is given.
@Suite("Of a health check that is snoozed nothing bad is told until the snooze is over")
struct SnoozeTests {
    @Test(
        "while it lasts no page is opened, and when it ends the state as it is",
        arguments: [
            CooldownRow("0 until600, 60 down", "600 down", cooldown: 0),
            CooldownRow("0 until600, 60 degraded", "600 degraded", cooldown: 0),
            CooldownRow("0 until600, 60 degraded, 90 down", "600 down", cooldown: 0),
            CooldownRow("0 until600, 60 down, 90 degraded", "600 degraded", cooldown: 0),
            CooldownRow("0 until600, 599 down", "600 down", cooldown: 0),
            CooldownRow("0 until600, 600 down", "600 down", cooldown: 0),
            CooldownRow("0 until600, 60 down, 900 recovered", "600 down, 900 recovered", cooldown: 0),
        ])
    func held(row: CooldownRow) { row.check() }

    @Test(
        "of what has recovered or ended by then nothing is told at all",
        arguments: [
            CooldownRow("0 until600, 60 down, 90 recovered", "", cooldown: 0),
            CooldownRow("0 until600, 60 degraded, 90 down, 120 ended", "", cooldown: 0),
            CooldownRow("0 until600, 60 down, 90 recovered, 120 down, 150 recovered", "", cooldown: 0),
            CooldownRow("0 until600, 60 down, 90 recovered, 120 degraded", "600 degraded", cooldown: 0),
            CooldownRow("0 until600, 60 stale", "", cooldown: 0),
            CooldownRow("0 until600, 60 down, 90 stale, 120 recovered", "", cooldown: 0),
        ])
    func over(row: CooldownRow) { row.check() }

    @Test(
        "a page that is open is told its end all the same, but nothing worse before the snooze is over",
        arguments: [
            CooldownRow("0 down, 10 until600, 60 recovered", "0 down, 60 recovered", cooldown: 0),
            CooldownRow("0 degraded, 10 until600, 60 ended", "0 degraded, 60 ended", cooldown: 0),
            CooldownRow("0 degraded, 10 until600, 60 down", "0 degraded, 600 down", cooldown: 0),
            CooldownRow("0 degraded, 10 until600, 60 down, 90 degraded", "0 degraded", cooldown: 0),
            CooldownRow(
                "0 degraded, 10 until600, 60 down, 90 recovered", "0 degraded, 90 recovered", cooldown: 0),
            CooldownRow(
                "0 down, 10 until600, 60 recovered, 90 down", "0 down, 60 recovered, 600 down", cooldown: 0),
            CooldownRow("0 down, 10 until600, 60 stale", "0 down, 600 stale", cooldown: 0),
        ])
    func open(row: CooldownRow) { row.check() }

    @Test(
        "it ends, is shortened or prolonged by hand, at once and for what waits too",
        arguments: [
            CooldownRow("0 until600, 60 down, 90 awake", "90 down", cooldown: 0),
            CooldownRow("0 until600, 60 down, 90 until300", "300 down", cooldown: 0),
            CooldownRow("0 until600, 60 down, 90 until900", "900 down", cooldown: 0),
            CooldownRow("0 until600, 60 down, 80 recovered, 90 awake", "", cooldown: 0),
            CooldownRow("0 until600, 60 awake, 90 down", "90 down", cooldown: 0),
        ])
    func changed(row: CooldownRow) { row.check() }

    @Test(
        "a restart changes nothing of it, also one after its end",
        arguments: [
            CooldownRow("0 until600, 60 down, 90 restart", "600 down", cooldown: 0),
            CooldownRow("0 until600, 60 down, 90 restart, 120 recovered", "", cooldown: 0),
            CooldownRow("0 down, 10 until600, 30 restart, 60 recovered", "0 down, 60 recovered", cooldown: 0),
        ])
    func restarted(row: CooldownRow) { row.check() }

    @Test(
        "with a cooldown both have to be over, but the end of what was told waits for the cooldown alone",
        arguments: [
            CooldownRow("0 degraded, 10 until200, 60 down", "0 degraded, 200 down"),
            CooldownRow("0 down, 10 until200, 60 degraded", "0 down, 300 degraded"),
            CooldownRow("0 down, 10 until600, 60 degraded", "0 down, 600 degraded"),
            CooldownRow("0 down, 10 until600, 60 recovered", "0 down, 300 recovered"),
        ])
    func withCooldown(row: CooldownRow) { row.check() }

    @Test(
        "what is on its way already, and is tried again, is not called back",
        arguments: [
            CooldownRow("0 refuses, 0 down, 10 until600, 60 takes", "60 down", cooldown: 0),
            CooldownRow(
                "0 refuses, 0 down, 10 until600, 60 takes, 90 recovered", "60 down, 90 recovered",
                cooldown: 0),
        ])
    func begun(row: CooldownRow) { row.check() }

    @Test("what was to go at once and is snoozed before it does waits too")
    func overtaken() {
        var pager = Pager(ordersSQL, ops)
        let event = HealthEvent(
            .down, of: ordersSQL, at: .second(0), episode: EpisodeID(of: ordersSQL, openedBy: .second(0)),
            reason: nil, from: .healthy, to: .unhealthy)
        _ = pager.apply(event, Binding(ops), at: .second(0))
        guard let waiting = pager.waiting else {
            Issue.record("nothing waits")
            return
        }
        let effects = pager.follow(cooldown: .zero, snoozedUntil: .second(60), at: .second(1))
        #expect(effects == [.held(waiting.id, until: .second(60))])
        let isBegun = pager.claim(waiting.id, at: .second(2))
        #expect(!isBegun)
        #expect(pager.hold(waiting.id, at: .second(2)) == effects)
        let isBegunThen = pager.claim(waiting.id, at: .second(60))
        #expect(isBegunThen)
        #expect(pager.hold(waiting.id, at: .second(60)) == [])
    }
}
