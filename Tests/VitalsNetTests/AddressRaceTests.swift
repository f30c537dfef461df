import Testing

@testable import VitalsNet

@Suite struct AddressRaceTests {
    @Test func oneAddressIsBegunAndThenLost() {
        var race = AddressRace(1)
        #expect(race.proceed() == .begin(0))
        #expect(!race.hasMore)
        #expect(race.pending == [0])
        #expect(race.fail(0, isLasting: false) == .lost)
        #expect(race.pending.isEmpty)
    }

    @Test func noAddressIsLostAtOnce() {
        var race = AddressRace(0)
        #expect(race.proceed() == .lost)
        #expect(race.turn(from: 0) == nil)
    }

    @Test func theNextBeginsAfterTheHeadStartBesideTheOneBefore() {
        var race = AddressRace(3)
        #expect(race.proceed() == .begin(0))
        #expect(race.proceed() == .begin(1))
        #expect(race.pending == [0, 1])
        #expect(race.proceed() == .begin(2))
        #expect(race.proceed() == .wait)
        #expect(race.pending == [0, 1, 2])
    }

    @Test func theNextBeginsAtOnceWhenOneFails() {
        var race = AddressRace(2)
        #expect(race.proceed() == .begin(0))
        #expect(race.fail(0, isLasting: false) == .begin(1))
        #expect(race.fail(1, isLasting: false) == .lost)
    }

    @Test func theRaceIsLostOnlyWithTheLastOneUnderWay() {
        var race = AddressRace(2)
        #expect(race.proceed() == .begin(0))
        #expect(race.proceed() == .begin(1))
        #expect(race.fail(1, isLasting: false) == .wait)
        #expect(race.fail(0, isLasting: false) == .lost)
    }

    @Test func whatWeLackOurselvesBeginsNoOther() {
        var race = AddressRace(4)
        #expect(race.proceed() == .begin(0))
        #expect(race.proceed() == .begin(1))
        #expect(race.fail(1, isLasting: true) == .wait)
        #expect(race.fail(0, isLasting: false) == .lost)
    }

    @Test func silentOnesAreAskedByTurnsAndThoseThatFailedNoMore() {
        var race = AddressRace(3)
        #expect(race.proceed() == .begin(0))
        #expect(race.turn(from: 0) == 1)
        #expect(race.turn(from: 1) == 2)
        #expect(race.turn(from: 2) == 0)
        _ = race.fail(1, isLasting: false)
        #expect(race.turn(from: 0) == 2)
        #expect(race.turn(from: 2) == 0)
        _ = race.fail(0, isLasting: false)
        #expect(race.turn(from: 2) == 2)
        _ = race.fail(2, isLasting: false)
        #expect(race.turn(from: 2) == nil)
    }
}
