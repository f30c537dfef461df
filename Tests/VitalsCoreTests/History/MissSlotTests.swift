import Testing
import VitalsCore

@Suite("A miss is as many slots in an hour as it has there")
struct MissSlotTests {
    private static let id = HealthCheckID("db.sql")

    @Test(
        "slots are as far apart as the first from the second, and one at a border belongs to what it begins")
    func slots() {
        // 0, 10, ..., 90
        let ten = Miss(of: Self.id, from: .second(0), to: .second(90), count: 10, reason: .notRunning)
        let table: [(from: Double, to: Double, count: Int)] = [
            (-100, 0, 0), (-100, 0.5, 1), (0, 10, 1), (0, 10.5, 2), (5, 95, 9), (0, 90, 9), (0, 91, 10),
            (90, 100, 1), (91, 100, 0), (-9, 900, 10), (41, 49, 0),
        ]
        for row in table {
            #expect(ten.slots(in: .second(row.from) ..< .second(row.to)) == row.count, "\(row)")
        }
    }

    @Test("a single one counts where it is")
    func single() {
        let one = Miss(of: Self.id, from: .second(7), to: .second(7), count: 1, reason: .late)
        #expect(one.slots(in: .second(0) ..< .second(7)) == 0)
        #expect(one.slots(in: .second(7) ..< .second(8)) == 1)
        #expect(one.slots(in: .second(8) ..< .second(9)) == 0)
    }

    @Test("whatever the range is cut into, each slot is counted once", arguments: [1, 2, 3, 7, 100])
    func parts(count: Int) {
        let to = Double((count - 1) * 10)
        let miss = Miss(of: Self.id, from: .second(0), to: .second(to), count: count, reason: .late)
        for width in [1.0, 3, 10, 11, 400] {
            var sum = 0
            var from = -5.0
            while from < to + 1 {
                sum += miss.slots(in: .second(from) ..< .second(from + width))
                from += width
            }
            #expect(sum == count, "\(width)")
        }
    }
}
