import Testing
import VitalsCore
import VitalsTesting

@Suite("Ids follow from what they name")
struct IdentifierTests {
    private let opening = Timestamp.second(3.12)

    @Test("the same health check and opening run always have the same episode")
    func episodesAreStable() {
        #expect(EpisodeID(of: ordersSQL, openedBy: opening).text == "01M7YRRX9GYS8W0N0NNWX92P5C")
        #expect(EpisodeID(of: ordersSQL, openedBy: opening) == EpisodeID(of: ordersSQL, openedBy: opening))
    }

    @Test("the same event to the same channel always has the same notification")
    func notificationsAreStable() {
        let id = NotificationID(to: ops, of: ordersSQL.text, event: "down", at: opening)
        #expect(id.text == "01M7YRRX9G4ZNSM58DSJ80ZJ4Z")
    }

    @Test("every part of what is named makes another id")
    func partsMatter() {
        let later = opening + .microseconds(1)
        let ids = [
            EpisodeID(of: ordersSQL, openedBy: opening).text,
            EpisodeID(of: ordersSQL, openedBy: later).text,
            EpisodeID(of: HealthCheckID("orders-db.port"), openedBy: opening).text,
            NotificationID(to: ops, of: ordersSQL.text, event: "down", at: opening).text,
            NotificationID(to: ops, of: ordersSQL.text, event: "down", at: later).text,
            NotificationID(to: ops, of: ordersSQL.text, event: "recovered", at: opening).text,
            NotificationID(to: ops, of: "orders-db.port", event: "down", at: opening).text,
            NotificationID(to: ChannelID("chat"), of: ordersSQL.text, event: "down", at: opening).text,
            NotificationID(to: ChannelID(ordersSQL.text), of: "ops", event: "down", at: opening).text,
        ]
        #expect(Set(ids).count == ids.count)
    }

    @Test("an id has 26 digits of Crockford's base 32, whenever it is made")
    func haveTheFormOfAULID() {
        let alphabet = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        for microseconds in [Int64.min, -1, 0, 1, 1_795_255_200_000_000, 281_474_976_710_655_999, .max] {
            let id = EpisodeID(of: ordersSQL, openedBy: Timestamp(microseconds: microseconds))
            #expect(id.text.count == 26)
            #expect(id.text.allSatisfy(alphabet.contains))
            #expect(id.text.first.map { "01234567".contains($0) } == true, "128 bits, not 130")
        }
    }

    @Test("ids sort by time, to the millisecond")
    func sortByTime() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<1_000 {
            let at = Timestamp(microseconds: .random(in: 0...4_000_000_000_000_000, using: &generator))
            let after = at + .milliseconds(Int.random(in: 1...100_000, using: &generator))
            #expect(EpisodeID(of: ordersSQL, openedBy: at) < EpisodeID(of: ordersSQL, openedBy: after))
        }
    }

    @Test("a hundred thousand ids of one millisecond are all different")
    func doNotCollide() {
        let ids = (0..<100_000).map { EpisodeID(of: HealthCheckID("system-\($0).sql"), openedBy: opening) }
        #expect(Set(ids).count == ids.count)
    }

    @Test("a health check is named after its system and its check")
    func healthCheckID() {
        let id = HealthCheckID(system: SystemID("orders-db"), check: CheckID("sql"))
        #expect(id.text == "orders-db.sql")
        #expect("\(id)" == "orders-db.sql")
    }
}
