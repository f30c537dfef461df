import Testing
import VitalsTesting

@testable import VitalsEngine

struct PlacesTests {
    @Test("the limit of a target holds before that of the node is reached")
    func perTarget() {
        var places = Places(total: 10, perTarget: 2, targets: 2, healthChecks: 4)
        let taken = (0..<3).map { places.take($0, of: 0, as: .slots) }
        #expect(taken == [true, true, false])
        #expect(places.waitsForTarget(2))
        let other = places.take(3, of: 1, as: .slots)
        #expect(other)
        places.release(0, hung: false, timedOut: false)
        #expect(places.next() == 2)
    }

    @Test("targets that hang hold half of the places at most, and the others the rest")
    func half() {
        var places = Places(total: 4, perTarget: 4, targets: 2, healthChecks: 8)
        _ = places.take(0, of: 0, as: .slots)
        places.release(0, hung: false, timedOut: true)
        let hanging = (0..<3).map { places.take($0, of: 0, as: .slots) }
        #expect(hanging == [true, true, false])
        let healthy = (3..<6).map { places.take($0, of: 1, as: .slots) }
        #expect(healthy == [true, true, false])
        places.release(1, hung: false, timedOut: false)
        #expect(places.next() == 5)
    }

    @Test("one run that answers and a target does not hang any more")
    func answersAgain() {
        var places = Places(total: 4, perTarget: 4, targets: 1, healthChecks: 2)
        _ = places.take(0, of: 0, as: .slots)
        places.release(0, hung: false, timedOut: true)
        #expect(places.hangs(0))
        _ = places.take(0, of: 0, as: .slots)
        places.release(0, hung: true, timedOut: false)
        #expect(!places.hangs(0))
    }

    @Test("urgent goes first, then slots, and confirmations go last")
    func order() {
        var places = Places(total: 1, perTarget: 1, targets: 4, healthChecks: 4)
        _ = places.take(0, of: 0, as: .slots)
        _ = places.take(1, of: 1, as: .confirmations)
        _ = places.take(2, of: 2, as: .slots)
        _ = places.take(3, of: 3, as: .urgent)
        places.release(0, hung: false, timedOut: false)
        var order: [Int] = []
        while let index = places.next() {
            order.append(index)
            _ = places.take(index, of: index, as: .slots)
            places.release(index, hung: false, timedOut: false)
        }
        #expect(order == [3, 2, 1])
    }

    @Test("a confirmation waits behind slots for its target's place, and behind all slots for any other")
    func confirmationsOfATarget() {
        var places = Places(total: 2, perTarget: 1, targets: 3, healthChecks: 6)
        _ = places.take(0, of: 0, as: .slots)
        _ = places.take(1, of: 1, as: .slots)
        _ = places.take(2, of: 0, as: .confirmations)
        _ = places.take(3, of: 0, as: .slots)
        _ = places.take(4, of: 2, as: .slots)
        places.release(0, hung: false, timedOut: false)
        #expect(places.next() == 4)
        _ = places.take(4, of: 2, as: .slots)
        places.release(2, hung: false, timedOut: false)
        #expect(places.next() == 3)
        _ = places.take(3, of: 0, as: .slots)
        _ = places.take(5, of: 2, as: .slots)
        places.release(0, hung: false, timedOut: false)
        #expect(places.next() == 5)
        #expect(places.next() == 2)
    }

    @Test("a target that hung is looked at again though others always wait")
    func hangingHasItsTurn() {
        var places = Places(total: 2, perTarget: 2, targets: 2, healthChecks: 3)
        _ = places.take(0, of: 0, as: .slots)
        places.release(0, hung: false, timedOut: true)
        _ = places.take(1, of: 1, as: .slots)
        _ = places.take(2, of: 1, as: .slots)
        _ = places.take(0, of: 0, as: .slots)
        var turns = 0
        var busy = 1
        while turns < 100 {
            turns += 1
            _ = places.take(3 - busy, of: 1, as: .slots)
            places.release(1, hung: false, timedOut: false)
            guard let index = places.next(), index != 0 else { break }
            let isTaken = places.take(index, of: 1, as: .slots)
            #expect(isTaken)
            busy = 3 - index
        }
        #expect(turns < 20)
    }

    @Test("every waiter is served in the end, and no limit is ever passed", arguments: 0..<30)
    func walk(seed: UInt64) {
        var walk = PlacesWalk(seed: seed)
        for _ in 0..<2_000 { walk.step() }
        walk.drain()
        #expect(walk.faults == [])
        #expect(walk.waiting.isEmpty)
    }
}

/// Health checks that want places by chance.
private struct PlacesWalk {
    let total: Int
    let perTarget: Int
    let targets: Int
    var places: Places
    var generator: SeededGenerator
    /// Health check to its line.
    var waiting: [Int: Places.Line] = [:]
    var inFlight: [(index: Int, hung: Bool)] = []
    var faults: [String] = []
    let healthChecks = 40

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        total = Int.random(in: 1...12, using: &generator)
        perTarget = Int.random(in: 1...4, using: &generator)
        targets = Int.random(in: 1...10, using: &generator)
        places = Places(total: total, perTarget: perTarget, targets: targets, healthChecks: healthChecks)
    }

    func target(_ index: Int) -> Int { index % targets }

    mutating func step() {
        let index = Int.random(in: 0..<healthChecks, using: &generator)
        if Int.random(in: 0..<3, using: &generator) > 0 {
            guard !inFlight.contains(where: { $0.index == index }) else { return }
            let lines: [Places.Line] = [.urgent, .slots, .slots, .confirmations]
            let line = lines[Int.random(in: 0..<4, using: &generator)]
            want(index, waiting[index] == .urgent ? .urgent : line)
        } else if !inFlight.isEmpty {
            release(Int.random(in: 0..<inFlight.count, using: &generator))
        }
    }

    mutating func want(_ index: Int, _ line: Places.Line) {
        let hangs = places.hangs(target(index))
        guard places.take(index, of: target(index), as: line) else {
            waiting[index] = line
            return
        }
        waiting[index] = nil
        inFlight.append((index, hangs))
        if inFlight.count > total { faults.append("more than \(total) in flight") }
        let ofTarget = inFlight.count { target($0.index) == target(index) }
        if ofTarget > perTarget { faults.append("more than \(perTarget) to a target") }
        let hanging = inFlight.count(where: \.hung)
        if line != .urgent, hangs, hanging > max(1, total / 2) { faults.append("\(hanging) hang") }
    }

    mutating func release(_ place: Int, timedOut: Bool? = nil) {
        let ended = inFlight.remove(at: place)
        let timedOut = timedOut ?? (Int.random(in: 0..<4, using: &generator) == 0)
        places.release(target(ended.index), hung: ended.hung, timedOut: timedOut)
        while let next = places.next() {
            if let line = waiting[next] {
                want(next, line)
            } else {
                places.promote(target(next))
            }
        }
    }

    /// No new wishes; everything in flight ends.
    mutating func drain() {
        for _ in 0..<10_000 where !inFlight.isEmpty { release(0) }
    }
}
