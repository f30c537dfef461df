import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine

@Suite("When people are told of the store")
struct StoreHealthTests {
    private static func at(_ second: Int64) -> Timestamp { Fixture.at(second) }

    @Test("a blip is not told; the third failure is, or the first after 10 s")
    func blip() {
        var health = StoreHealth()
        var told = [0, 1, 2].map { health.failed(as: .unwritable, at: Self.at($0)) }
        #expect(told == [false, false, true])
        health = StoreHealth()
        told = [0, 11].map { health.failed(as: .unwritable, at: Self.at($0)) }
        #expect(told == [false, true])
        health = StoreHealth()
        told = (0..<20).flatMap { [health.failed(as: .unwritable, at: Self.at($0)), health.committed()] }
        #expect(!told.contains(true))
    }

    @Test("damage is told at once, as it does not pass")
    func damage() {
        var health = StoreHealth()
        let told = health.failed(as: .damaged, at: Self.at(0))
        #expect(told)
        #expect(health.isDamaged)
        let isOverTold = health.committed()
        #expect(isOverTold)
        #expect(health.isDamaged)
    }

    @Test("damage that is found in reading is told once an hour, and no commit ends it")
    func damageRead() {
        var health = StoreHealth()
        var told = [0, 1, 3_599, 3_600].map { health.foundDamage(at: Self.at($0)) }
        told.append(health.committed())
        #expect(told == [true, false, false, true, false])
        #expect(health.isWritable(at: Self.at(3_600)))
    }

    @Test("a failing store is told of at most once an hour")
    func onceAnHour() {
        var health = StoreHealth()
        let told = [0, 1, 2, 3, 3_601, 3_602, 3_603].map { health.failed(as: .unwritable, at: Self.at($0)) }
        #expect(told == [false, false, true, false, false, true, false])
    }

    @Test("a commit that hangs for more than 10 s is told of, once, and its end too")
    func hanging() {
        var health = StoreHealth()
        health.began(at: Self.at(0))
        let told = [9, 10, 11, 12].map { health.looked(at: Self.at($0)) }
        #expect(told == [false, false, true, false])
        #expect(!health.isWritable(at: Self.at(12)))
        let ends = [health.committed(), health.committed()]
        #expect(ends == [true, false])
        #expect(health.isWritable(at: Self.at(13)))
    }

    @Test("one that hangs and then fails is told of once")
    func hangsThenFails() {
        var health = StoreHealth()
        health.began(at: Self.at(0))
        let told = [
            health.looked(at: Self.at(11)), health.failed(as: .unwritable, at: Self.at(12)),
            health.failed(as: .unwritable, at: Self.at(30)),
        ]
        #expect(told == [true, false, false])
    }

    @Test("the end is told when the beginning was, and not otherwise")
    func end() {
        var health = StoreHealth()
        var ends: [Bool] = []
        for failures in [1, 3, 4] {
            for _ in 0..<failures { _ = health.failed(as: .unwritable, at: Self.at(0)) }
            ends.append(health.committed())
        }
        #expect(ends == [false, true, false])
    }
}
